"""Plan 269: figures and targets of units, indicators, tasks. Its files: see ``load_plan``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date as Day  # noqa: N812 a field is called date
from typing import Generic, TypeVar

from knowledge.kpi_model import Indicator, KpiWords, PlaceWords, PlanTask, Report, UnitKind
from knowledge.text import fold
from knowledge.units import Units

Row = TypeVar("Row", Indicator, PlanTask)


@dataclass(frozen=True, slots=True)
class Document:
    """The plan itself. Figures are as of ``as_of``, targets are due on ``due``; ``url`` may be empty."""

    number: str
    date: Day
    title: str
    url: str
    as_of: Day
    due: Day


@dataclass(frozen=True, slots=True)
class Duty(Generic[Row]):
    """A row that a body leads or else takes part in. ``named``: by its own name, not as one of its level."""

    row: Row
    leads: bool
    named: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """``bodies`` are the words by which the plan names all bodies of a level; ``others`` the bodies that are no units,
    each with what people call it."""

    units: Units
    report: Report
    indicators: dict[str, Indicator]
    tasks: dict[str, PlanTask]
    document: Document
    bodies: Mapping[UnitKind, tuple[str, ...]]
    others: Mapping[str, tuple[str, ...]]
    place_words: PlaceWords
    kpi_words: KpiWords

    def indicators_of(self, who: str) -> tuple[Duty[Indicator], ...]:
        """The indicators that ``who`` (a unit's id, or a body as the plan names it) answers for."""
        return self._duties(self.indicators.values(), who)

    def tasks_of(self, who: str) -> tuple[Duty[PlanTask], ...]:
        """The tasks that ``who`` (a unit's id, or a body as the plan names it) leads or takes part in."""
        return self._duties(self.tasks.values(), who)

    def tasks_due(self, first: Day, last: Day) -> tuple[PlanTask, ...]:
        """The tasks whose deadline is in the days from ``first`` to ``last``, soonest first."""
        due = [(task.due, task) for task in self.tasks.values() if task.due is not None and first <= task.due <= last]
        return tuple(task for _, task in sorted(due, key=lambda pair: pair[0]))

    def _duties(self, rows: Iterable[Row], who: str) -> tuple[Duty[Row], ...]:
        named, levels = self._names(who)
        found = []
        for row in rows:
            leads, partners = _bodies(row.leads), _bodies(row.partners)
            names = leads if leads & (named | levels) else partners
            if names & (named | levels):
                found.append(Duty(row, leads=names is leads, named=bool(names & named)))
        return tuple(found)

    def _names(self, who: str) -> tuple[set[str], set[str]]:
        unit = self.units.by_id.get(who)
        if unit is None:
            return {fold(who)}, set()
        return set(map(fold, (unit.name, *unit.aliases))), set(map(fold, self.bodies.get(unit.kind, ())))


def _bodies(cells: tuple[str, ...]) -> set[str]:
    """The bodies of a cell without their part of the work, which stands in brackets."""
    return {fold(cell.partition(" (")[0]) for cell in cells}
