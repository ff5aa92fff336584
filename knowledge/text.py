"""Vietnamese text as the search sees it: folding, tones, tokens."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_DBAR = {"\u0111": "d", "\u0110": "D"}
_TOKEN = re.compile(r"\d+(?:[./]\d+)*|[^\W_]+")


def clean(text: str) -> str:
    """NFC, without control and format characters, white space folded."""
    kept = "".join(
        " " if unicodedata.category(char) in ("Cc", "Zl", "Zp") else char for char in text if not _hidden(char)
    )
    return unicodedata.normalize("NFC", " ".join(kept.split()))


def _hidden(char: str) -> bool:
    return unicodedata.category(char) in ("Cf", "Co", "Cs", "Cn")


def tokens(text: str) -> list[str]:
    """Lower-case words and numbers with their diacritics; "1.004222" and "53/2025" stay whole."""
    return _TOKEN.findall(unicodedata.normalize("NFC", text).lower())


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Lower case without any diacritic: the way people type on a hurried phone."""
    marked = unicodedata.normalize("NFD", text.lower())
    return "".join(_DBAR.get(char, char) for char in marked if not unicodedata.combining(char))


@lru_cache(maxsize=65536)
def sound(token: str) -> str:
    """``token`` with its tone moved to the end, so that both ways of placing it are one."""
    marked = unicodedata.normalize("NFD", token.lower())
    tones = "".join(char for char in marked if char in _TONES)
    return unicodedata.normalize("NFC", "".join(char for char in marked if char not in _TONES)) + tones


def accented(token: str) -> bool:
    """Whether ``token`` shows a Vietnamese diacritic."""
    return fold(token) != token.lower()


def is_accented(words: list[str]) -> bool:
    """Whether the writer uses diacritics, so that a bare word is meant bare. Text of one bare word is not telling."""
    letters = [word for word in words if word.isalpha()]
    return sum(map(accented, letters)) * 3 >= len(letters) > 0
