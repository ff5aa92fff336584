"""Administrative units through time: who is below whom, and what became of whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from knowledge.kpi_model import Successor, Unit


class Units:
    """All units, of every time. An unknown id raises KeyError."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self.by_id: Mapping[str, Unit] = {unit.id: unit for unit in units}
        self._children: dict[str, list[Unit]] = defaultdict(list)
        self._predecessors: dict[str, list[tuple[Unit, Successor]]] = defaultdict(list)
        for unit in self.by_id.values():
            if unit.parent is not None:
                self._children[unit.parent].append(unit)
            for successor in unit.successors:
                self._predecessors[successor.unit].append((unit, successor))

    def __iter__(self) -> Iterator[Unit]:
        return iter(self.by_id.values())

    def __len__(self) -> int:
        return len(self.by_id)

    def title(self, unit_id: str) -> str:
        return self.by_id[unit_id].title

    def children(self, unit_id: str) -> tuple[Unit, ...]:
        """The units just below, of every time, in the order of the source."""
        return tuple(self._children.get(self.by_id[unit_id].id, ()))

    def today(self, day: date) -> tuple[Unit, ...]:
        """The units that exist on ``day``."""
        return tuple(unit for unit in self if unit.is_valid(day))

    def predecessors(self, unit_id: str) -> tuple[tuple[Unit, Successor], ...]:
        """The units that became ``unit_id``, wholly or in part, with how.

        A district is in none of these lists: it ended with its communes, which are.
        """
        return tuple(self._predecessors.get(self.by_id[unit_id].id, ()))

    def successors(self, unit_id: str) -> tuple[Successor, ...]:
        """What ``unit_id`` became. For a unit that ended with those below it: all that these became."""
        unit = self.by_id[unit_id]
        if unit.successors or unit.valid_to is None:
            return unit.successors
        below = [each for child in self.children(unit_id) for each in self.successors(child.id)]
        sure = {each.unit for each in below if each.confidence == "high"}
        found = dict.fromkeys(each.unit for each in below)
        return tuple(Successor(each, len(found) > 1, "high" if each in sure else "medium") for each in found)

    def current(self, unit_id: str, day: date) -> tuple[Successor, ...]:
        """What ``unit_id`` belongs to on ``day``: itself while it is valid, else what it became, one after another.

        On a way of several steps one part makes the whole way a part, and one doubt makes it doubtful. Empty when
        nothing that is known of it exists on ``day``.
        """
        found: dict[str, Successor] = {}
        open_ways, seen = [Successor(unit_id, part=False)], {unit_id}
        while open_ways:
            way = open_ways.pop(0)
            if self.by_id[way.unit].is_valid(day):
                found[way.unit] = way
                continue
            for step in self.successors(way.unit):
                if step.unit not in seen:
                    seen.add(step.unit)
                    open_ways.append(_joined(way, step))
        return tuple(found.values())


def _joined(way: Successor, step: Successor) -> Successor:
    doubt = "medium" in {way.confidence, step.confidence}
    return replace(step, part=way.part or step.part, confidence="medium" if doubt else "high")
