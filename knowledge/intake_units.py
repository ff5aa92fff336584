"""The units that the rows of a table name, as they were on the day of its figures. Implements ``intake.Find``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from knowledge.places import Places
from knowledge.text import tokens
from knowledge.units import Units


class RowUnits:
    """Finds units by the whole of what is written. A name that only a unit of another time has is nobody's: it is not
    taken for a slip of a similar one."""

    def __init__(self, units: Units, places: Places, day: date) -> None:
        self._units = units
        self._places = places
        self._day = day

    def __call__(self, name: str, parent: str) -> Sequence[str]:
        """The ids that ``name`` may mean, below ``parent`` when that is not ""."""
        if parent:
            above = self._valid(self._places.named(parent))
            return self._below(self._places.named(name), above)
        found = self._places.named(name)
        return self._valid(found) if found else self._with_parent(name)

    def of_other_times(self, name: str) -> Sequence[str]:
        """The ids of the units called ``name`` that were not there on the day."""
        found = self._places.named(name, slips=False)
        return tuple(unit for unit in found if unit not in self._valid(found))

    def _with_parent(self, name: str) -> Sequence[str]:
        """A unit and its parent written in one, without a comma."""
        for below, above in _splits(tokens(name)):
            parents = self._valid(self._places.named(above, slips=False))
            if found := self._below(self._places.named(below, slips=False), parents) if parents else ():
                return found
        return ()

    def _valid(self, ids: Sequence[str]) -> tuple[str, ...]:
        return tuple(unit for unit in ids if self._units.by_id[unit].is_valid(self._day))

    def _below(self, ids: Sequence[str], parents: Sequence[str]) -> tuple[str, ...]:
        return tuple(unit for unit in self._valid(ids) if self._units.by_id[unit].parent in parents)


def _splits(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    for at in range(1, len(words)):
        yield " ".join(words[:at]), " ".join(words[at:])
