"""What is odd about figures that are well-formed: against each other, the printed rate, and the report before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from knowledge.intake_model import Cell, Code, DatedFigure, RowProblem
from knowledge.kpi_model import Figure
from knowledge.numbers import percent

#: In percentage points.
JUMP = 30
#: A unit with fewer dossiers doubles them by chance.
FEW = 10
#: Printed rates are rounded or cut off at their last place; at least so much, in points, is forgiven.
_FORGIVEN = Decimal("0.1")
_ONE_PLACE = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Row:
    """A row whose counts could be read; ``figure.unit`` is "" when its unit is not known."""

    number: int
    name: str
    figure: Figure
    rate: Cell


def swapped(rows: Sequence[Row], header: int) -> tuple[RowProblem, ...]:
    """More than half of the rows, and two at least, show more online dossiers than dossiers: columns are swapped."""
    above = sum(row.figure.online > row.figure.total for row in rows)
    if above < 2 or above * 2 <= len(rows):  # noqa: PLR2004 one row is a slip, not a pattern
        return ()
    return (RowProblem(header, Code.SWAPPED, {"rows": above}),)


def compare(row: Row, previous: DatedFigure | None, as_of: date) -> Iterator[RowProblem]:
    """Oddities of one row. Figures count from the first of January, so that they can only rise within a year; a report
    of the same day may set right what an earlier one had wrong."""
    figure = row.figure
    if figure.online > figure.total:
        return
    if figure.total and not _fits(row.rate, figure):
        values = {"name": row.name, "printed": str(row.rate), "rate": rounded(_rate(figure))}
        yield RowProblem(row.number, Code.RATE_DIFFERS, values)
    if previous is None:
        return
    before = previous.figure
    if previous.as_of.year == as_of.year and previous.as_of < as_of:
        yield from _course(row, before)
    if before.total and figure.total and abs(_rate(figure) - _rate(before)) > JUMP:
        values = {"name": row.name, "before": rounded(_rate(before)), "after": rounded(_rate(figure))}
        yield RowProblem(row.number, Code.RATE_JUMPED, values)


def rounded(rate: Fraction) -> Decimal:
    """``rate`` with one decimal, halves up, as reports print it."""
    return (Decimal(rate.numerator) / rate.denominator).quantize(_ONE_PLACE, ROUND_HALF_UP)


def _course(row: Row, before: Figure) -> Iterator[RowProblem]:
    after = row.figure
    if after.total < before.total:
        yield _step(row, Code.TOTAL_FELL, before.total, after.total)
    elif after.online < before.online:
        yield _step(row, Code.ONLINE_FELL, before.online, after.online)
    if after.total > 2 * before.total and after.total > FEW:
        yield _step(row, Code.TOTAL_JUMPED, before.total, after.total)


def _step(row: Row, code: Code, before: int, after: int) -> RowProblem:
    return RowProblem(row.number, code, {"name": row.name, "before": before, "after": after})


def _rate(figure: Figure) -> Fraction:
    return Fraction(100 * figure.online, figure.total)


def _fits(cell: Cell, figure: Figure) -> bool:
    """Whether a printed rate is that of the counts. Blank, or words: nothing to compare."""
    printed = percent(cell)
    if isinstance(printed, Code):
        return printed is not Code.NEGATIVE
    return _is_near(printed, figure) or _is_near(printed / 100, figure)


def _is_near(printed: Decimal, figure: Figure) -> bool:
    exponent = printed.as_tuple().exponent
    last_place = Decimal(1).scaleb(min(0, exponent)) if isinstance(exponent, int) else _FORGIVEN
    return abs(printed * figure.total - 100 * figure.online) <= max(last_place, _FORGIVEN) * figure.total
