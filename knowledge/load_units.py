"""Reads the units and what became of them. Everything wrong with the files is found in one run.

- units/units-*.csv: units, by the year of the list; aliases are separated by ";"
- units/successors.csv: what a unit became; ``part`` (yes or no) tells that only a part of it went there
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date as Day  # noqa: N812 as in ``model``
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, ConfigDict, StringConstraints, TypeAdapter, with_config

from knowledge.kpi_model import Successor, Unit, UnitKind
from knowledge.reading import Reader
from knowledge.text import fold, tokens
from knowledge.units import Units

_UNIT_COLUMNS = ("id", "kind", "name", "parent", "code", "valid_from", "valid_to", "aliases", "note")
_SUCCESSOR_COLUMNS = ("old", "new", "part", "confidence")
_STRICT = with_config(ConfigDict(extra="forbid"))
_Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
_Aliases = Annotated[tuple[_Text, ...], BeforeValidator(lambda cell: tuple(cell.split(";")))]


@_STRICT
@dataclass(frozen=True, slots=True)
class _UnitRow:
    id: Annotated[str, StringConstraints(pattern=r"^unit:[a-z0-9-]+$")]
    kind: UnitKind
    name: _Text
    parent: str | None = None
    code: Annotated[str, StringConstraints(pattern=r"^(\d{5})?$")] = ""
    valid_from: Day | None = None
    valid_to: Day | None = None
    aliases: _Aliases = ()
    note: str = ""


@_STRICT
@dataclass(frozen=True, slots=True)
class _SuccessorRow:
    old: str
    new: str
    part: Literal["yes", "no"]
    confidence: Literal["high", "medium"]


_UNIT = TypeAdapter(_UnitRow)
_SUCCESSOR = TypeAdapter(_SuccessorRow)


def slug(*names: str) -> str:
    """``names`` folded to what an id may hold: "xa-quang-an-huyen-dam-ha"."""
    return "-".join(token for name in names for token in tokens(fold(name)))


class UnitsReader(Reader):
    """Reads ``Units``. What has a mistake may be missing from them."""

    def read(self) -> Units:
        rows, places = self._units()
        successors = self._successors(rows)
        units = []
        for row in rows.values():
            parent = rows.get(row.parent) if row.parent is not None else None
            names = [row.name] + ([parent.name] if parent is not None and parent.kind != UnitKind.PROVINCE else [])
            self._check(row, names, rows, *places[row.id])
            units.append(_unit(row, ", ".join(names), tuple(successors[row.id])))
        for unit_id in _in_circles({row.id: [row.parent] for row in rows.values() if row.parent is not None}):
            self._problem(*places[unit_id], f"{unit_id} is below itself")
        return Units(units)

    def _units(self) -> tuple[dict[str, _UnitRow], dict[str, tuple[Path, str]]]:
        rows: dict[str, _UnitRow] = {}
        places: dict[str, tuple[Path, str]] = {}
        paths = sorted(self.root.glob("units/units-*.csv"))
        if not paths:
            self._problem("units", "", "has no units-*.csv")
        for path in paths:
            for place, row in self._csv(path, _UNIT_COLUMNS, _UNIT):
                if row.id in rows:
                    file, line = places[row.id]
                    self._problem(path, place, f"duplicate id {row.id}, also in {file.name} {line}")
                    continue
                rows[row.id], places[row.id] = row, (path, place)
        return rows, places

    def _check(self, row: _UnitRow, names: list[str], rows: Mapping[str, _UnitRow], path: Path, place: str) -> None:
        if row.parent is not None and row.parent not in rows:
            self._problem(path, place, f"there is no unit {row.parent} to be the parent of {row.id}")
        elif row.id != (right := f"unit:{slug(*names)}"):
            self._problem(path, place, f"the id must be {right}, not {row.id}")
        if row.valid_from is not None and row.valid_to is not None and row.valid_to <= row.valid_from:
            self._problem(path, place, "valid_to must be after valid_from")

    def _successors(self, rows: Mapping[str, _UnitRow]) -> dict[str, list[Successor]]:
        path = self.root / "units" / "successors.csv"
        found: dict[str, list[Successor]] = defaultdict(list)
        places: dict[str, str] = {}
        for place, row in self._csv(path, _SUCCESSOR_COLUMNS, _SUCCESSOR):
            unknown = [unit_id for unit_id in (row.old, row.new) if unit_id not in rows]
            for unit_id in unknown:
                self._problem(path, place, f"there is no unit {unit_id}")
            if unknown:
                continue
            if row.new in (each.unit for each in found[row.old]):
                self._problem(path, place, f"{row.old} has the successor {row.new} twice")
            if rows[row.old].valid_to is None:
                self._problem(path, place, f"{row.old} has a successor but no valid_to")
            found[row.old].append(Successor(row.new, row.part == "yes", row.confidence))
            places[row.old] = place
        for old, each in found.items():
            if len(each) > 1 and not all(successor.part for successor in each):
                self._problem(path, places[old], f"{old} has {len(each)} successors, so each needs part yes")
        for old in _in_circles({old: [successor.unit for successor in each] for old, each in found.items()}):
            self._problem(path, places[old], f"{old} becomes itself again")
        return found


def _unit(row: _UnitRow, title: str, successors: tuple[Successor, ...]) -> Unit:
    return Unit(
        id=row.id,
        kind=row.kind,
        name=row.name,
        title=title,
        parent=row.parent,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        aliases=row.aliases,
        successors=successors,
        note=row.note,
        code=row.code,
    )


def _in_circles(steps: Mapping[str, list[str]]) -> list[str]:
    """Those from which the steps lead back to themselves."""
    return [start for start in steps if start in _reached(steps, start)]


def _reached(steps: Mapping[str, list[str]], start: str) -> set[str]:
    reached: set[str] = set()
    ahead = list(steps[start])
    while ahead:
        here = ahead.pop()
        if here not in reached:
            reached.add(here)
            ahead += steps.get(here, [])
    return reached
