"""What is worth writing about without being asked: units that fell, and deadlines that come near. Pure rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from handlers.board import Standing
from knowledge import kpi
from knowledge.kpi_model import Report

#: A reminder comes so many days before a deadline.
DAYS_BEFORE = (30, 14, 7, 1)


@dataclass(frozen=True, slots=True)
class Fall:
    """A unit whose newest report is bad news. Rates and target in percent. ``below``: it reached its target before and
    no longer does; ``drop``: the points that it lost, None when it lost none."""

    unit: str
    rate: Fraction
    before: Fraction | None
    target: Fraction | None
    below: bool
    drop: Fraction | None


def fall(unit: str, standing: Standing) -> Fall | None:
    """What is bad news in the newest figure of ``unit``; None when nothing is."""
    rate = kpi.rate(standing.figure)
    if rate is None:
        return None
    before = kpi.rate(standing.before[1]) if standing.before else None
    target = Fraction(standing.target.percent) if standing.target else None
    below = target is not None and rate < target and (before is None or before >= target)
    drop = before - rate if before is not None and before > rate else None
    return Fall(unit, rate, before, target, below, drop) if below or drop else None


def fallen(report: Report, standings: Mapping[str, Standing], units: Iterable[str], limit: int) -> list[Fall]:
    """Of ``units`` those that ``report`` puts below their target or drops by more than ``limit`` points, the deepest
    first. A report that is not a unit's newest is no news of it."""
    found = []
    for unit in units:
        standing = standings.get(unit)
        if standing is None or standing.as_of != report.as_of or report.figures.get(unit) != standing.figure:
            continue
        news = fall(unit, standing)
        if news is not None and (news.below or (news.drop or 0) > limit):
            found.append(news)
    return sorted(found, key=lambda news: -(news.drop or 0))


def step_before(due: date, today: date) -> int | None:
    """Which of DAYS_BEFORE has come for a deadline; None when it is far or over. A step that was missed, because
    nothing ran on its day, still counts on the next one."""
    left = (due - today).days
    return min((step for step in DAYS_BEFORE if 0 <= left <= step), default=None)
