"""Numbers as officers type them, in Vietnamese ("1.221", "42,9%") and English notation ("1,221", "42.9 %")."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from knowledge.intake_model import Cell, Code

#: More dossiers than the whole country files in a year: a slip of the keyboard.
LARGEST_COUNT = 10**9
#: A computed cell carries the noise of binary fractions (0.57 * 100 is 56.99999999999999).
_NOISE = Decimal("1e-9")
_PLACES = Decimal("1e-6")

_SPACE = re.compile(r"\s+")
_PLAIN = re.compile(r"\d+")
#: Thousands in threes, all parted by the same sign; a decimal part after the other sign.
_GROUPED = re.compile(
    r"([1-9]\d{0,2}(?:(?P<sign>[.,' \u2019])\d{3})(?:(?P=sign)\d{3})*)(?:(?!(?P=sign))[.,](?P<part>\d+))?"
)
_DECIMAL = re.compile(r"(\d+)[.,](\d+)")
_NOTHING = frozenset(("", "-", "--", "---", "x", "...", "/", "_", "n/a", "na"))
_LONGEST_NOTHING = max(map(len, _NOTHING))


def is_blank(cell: Cell) -> bool:
    """Whether nothing stands in ``cell``, or only a mark for nothing ("-", "x", "…")."""
    if not isinstance(cell, str):
        return False
    text = cell.strip()
    return not text or (len(text) <= _LONGEST_NOTHING and _tidy(text).lower() in _NOTHING)


def count(cell: Cell) -> int | Code:
    """A number of dossiers, or why it is none. "1.221" and "1,221" are 1221; "1,5" is no count."""
    if is_blank(cell):
        return Code.MISSING
    number = _number(cell) if not isinstance(cell, str) else _counted(_tidy(cell))
    if isinstance(number, Code):
        return number
    if number < 0:
        return Code.NEGATIVE
    whole = int(number.to_integral_value())
    if abs(number - whole) > _NOISE:
        return Code.NOT_WHOLE
    return whole if whole <= LARGEST_COUNT else Code.TOO_LARGE


def percent(cell: Cell) -> Decimal | Code:
    """A share in percent, or why it is none. Without a percent sign, 1 and less is a fraction: 0.429 is 42.9 %."""
    if is_blank(cell):
        return Code.MISSING
    if not isinstance(cell, str):
        found, signed = _number(cell), False
    else:
        text = _tidy(cell)
        signed = text.endswith("%")
        found = _share(text.removesuffix("%").rstrip())
    if isinstance(found, Code):
        return found
    if found < 0:
        return Code.NEGATIVE
    if not signed and found <= 1:
        found *= 100
    return _simple(found)


def _tidy(text: str) -> str:
    """``text`` with plain blanks, hyphens and digits ("５" is 5, U+2212 is a minus)."""
    if text.isascii():
        return " ".join(text.split()) if not text.isalnum() else text
    normal = unicodedata.normalize("NFKC", text).translate({0x2212: "-", 0x2010: "-", 0x2013: "-", 0x2014: "-"})
    return _SPACE.sub(" ", normal).strip()


def _number(number: float) -> Decimal | Code:
    try:
        exact = Decimal(repr(number)) if not isinstance(number, bool) else None
    except ArithmeticError:
        exact = None
    return exact if exact is not None and exact.is_finite() else Code.NOT_A_NUMBER


def _signed(text: str) -> tuple[int, str]:
    """The sign of ``text`` and the rest of it. Accountants write a loss in parentheses."""
    if text.startswith("(") and text.endswith(")"):
        return -1, text[1:-1].strip()
    if text.startswith(("-", "+")):
        return (-1 if text[0] == "-" else 1), text[1:].strip()
    return 1, text


def _counted(text: str) -> Decimal | Code:
    sign, digits = _signed(text)
    if _PLAIN.fullmatch(digits):
        return sign * Decimal(digits)
    if grouped := _GROUPED.fullmatch(digits):
        whole = "".join(filter(str.isdigit, grouped[1]))
        return sign * Decimal(f"{whole}.{grouped['part'] or 0}")
    if decimal := _DECIMAL.fullmatch(digits):
        return sign * Decimal(f"{decimal[1]}.{decimal[2]}")
    return Code.NOT_A_NUMBER


def _share(text: str) -> Decimal | Code:
    """Shares have no thousands: "12.345" is twelve and a bit."""
    sign, digits = _signed(text)
    if _PLAIN.fullmatch(digits):
        return sign * Decimal(digits)
    if decimal := _DECIMAL.fullmatch(digits):
        return sign * Decimal(f"{decimal[1]}.{decimal[2]}")
    return Code.NOT_A_NUMBER


def _simple(number: Decimal) -> Decimal:
    """``number`` without noise and without noughts at its end."""
    rounded = number.quantize(_PLACES) if number.adjusted() < 15 else number  # noqa: PLR2004 the precision is 28
    whole = rounded.to_integral_value()
    return whole if whole == rounded else rounded.normalize()
