"""New figures on their way in: what is said about a table, what it is checked against, what of it would be stored."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from handlers.ports import Now, Reports
from handlers.reports import Draft
from handlers.tables import Line
from handlers.words import word
from knowledge.days import above_table, as_of_in, as_of_name, due_in, last_month_end, month_ends, source_in
from knowledge.headers import without_number
from knowledge.intake import Occasion, read
from knowledge.intake_model import Code, DatedFigure, Intake, RowProblem, Sheet, dated
from knowledge.intake_units import RowUnits, UnitNames
from knowledge.kpi_model import Target, Unit, UnitKind
from knowledge.plan import Plan

Takes = Callable[[str], bool]

#: How long a table waits for its day to be named.
LASTS = timedelta(minutes=30)
#: So many tables wait at once; the oldest give way.
MOST_WAITING = 32
LIKELY_DAYS = 4


@dataclass(frozen=True, slots=True)
class Table:
    """A table that was sent, with what its sender said about it."""

    sheet: Sheet
    name: str
    caption: str = ""

    def day(self, today: date) -> date | None:
        """The day that the figures count up to: by the caption, else above the table, else by the file's name."""
        return as_of_in(self.caption, today) or as_of_in(self._above) or as_of_name(self.name)

    def due(self, as_of: date) -> date:
        """When the targets are due: as the caption or the heading says, else at the end of the year."""
        return due_in(self.caption) or due_in(self._above) or date(as_of.year, 12, 31)

    def source(self) -> str:
        return source_in(self.caption) or word("intake.source", name=self.name)

    def likely_days(self, today: date) -> tuple[date, ...]:
        """What the day may be, the likeliest first."""
        named = month_ends("\n".join((self.caption, self._above, self.name)))
        days = dict.fromkeys((*named, last_month_end(today), today))
        return tuple(day for day in days if day <= today)[:LIKELY_DAYS]

    @property
    def _above(self) -> str:
        return above_table(self.sheet.rows)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a table says, beside the last figures before it."""

    name: str
    as_of: date
    due: date
    source: str
    intake: Intake
    previous: Mapping[str, DatedFigure]

    @property
    def is_empty(self) -> bool:
        return not (self.intake.figures or self.intake.targets)

    def draft(self, *, published: bool) -> Draft:
        return Draft(self.as_of, self.source, published, self.intake.figures, self.intake.targets)


class Checker:
    """Checks tables against the units, the plan's figures and what was imported since."""

    def __init__(self, plan: Plan, reports: Reports) -> None:
        self._plan = plan
        self._reports = reports
        self._names = UnitNames(plan.units, plan.place_words)

    async def check(
        self, table: Table, as_of: date, takes: Takes, due: date | None = None, source: str = ""
    ) -> Checked:
        """``takes``: whose figures may be brought; nothing of others is told. A large table takes a while, which is
        spent off the event loop."""
        due, source = due or table.due(as_of), source or table.source()
        previous = {unit: one for unit, one in (await self._before(as_of)).items() if takes(unit)}
        find = RowUnits(self._names, as_of)
        found = await asyncio.to_thread(read, table.sheet, find, Occasion(as_of, due, source, previous, takes))
        problems = tuple(self._explained(problem, find) for problem in found.problems)
        return Checked(table.name, as_of, due, source, replace(found, problems=problems), previous)

    async def _before(self, day: date) -> dict[str, DatedFigure]:
        plan = self._plan.report
        before = dated(plan) if plan.as_of <= day else {}
        for unit, one in (await self._reports.latest(day, internal=True)).items():
            if unit not in before or one.as_of >= before[unit].as_of:
                before[unit] = one
        return before

    def _explained(self, problem: RowProblem, find: RowUnits) -> RowProblem:
        """A unit that is not known may be known at another time."""
        if problem.code is not Code.UNKNOWN_UNIT:
            return problem
        others = find.of_other_times(without_number(str(problem.values["name"])).strip(" :;,"))
        return replace(problem, values={**problem.values, "other_times": tuple(others)})


class Waiting:
    """The tables whose day is asked for, one for each officer. They end with the process."""

    def __init__(self, now: Now) -> None:
        self._now = now
        self._tables: dict[str, tuple[datetime, Table]] = {}

    def keep(self, who: str, table: Table) -> None:
        self._tables.pop(who, None)
        self._tables[who] = self._now() + LASTS, table
        while len(self._tables) > MOST_WAITING:
            del self._tables[next(iter(self._tables))]

    def of(self, who: str) -> Table | None:
        until, table = self._tables.get(who, (None, None))
        return table if until is not None and self._now() < until else None

    def forget(self, who: str) -> None:
        self._tables.pop(who, None)


async def blank_rows(plan: Plan, reports: Reports, today: date, takes: Takes) -> list[Line]:
    """The rows of a table to fill in: the units of today, level by level, with their targets that are not due yet."""
    units = [unit for unit in plan.units.today(today) if takes(unit.id) and unit.kind is not UnitKind.PROVINCE]
    known = (*plan.report.targets.values(), *await reports.targets(internal=True))
    targets = {target.unit: target for target in known if target.due >= today}
    levels = list(UnitKind)
    units.sort(key=lambda unit: levels.index(unit.kind))
    return [_blank(unit, targets.get(unit.id)) for unit in units]


def _blank(unit: Unit, target: Target | None) -> Line:
    return Line(unit.title, target=target.percent, keep=target.keep) if target else Line(unit.title)
