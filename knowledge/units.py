"""Units through time: who stood below whom, and what became of whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property

from knowledge.kpi_model import Successor, Unit, UnitKind

PROVINCE = "unit:tinh-quang-ninh"


class Units:
    """All units of any time, by id."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self.by_id: Mapping[str, Unit] = {unit.id: unit for unit in units}

    def children(self, unit_id: str) -> tuple[Unit, ...]:
        """The units below: communes of a district; departments, districts and communes of 2023 of the province."""
        if unit_id == PROVINCE:
            return tuple(unit for unit in self.by_id.values() if unit.kind is not UnitKind.PROVINCE)
        return self._children.get(unit_id, ())

    def below(self, unit_id: str) -> frozenset[str]:
        """The ids of ``unit_id`` itself and of everything below it."""
        return frozenset({unit_id, *(unit.id for unit in self.children(unit_id))})

    def today(self, day: date, kind: UnitKind = UnitKind.COMMUNE) -> tuple[Unit, ...]:
        """The units of ``kind`` that exist on ``day`` and have an end nowhere in sight."""
        return tuple(u for u in self.by_id.values() if u.kind is kind and u.is_valid(day) and u.valid_to is None)

    def successors(self, unit_id: str) -> tuple[Successor, ...]:
        """What ``unit_id`` belongs to now; for a district that of all its communes, each in part. Empty: itself."""
        unit = self.by_id[unit_id]
        if unit.kind is not UnitKind.DISTRICT:
            return unit.successors
        found = {after.unit: Successor(after.unit, part=True) for c in self.children(unit_id) for after in c.successors}
        return tuple(found.values())

    def predecessors(self, unit_id: str) -> tuple[tuple[Unit, Successor], ...]:
        """The units that ``unit_id`` was made of, each with how."""
        return self._predecessors.get(unit_id, ())

    @cached_property
    def _children(self) -> dict[str, tuple[Unit, ...]]:
        found: dict[str, tuple[Unit, ...]] = {}
        for unit in self.by_id.values():
            if unit.parent:
                found[unit.parent] = (*found.get(unit.parent, ()), unit)
        return found

    @cached_property
    def _predecessors(self) -> dict[str, tuple[tuple[Unit, Successor], ...]]:
        found: dict[str, tuple[tuple[Unit, Successor], ...]] = {}
        for unit in self.by_id.values():
            for after in unit.successors:
                found[after.unit] = (*found.get(after.unit, ()), (unit, after))
        return found
