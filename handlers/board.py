"""The newest figures of all units, from the plan and from what was imported since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from handlers.ports import Reports
from knowledge.kpi_model import Figure, Report, Target
from knowledge.text import fold
from knowledge.units import Units

Sees = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Standing:
    """A unit's newest figure with the report it stands in, its newest target, and the figure before."""

    figure: Figure
    as_of: date
    source: str
    published: bool
    target: Target | None
    before: tuple[date, Figure] | None


class Board:
    """All reports that stand. What is not published is shown only to who sees the unit.

    Whether a unit is seen changes its own standing only, so each unit has at most two: worked out once, for who sees
    what is published and for who sees all.
    """

    def __init__(self, reports: Iterable[Report]) -> None:
        ordered = sorted(reports, key=lambda report: report.as_of)
        self.has_internal = any(not report.published for report in ordered)
        self._course: dict[str, list[tuple[Report, Figure]]] = defaultdict(list)
        for report in ordered:
            for unit, figure in report.figures.items():
                self._course[unit].append((report, figure))
        self._published = self._standings(ordered, whole=False)
        all_of_them = self._standings(ordered, whole=True) if self.has_internal else {}
        self._internal = {unit: each for unit, each in all_of_them.items() if each != self._published.get(unit)}

    def _standings(self, ordered: Iterable[Report], *, whole: bool) -> dict[str, Standing]:
        targets: dict[str, Target] = {}
        for report in ordered:
            if whole or report.published:
                targets |= report.targets
        found = {}
        for unit, course in self._course.items():
            seen = (each for each in reversed(course) if whole or each[0].published)
            if last := next(seen, None):
                found[unit] = _standing(last, next(seen, None), targets.get(unit))
        return found

    def seen(self, sees: Sees | None) -> Mapping[str, Standing]:
        """The standings by unit for who ``sees`` some unpublished ones; None: nobody in particular."""
        if sees is None or not self._internal:
            return self._published
        return self._published | {unit: each for unit, each in self._internal.items() if sees(unit)}

    def history(self, unit: str, sees: Sees | None) -> list[tuple[date, Figure]]:
        """The figures of ``unit``, oldest first."""
        whole = sees is not None and sees(unit)
        return [(report.as_of, figure) for report, figure in self._course.get(unit, ()) if report.published or whole]


def _standing(last: tuple[Report, Figure], before: tuple[Report, Figure] | None, target: Target | None) -> Standing:
    report, figure = last
    earlier = (before[0].as_of, before[1]) if before else None
    return Standing(figure, report.as_of, report.source, report.published, target, earlier)


class LiveBoard:
    """The board of the plan's own report and of what was imported since, by whichever process."""

    def __init__(self, plan: Report, reports: Reports | None = None) -> None:
        self._plan = plan
        self._reports = reports
        self._stamp = ""
        self._board = Board([plan])

    @property
    def board(self) -> Board:
        """As of the last ``refresh``."""
        return self._board

    async def refresh(self) -> None:
        """Read what was imported when that has changed."""
        if self._reports is None:
            return
        stamp = await self._reports.stamp()
        if stamp != self._stamp:
            self._board = Board([self._plan, *await self._reports.standing()])
            self._stamp = stamp


def as_report(standings: Mapping[str, Standing]) -> Report:
    """The newest figures and targets as one report, for the arithmetic."""
    return Report(
        id="newest",
        as_of=max((standing.as_of for standing in standings.values()), default=date.min),
        source="",
        published=True,
        figures={unit: standing.figure for unit, standing in standings.items()},
        targets={unit: standing.target for unit, standing in standings.items() if standing.target},
    )


def of_today(unit: str, standings: Mapping[str, Standing], units: Units) -> str:
    """What became of ``unit`` under its own name, when that has newer figures; otherwise ``unit`` itself."""
    old, found = units.by_id[unit], standings.get(unit)
    for after in units.successors(unit):
        new, then = units.by_id[after.unit], standings.get(after.unit)
        same = fold(new.name) == fold(old.name) and new.kind is old.kind
        if same and then is not None and (found is None or then.as_of > found.as_of):
            return new.id
    return unit
