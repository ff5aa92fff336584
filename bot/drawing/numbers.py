"""Numbers as Vietnamese write them: comma decimals, points between thousands, day/month/year."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from handlers.pictures import Bar

TENTH = Decimal("0.1")
MINUS = "\N{MINUS SIGN}"


def percent(value: Decimal) -> str:
    """ "42,9%": one decimal, halves up."""
    return f"{value.quantize(TENTH, ROUND_HALF_UP)}%".replace(".", ",")


def target_percent(value: Decimal) -> str:
    """ "60%", "42,9%": a target without the decimal it does not have."""
    return percent(value).replace(",0%", "%")


def bar_percent(bar: Bar) -> str:
    """The rate of ``bar``; with two decimals where one would round it up to a target it misses. "" without a rate."""
    if bar.rate is None:
        return ""
    rounded = bar.rate.quantize(TENTH, ROUND_HALF_UP)
    if bar.is_reached is False and bar.target is not None and rounded >= bar.target:
        return f"{bar.rate.quantize(Decimal('0.01'), ROUND_DOWN)}%".replace(".", ",")
    return percent(bar.rate)


def points(value: Decimal) -> str:
    """ "+2,3", "−17,1": a difference in percentage points, with its sign; "−0,0" where a little is missing."""
    rounded = value.quantize(TENTH, ROUND_HALF_UP)
    sign = MINUS if value < 0 else "+" if rounded > 0 else ""
    return f"{sign}{abs(rounded)}".replace(".", ",")


def count(value: int) -> str:
    """ "1.221"."""
    return f"{value:,}".replace(",", ".")


def day(value: date) -> str:
    """ "31/12/2023"; "5/1/2024"."""
    return f"{value.day}/{value.month}/{value.year}"
