"""The arithmetic of online rates: rate, gap to the target, what is needed, roll-ups and ranks.

Everything is reckoned with whole dossiers and exact fractions; rounding is left to whoever shows a figure. A unit
without dossiers has no rate, which is not a rate of nought.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from knowledge.kpi_model import Figure, Report, Target

#: Rates to be kept are stored cut to so much (see ``load_plan``).
CUT = Fraction(1, 10_000)


def rate(figure: Figure) -> Fraction | None:
    """The online share of ``figure`` in percent, or None when it has no dossiers."""
    return Fraction(100 * figure.online, figure.total) if figure.total else None


def gap(figure: Figure, target: Target) -> Fraction | None:
    """Percentage points from the target to the rate: negative when it is not reached, None when there is no rate.

    None at all from a rate that is kept to itself, though a kept rate is stored cut off.
    """
    reached = rate(figure)
    distance = None if reached is None else reached - Fraction(target.percent)
    return Fraction(0) if distance is not None and target.keep and 0 <= distance < CUT else distance


def is_reached(figure: Figure, target: Target) -> bool | None:
    """Whether the rate is at least the target; None when there is no rate."""
    distance = gap(figure, target)
    return None if distance is None else distance >= 0


def needed_same_total(figure: Figure, target: Target) -> int | None:
    """The least number of dossiers that must be online in addition when the total stays; None when none is known."""
    if not figure.total:
        return None
    return max(0, _up(Fraction(target.percent) * figure.total / 100) - figure.online)


def needed_new(figure: Figure, target: Target) -> int | None:
    """The least number of further dossiers, all filed online, that bring the rate to the target. None when no number
    does (a target of 100 % and a dossier on paper) or nothing is known."""
    share = Fraction(target.percent) / 100
    if not figure.total:
        return None
    missing = share * figure.total - figure.online
    if missing <= 0:
        return 0
    return None if share >= 1 else _up(missing / (1 - share))


def _up(value: Fraction) -> int:
    return -(-value.numerator // value.denominator)


@dataclass(frozen=True, slots=True)
class Pace:
    """Between two reports: new dossiers a day and those of them filed online (either may be negative)."""

    since: date
    days: int
    new: Fraction
    online: Fraction


def pace(earlier: tuple[date, Figure], later: tuple[date, Figure]) -> Pace | None:
    """The pace from one report to a later one, or None when no day lies between."""
    days = (later[0] - earlier[0]).days
    if days <= 0:
        return None
    return Pace(
        earlier[0],
        days,
        Fraction(later[1].total - earlier[1].total, days),
        Fraction(later[1].online - earlier[1].online, days),
    )


def is_plausible(figure: Figure, target: Target, at: Pace, today: date) -> bool | None:
    """Whether the target is reached on its day if all goes on at this pace; None when that day is over."""
    days = (target.due - today).days
    if days < 0:
        return None
    then = Figure(figure.unit, int(figure.total + at.new * days), int(figure.online + at.online * days))
    return bool(is_reached(then, target))


def rolled_up(unit: str, figures: Iterable[Figure]) -> Figure:
    """All ``figures`` together as one of ``unit``: sums, never a mean of rates."""
    listed = list(figures)
    return Figure(unit, sum(f.total for f in listed), sum(f.online for f in listed))


@dataclass(frozen=True, slots=True)
class Ranked:
    """Units in order, each with its value, and those that have none."""

    order: tuple[tuple[str, Fraction], ...]
    without: tuple[str, ...]


Measure = Callable[[str], Fraction | int | None]


def ranked(units: Sequence[str], measure: Measure, *, ascending: bool = False) -> Ranked:
    """``units`` by ``measure``, the highest first unless ``ascending``; equal ones stay in the given order."""
    values = {unit: measure(unit) for unit in units}
    known = [(unit, Fraction(value)) for unit, value in values.items() if value is not None]
    order = sorted(known, key=lambda pair: (float(pair[1]), pair[1]), reverse=not ascending)  # floats compare faster
    return Ranked(tuple(order), tuple(unit for unit, value in values.items() if value is None))


def place(unit: str, ranking: Ranked) -> int | None:
    """The place from 1 of ``unit``; equal values share the better place."""
    values = dict(ranking.order)
    if unit not in values:
        return None
    return next(n for n, (_, value) in enumerate(ranking.order, 1) if value == values[unit])


def below_target(report: Report, units: Iterable[str]) -> tuple[tuple[str, Fraction], ...]:
    """The ``units`` that do not reach their target with their gaps, the widest gap first."""
    found = []
    for unit in units:
        figure, target = report.figures.get(unit), report.targets.get(unit)
        distance = gap(figure, target) if figure and target else None
        if distance is not None and distance < 0:
            found.append((unit, distance))
    return tuple(sorted(found, key=lambda pair: (float(pair[1]), pair[1])))


def measures(report: Report) -> Mapping[str, Measure]:
    """What units can be ranked by, by name. Rate and gap in percent and points, the others in dossiers."""

    def of(unit: str, worked: Callable[[Figure], Fraction | int | None]) -> Fraction | int | None:
        figure = report.figures.get(unit)
        return worked(figure) if figure else None

    def against(unit: str, worked: Callable[[Figure, Target], Fraction | int | None]) -> Fraction | int | None:
        target = report.targets.get(unit)
        return of(unit, lambda figure: worked(figure, target)) if target else None

    return {
        "rate": lambda unit: of(unit, rate),
        "gap": lambda unit: against(unit, gap),
        "needed": lambda unit: against(unit, needed_same_total),
        "total": lambda unit: of(unit, lambda figure: figure.total),
        "online": lambda unit: of(unit, lambda figure: figure.online),
        "offline": lambda unit: of(unit, lambda figure: figure.total - figure.online),
    }


def exact(value: Fraction) -> Decimal:
    """``value`` with as many places as a decimal has, for who draws or rounds it."""
    return Decimal(value.numerator) / Decimal(value.denominator)


def rounded(value: Fraction, places: int = 1) -> Decimal:
    """``value`` rounded half up (away from nought), as it is shown."""
    whole: int = math.floor(abs(value) * 10**places + Fraction(1, 2))
    return Decimal(whole if value >= 0 else -whole).scaleb(-places)
