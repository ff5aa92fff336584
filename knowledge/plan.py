"""Plan 269/KH-UBND as data: units, their figures of 23/8/2023 and targets (Appendix III), indicators (I), tasks (II).

- units/units-2023.csv, units-2025.csv: units, with aliases separated by ";"
- units/successors.csv: what became of which unit; ``part`` when only a part of it went there
- units/words.toml: how people write what kind of unit they mean
- plan/plan.toml: the plan itself; appendix-1.toml, appendix-2.toml, appendix-3.csv: its appendices
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_DOWN, Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, StringConstraints, TypeAdapter, ValidationError

from knowledge.kpi_model import Figure, Indicator, PlaceWords, PlanTask, Report, Successor, Target, Unit, UnitKind
from knowledge.units import Units

#: Of a target that asks to keep the rate reached: cut, not rounded, so that rounding puts nobody below the own rate.
_KEPT = Decimal("0.0001")
UnitId = Annotated[str, StringConstraints(pattern=r"^unit:[a-z0-9-]+$")]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
T = TypeVar("T")
Complain = Callable[[Path, str, str], None]


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid")


M = TypeVar("M", bound=_Row)
W = TypeVar("W")


class _UnitRow(_Row):
    id: UnitId
    kind: UnitKind
    name: Text
    parent: UnitId | Literal[""]
    valid_from: date | Literal[""]
    valid_to: date | Literal[""]
    aliases: str
    change: Annotated[str, StringConstraints(pattern=r"^((merged|reclassified):.+)?$")] = ""
    code: str = ""


class _SuccessorRow(_Row):
    old: UnitId
    new: UnitId
    part: Literal["yes", "no"]
    confidence: Literal["high", "medium"]


class _FigureRow(_Row):
    row: Text
    unit: UnitId
    total: int
    online: int
    printed_rate: Text
    printed_target: Text
    note: Literal["", "swapped"]


class _PlanFile(_Row):
    number: Text
    title: Text
    issued: date
    as_of: date
    due: date
    keep: Text


class _IndicatorRow(_Row):
    row: Text
    group: Text
    name: Text
    leads: tuple[Text, ...]
    partners: tuple[Text, ...]
    measure: Text
    basis: Text
    reached: str | None = None
    target: str | None = None


class _TaskRow(_Row):
    row: Text
    group: Text
    name: Text
    leads: tuple[Text, ...]
    partners: tuple[Text, ...]
    deadline: Text
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan. ``report`` holds the printed figures and targets; ``printed_rates`` by unit as the plan prints them."""

    number: str
    title: str
    units: Units
    report: Report
    printed_rates: Mapping[str, str]
    indicators: Mapping[str, Indicator]
    tasks: Mapping[str, PlanTask]
    place_words: PlaceWords


def no_plan() -> Plan:
    """A plan about nothing, for content without one."""
    report = Report("", date.min, "", published=True, figures={}, targets={})
    return Plan("", "", Units(()), report, {}, {}, {}, PlaceWords())


def load_plan(root: Path, complain: Complain) -> Plan:
    """The plan under ``root``, or an empty one where there is none. Mistakes go to ``complain(file, where, what)``."""
    return _Reader(root, complain).read() if (root / "plan").is_dir() else no_plan()


