"""The target column: a share, or the wish to keep what was reached."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from knowledge.headers import Headers
from knowledge.intake_check import rounded
from knowledge.intake_model import Cell, Code
from knowledge.kpi_model import Figure
from knowledge.numbers import percent

_WHOLE = 100
_SHARE = re.compile(r"\d+(?:[.,]\d+)?\s*%")
_LEAST = re.compile(r"^\s*(?:>=|=>|≥|>)\s*")  # a target is a least share, with or without the sign


def target_of(cell: Cell, rate: Cell, figure: Figure | None, words: Headers) -> tuple[Decimal, bool] | Code:
    """Percent and whether it is to be kept, or what is wrong with ``cell``. To keep a rate means the share named with
    it ("… (99%)"), else the printed ``rate``, else that of ``figure`` to one decimal."""
    if isinstance(cell, str) and words.is_keep(cell):
        return _kept(cell, rate, figure)
    found = percent(_LEAST.sub("", cell) if isinstance(cell, str) else cell)
    if isinstance(found, Code):
        return found
    return (found, False) if 0 < found <= _WHOLE else Code.BAD_TARGET


def _kept(cell: str, rate: Cell, figure: Figure | None) -> tuple[Decimal, bool] | Code:
    named = _SHARE.search(cell)
    printed = percent(named[0] if named else rate)
    if isinstance(printed, Code):
        if figure is None or not figure.total:
            return Code.BAD_TARGET
        printed = rounded(Fraction(100 * figure.online, figure.total))
    return (printed, True) if 0 <= printed <= _WHOLE else Code.BAD_TARGET
