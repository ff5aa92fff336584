"""The newest figures of all units, from the plan and from what was imported since."""

from __future__ import annotations

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
    """All reports that stand, oldest first. What is not published is shown only to who sees the unit."""

    def __init__(self, reports: Iterable[Report]) -> None:
        self._reports = sorted(reports, key=lambda report: report.as_of)
        self._published = self._latest(lambda _: False)

    @property
    def has_internal(self) -> bool:
        return any(not report.published for report in self._reports)

    def seen(self, sees: Sees | None) -> Mapping[str, Standing]:
        """The standings by unit for who ``sees`` some unpublished ones; None: nobody in particular."""
        return self._published if sees is None or not self.has_internal else self._latest(sees)

    def history(self, unit: str, sees: Sees | None) -> list[tuple[date, Figure]]:
        """The figures of ``unit``, oldest first."""
        return [
            (report.as_of, report.figures[unit])
            for report in self._reports
            if unit in report.figures and (report.published or (sees is not None and sees(unit)))
        ]

    def _latest(self, sees: Sees) -> dict[str, Standing]:
        found: dict[str, Standing] = {}
        targets: dict[str, Target] = {}
        for report in self._reports:
            shown = {unit for unit in (*report.figures, *report.targets) if report.published or sees(unit)}
            targets |= {unit: target for unit, target in report.targets.items() if unit in shown}
            for unit in shown & report.figures.keys():
                last = found.get(unit)
                found[unit] = Standing(
                    figure=report.figures[unit],
                    as_of=report.as_of,
                    source=report.source,
                    published=report.published,
                    target=None,
                    before=(last.as_of, last.figure) if last else None,
                )
        return {unit: _with(standing, targets.get(unit)) for unit, standing in found.items()}


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


def _with(standing: Standing, target: Target | None) -> Standing:
    return Standing(standing.figure, standing.as_of, standing.source, standing.published, target, standing.before)


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