@dataclass
class _Reader:
    root: Path
    complain: Complain
    files: dict[str, Path] = field(default_factory=dict)

    def read(self) -> Plan:
        units = self._units()
        path = self.root / "plan" / "plan.toml"
        about = self._valid(_PlanFile, self._toml(path), path, "")
        if about is None:
            return no_plan()
        rows = list(self._table("plan/appendix-3.csv", _FigureRow))
        figures = {row.unit: self._figure(line, row, units) for line, row in rows}
        targets = {row.unit: self._target(line, row, about) for line, row in rows}
        if len(figures) < len(rows):
            self.complain(self.root / "plan" / "appendix-3.csv", "", "a unit has two rows")
        return Plan(
            number=about.number,
            title=about.title,
            units=units,
            report=Report(about.number, about.as_of, about.title, published=True, figures=figures, targets=targets),
            printed_rates={row.unit: row.printed_rate for _, row in rows},
            indicators=self._listed("plan/appendix-1.toml", "indicator", _IndicatorRow, Indicator),
            tasks=self._listed("plan/appendix-2.toml", "task", _TaskRow, PlanTask),
            place_words=self._words("units/words.toml", PlaceWords) or PlaceWords(),
        )

    def _units(self) -> Units:
        after: dict[str, list[Successor]] = {}
        lines: list[tuple[Path, str, str]] = []
        for line, row in self._table("units/successors.csv", _SuccessorRow):
            after.setdefault(row.old, []).append(Successor(row.new, row.part == "yes", row.confidence))
            lines += [(self.root / "units" / "successors.csv", line, unit) for unit in (row.old, row.new)]
        rows: dict[str, _UnitRow] = {}
        for path in sorted((self.root / "units").glob("units-*.csv")):
            for line, unit in self._table(f"units/{path.name}", _UnitRow):
                if unit.id in rows:
                    self.complain(path, line, f"duplicate unit {unit.id}")
                rows[unit.id] = unit
                lines += [(path, line, unit.parent)] if unit.parent else []
        for path, line, unit_id in lines:
            if unit_id not in rows:
                self.complain(path, line, f"there is no unit {unit_id}")
        return Units(_unit(row, rows, tuple(after.get(row.id, ()))) for row in rows.values())

    def _figure(self, line: str, row: _FigureRow, units: Units) -> Figure:
        path = self.root / "plan" / "appendix-3.csv"
        if row.unit not in units.by_id:
            self.complain(path, line, f"there is no unit {row.unit}")
        if not 0 <= row.online <= row.total:
            self.complain(path, line, f"{row.online} of {row.total} online")
        return Figure(row.unit, row.total, row.online, row.row, row.note)

    def _target(self, line: str, row: _FigureRow, about: _PlanFile) -> Target:
        keep = row.printed_target == about.keep
        percent = Decimal(0)
        if keep:
            percent = (Decimal(100 * row.online) / row.total).quantize(_KEPT, ROUND_DOWN) if row.total else percent
        else:
            try:
                percent = Decimal(row.printed_target.removesuffix("%").replace(",", "."))
            except InvalidOperation:
                self.complain(self.root / "plan" / "appendix-3.csv", line, f"target {row.printed_target!r}")
        return Target(row.unit, percent, about.due, keep, about.title)

    def _listed(self, name: str, kind: str, model: type[_Row], made: Callable[..., T]) -> dict[str, T]:
        path = self.root / name
        tree = self._toml(path)
        groups = tree.get("groups", {})
        found: dict[str, T] = {}
        for row in tree.get(kind, []):
            where = str(row.get("row", "")) if isinstance(row, dict) else ""
            read = self._valid(model, row, path, where)
            if read is None:
                continue
            values = read.model_dump()
            if values["group"] not in groups:
                self.complain(path, where, f"there is no group {values['group']}")
                continue
            item_id = f"{kind}:{values['row']}"
            if item_id in found:
                self.complain(path, where, "duplicate row")
            found[item_id] = made(id=item_id, **values | {"group": groups[values["group"]]})
        return found

    def _words(self, name: str, kind: type[W]) -> W | None:
        path = self.root / name
        return self._valid(kind, self._toml(path), path, "")

    def _table(self, name: str, model: type[M]) -> Iterator[tuple[str, M]]:
        """The rows of a CSV file with the number of their line."""
        path = self.root / name
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            self.complain(path, "", f"cannot be read: {error}")
            return
        for number, row in enumerate(csv.DictReader(text.splitlines(), strict=True), 2):
            line = f"line {number}"
            read = self._valid(model, row, path, line)
            if read is not None:
                yield line, read

    def _toml(self, path: Path) -> dict[str, Any]:
        try:
            return tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            self.complain(path, "", f"cannot be read: {error}")
            return {}

    def _valid(self, model: type[W], row: Any, path: Path, where: str) -> W | None:
        try:
            return TypeAdapter(model).validate_python(row)
        except ValidationError as error:
            for detail in error.errors():
                self.complain(path, where, f"{'.'.join(map(str, detail['loc']))}: {detail['msg']}")
        return None


def _unit(row: _UnitRow, rows: Mapping[str, _UnitRow], after: tuple[Successor, ...]) -> Unit:
    parent = rows.get(row.parent)
    change, _, what = row.change.partition(":")
    return Unit(
        id=row.id,
        kind=row.kind,
        name=row.name,
        title=f"{row.name}, {parent.name}" if parent else row.name,
        parent=row.parent or None,
        valid_from=row.valid_from or None,
        valid_to=row.valid_to or None,
        aliases=tuple(alias.strip() for alias in row.aliases.split(";") if alias.strip()),
        successors=after,
        merged_into=what if change == "merged" else "",
        renamed=what if change == "reclassified" else "",
    )
