"""Codes that an officer types once: made, written in groups, and read however they were typed."""

from __future__ import annotations

import re
import secrets

#: No look-alikes, and no letter that a Vietnamese keyboard joins to another one (vowels, d, w).
ALPHABET = "23456789BCFGHJKMNPQRSTVXZ"
#: 55 bits: who steals the database cannot try all before an invitation expires.
LENGTH = 12
GROUP = 4

_BETWEEN = re.compile(r"[\s\-\u2010-\u2015._]+")
_CODE = re.compile(rf"[{ALPHABET}]{{{LENGTH}}}")


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def grouped(code: str) -> str:
    """ "BCFG-HJKM-2345": the way it is shown."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def read_code(text: str) -> str | None:
    """The code that ``text`` is, in whatever letters and groups; None when it cannot be one."""
    code = _BETWEEN.sub("", text).upper()
    return code if _CODE.fullmatch(code) else None
