"""Reads the plan that sets the targets of units. Everything wrong with its files is found in one run.

- plan/plan.toml: the plan's number and dates, and its words for all bodies of a level
- plan/appendix-1.toml: [groups] and [[indicator]]; plan/appendix-2.toml: [groups] and [[task]]
- plan/appendix-3.csv: dossiers of each unit, with rate and target as printed; ``note`` "swapped" tells that the source
  prints total and online in each other's column, and that they were set right here
- plan/words.toml: how people ask for figures, targets and tasks
- units/words.toml: how people write what kind of unit they mean; the rest of units/: see ``load_units``
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import date as Day  # noqa: N812 a field is called date
from decimal import ROUND_DOWN, Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import ConfigDict, Field, StringConstraints, TypeAdapter, with_config

from knowledge.kpi_model import Cue, Figure, Indicator, KpiWords, PlaceWords, PlanTask, Report, Target, UnitKind
from knowledge.load_units import UnitsReader, slug
from knowledge.plan import Document, Plan
from knowledge.reading import ContentError, Reader
from knowledge.text import fold
from knowledge.units import Units

Item = TypeVar("Item", Indicator, PlanTask)

_COLUMNS = ("row", "unit", "total", "online", "printed_rate", "printed_target", "note")
_STRICT = with_config(ConfigDict(extra="forbid"))
_Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
_Names = tuple[_Text, ...]
_Count = Annotated[str, StringConstraints(pattern=r"^\d{1,12}$")]
_Percent = Annotated[str, StringConstraints(pattern=r"^(100(\.0+)?|\d{1,2}(\.\d+)?)%$")]
_RowNumber = Annotated[str, StringConstraints(pattern=r"^[IVX]+(\.\d+)*$")]


@_STRICT
@dataclass(frozen=True, slots=True)
class _Head:
    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+$")]
    number: _Text
    date: Day
    title: _Text
    source: _Text
    url: Annotated[str, StringConstraints(pattern=r"^(https://\S+)?$")]
    as_of: Day
    due: Day
    keep: _Text
    bodies: dict[UnitKind, _Names]
    others: dict[str, _Names] = dataclass_field(default_factory=dict)


@_STRICT
@dataclass(frozen=True, slots=True)
class _FigureRow:
    row: _RowNumber
    unit: str
    total: _Count
    online: _Count
    printed_rate: _Percent
    printed_target: _Text
    note: Literal["", "swapped"] = ""


@_STRICT
@dataclass(frozen=True, slots=True)
class _IndicatorRow:
    """``sub`` marks a row below the one of the same number; what it leaves out of name, bodies and basis is that
    row's. ``said`` is what people call it."""

    row: _RowNumber
    name: str = ""
    sub: str = ""
    leads: _Names = ()
    partners: _Names = ()
    measure: str = ""
    reached: _Text | None = None
    target: _Text | None = None
    basis: str = ""
    said: _Names = ()


@_STRICT
@dataclass(frozen=True, slots=True)
class _TaskRow:
    row: _RowNumber
    name: _Text
    leads: Annotated[_Names, Field(min_length=1)]
    deadline: _Text
    partners: _Names = ()
    due: Day | None = None
    said: _Names = ()


_KPI_WORDS: TypeAdapter[dict[Cue, _Names]] = TypeAdapter(dict[Cue, _Names])
_PLACE_WORDS = TypeAdapter(PlaceWords)
_HEAD = TypeAdapter(_Head)
_FIGURE = TypeAdapter(_FigureRow)
_INDICATOR = TypeAdapter(_IndicatorRow)
_TASK = TypeAdapter(_TaskRow)
_PERCENT: TypeAdapter[str] = TypeAdapter(_Percent)
_GROUPS: TypeAdapter[dict[str, str]] = TypeAdapter(dict[str, _Text])

#: A target to keep the rate reached is that rate, cut and not rounded: rounding puts nobody below the own rate.
_KEPT = Decimal("0.0001")
#: Stands in while the other files are checked; such a plan is never handed out.
_NO_HEAD = _Head("", "", Day.min, "", "", "", Day.min, Day.max, "", {})


def load_plan(root: Path) -> Plan:
    """Read units and plan under the content folder ``root``. Raises ContentError with every mistake found."""
    reader = PlanReader(root)
    plan = reader.read()
    if reader.problems:
        raise ContentError(reader.problems)
    return plan


class PlanReader(Reader):
    """Reads ``Plan``. It is whole only if there are no ``problems``."""

    def read(self) -> Plan:
        units = UnitsReader(self.root, self.problems).read()
        head = self._head()
        return Plan(
            units=units,
            report=self._report(head, units),
            indicators=self._indicators(),
            tasks=self._tasks(),
            document=Document(head.number, head.date, head.title, head.url, head.as_of, head.due),
            bodies=head.bodies,
            others=head.others,
            place_words=self._place_words(),
            kpi_words=self._kpi_words(),
        )

    def _kpi_words(self) -> KpiWords:
        path = self._path("words.toml")
        return self._valid(_KPI_WORDS, self._toml(path), path, "") or {}

    def _place_words(self) -> PlaceWords:
        path = self.root / "units" / "words.toml"
        return self._valid(_PLACE_WORDS, self._toml(path), path, "") or PlaceWords()

    def _path(self, name: str) -> Path:
        return self.root / "plan" / name

    def _head(self) -> _Head:
        path = self._path("plan.toml")
        head = self._valid(_HEAD, self._toml(path), path, "") or _NO_HEAD
        if head.due <= head.as_of:
            self._problem(path, "due", "must be after as_of")
        return head

    def _report(self, head: _Head, units: Units) -> Report:
        path = self._path("appendix-3.csv")
        figures: dict[str, Figure] = {}
        targets: dict[str, Target] = {}
        rows: set[str] = set()
        for place, row in self._csv(path, _COLUMNS, _FIGURE):
            place = f"{place} ({row.row})"  # noqa: PLW2901 the printed row is what its reader looks for
            if row.row in rows or row.unit in figures:
                self._problem(path, place, f"duplicate {f'row {row.row}' if row.row in rows else row.unit}")
            if units.by_id and row.unit not in units.by_id:
                self._problem(path, place, f"there is no unit {row.unit}")
            if int(row.online) > int(row.total):
                self._problem(path, place, f"{row.online} online of {row.total} dossiers cannot be")
            rows.add(row.row)
            figures[row.unit] = Figure(row.unit, int(row.total), int(row.online), row.row, row.note)
            if (target := self._target(row, head, path, place)) is not None:
                targets[row.unit] = target
        return Report(head.id, head.as_of, head.source, published=True, figures=figures, targets=targets)

    def _target(self, row: _FigureRow, head: _Head, path: Path, place: str) -> Target | None:
        if head is _NO_HEAD:
            return None
        if fold(row.printed_target) == fold(head.keep):
            reached = Decimal(100 * int(row.online)) / max(int(row.total), 1)
            return Target(row.unit, reached.quantize(_KEPT, ROUND_DOWN), head.due, keep=True, source=head.source)
        printed = self._valid(_PERCENT, row.printed_target, path, f"{place} target")
        if printed is None:
            return None
        return Target(row.unit, Decimal(printed.removesuffix("%")), head.due, source=head.source)

    def _grouped(self, path: Path) -> tuple[dict[str, Any], dict[str, str]]:
        table = self._toml(path)
        return table, self._valid(_GROUPS, table.pop("groups", {}), path, "groups") or {}

    def _group(self, path: Path, groups: dict[str, str], row: str) -> str:
        roman = row.partition(".")[0]
        if roman not in groups:
            self._problem(path, row, f"there is no group {roman}")
        return groups.get(roman, "")

    def _add(self, path: Path, found: dict[str, Item], item: Item) -> None:
        if item.id in found:
            self._problem(path, item.row, f"duplicate id {item.id}")
        found[item.id] = item

    def _indicators(self) -> dict[str, Indicator]:
        path = self._path("appendix-1.toml")
        table, groups = self._grouped(path)
        found: dict[str, Indicator] = {}
        for row in self._rows(path, table, "indicator", _INDICATOR):
            main = found.get(f"indicator:{row.row}") if row.sub else None
            if row.sub and main is None:
                self._problem(path, row.row, f"{row.sub!r} needs the row {row.row} before it")
            elif not row.sub and not (row.name and row.leads):
                self._problem(path, row.row, "needs a name and leads")
            self._add(path, found, _indicator(row, main, self._group(path, groups, row.row)))
        return found

    def _tasks(self) -> dict[str, PlanTask]:
        path = self._path("appendix-2.toml")
        table, groups = self._grouped(path)
        found: dict[str, PlanTask] = {}
        for row in self._rows(path, table, "task", _TASK):
            group = self._group(path, groups, row.row)
            task_id = f"task:{row.row}"
            task = PlanTask(task_id, row.row, group, row.name, row.leads, row.partners, row.deadline, row.due, row.said)
            self._add(path, found, task)
        return found


def _indicator(row: _IndicatorRow, main: Indicator | None, group: str) -> Indicator:
    return Indicator(
        id=f"indicator:{row.row}-{slug(row.sub)}" if row.sub else f"indicator:{row.row}",
        row=row.row,
        group=group,
        name=row.name or _below(main, row.sub),
        leads=row.leads or (main.leads if main else ()),
        partners=row.partners or (main.partners if main else ()),
        measure=row.measure,
        reached=row.reached,
        target=row.target,
        basis=row.basis or (main.basis if main else ""),
        said=row.said,
    )


def _below(main: Indicator | None, sub: str) -> str:
    return f"{main.name}: {sub}" if main else sub
