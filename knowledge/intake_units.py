"""The units that the rows of a table name, as they were on the day of its figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.headers import headers
from knowledge.kpi_model import PlaceWords, Unit, UnitKind
from knowledge.text import accented, fold, sound, tokens
from knowledge.units import Units

#: Letters of a name that one slip of the finger may be in.
MIN_SLIP = 7
#: How many letters a slip may add.
_SIZES = (-1, 0, 1)

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Name:
    """A name of ``unit`` without its kind, which is "" when none is split off."""

    unit: str
    kind: str
    bare: Words
    sounds: Words


class UnitNames:
    """The names of the units of every time, with the words of the chat's finder. Stricter than that: a name is all that
    is written, and the kind that is written has to be the unit's."""

    def __init__(self, units: Units, words: PlaceWords, authority: Iterable[str] | None = None) -> None:
        self.units = units
        said = headers().authority if authority is None else authority
        self._authority = sorted((tuple(tokens(fold(each))) for each in said), key=len, reverse=True)
        self._authority_starts = {said[0] for said in self._authority}
        self._kinds: Mapping[Words, str] = {
            tuple(tokens(fold(short))): fold(kind) for kind, shorts in words.kinds.items() for short in shorts
        }
        self._names: dict[Words, list[_Name]] = defaultdict(list)
        for unit in units:
            for name in self._written(unit):
                self._names[name.bare].append(name)
        self._last = {bare[-1] for bare in self._names}
        self._joined: dict[int, dict[str, Words]] = defaultdict(dict)
        for bare in self._names:
            joined = "".join(bare)
            if len(joined) >= MIN_SLIP and len(bare) > 1:
                self._joined[len(joined)][joined] = bare

    def find(self, text: str, *, slips: bool = True) -> tuple[str, ...]:
        """The ids of the units that the whole of ``text`` names, with or without their authority before it ("UBND").
        ``slips``: where there is no such name, one slip of the finger is forgiven."""
        typed = tokens(text)
        return self._found(typed, [fold(token) for token in typed], slips=slips)

    def pairs(self, text: str) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
        """The ids of what ``text`` may name when it is two names, one after the other."""
        typed = tokens(text)
        folded = [fold(token) for token in typed]
        if not folded or folded[-1] not in self._last:
            return
        for at in range(1, len(typed)):
            above = self._found(typed[at:], folded[at:], slips=False)
            if above and (below := self._found(typed[:at], folded[:at], slips=False)):
                yield below, above

    def _found(self, typed: Sequence[str], folded: Sequence[str], *, slips: bool) -> tuple[str, ...]:
        found = self._whole(typed, folded, slips=slips)
        if not found and (start := self._said_before(folded)):
            found = self._whole(typed[start:], folded[start:], slips=slips)
        return tuple(dict.fromkeys(name.unit for name in found))

    def _said_before(self, folded: Sequence[str]) -> int:
        """How many words name the authority of a unit rather than the unit."""
        if not folded or folded[0] not in self._authority_starts:
            return 0
        return next((len(said) for said in self._authority if tuple(folded[: len(said)]) == said), 0)

    def _whole(self, typed: Sequence[str], folded: Sequence[str], *, slips: bool) -> Sequence[_Name]:
        kind, length = self._kind_of(folded)
        bare = tuple(folded[length:])
        named = self._names.get(bare)
        if kind and named and (of_kind := [name for name in named if name.kind == kind]):
            return _spelt(of_kind, typed[length:])
        alone = self._names.get(tuple(folded)) if kind else named
        if alone and (whole := _meant(alone, typed)):
            return _spelt(whole, typed)
        return [name for name in self._slipped(bare) if name.kind == kind] if kind and slips else ()

    def _kind_of(self, folded: Sequence[str]) -> tuple[str, int]:
        for size in (2, 1):
            if kind := self._kinds.get(tuple(folded[:size])):
                return kind, size
        return "", 0

    def _slipped(self, bare: Words) -> Sequence[_Name]:
        """The names of the one unit name that a slip of the finger makes into ``bare``."""
        joined = "".join(bare)
        if len(joined) < MIN_SLIP or len(bare) == 1 or not joined.isalpha():
            return ()
        alike = {name: each for size in _SIZES for name, each in self._joined[len(joined) + size].items()}
        near = process.extract(joined, alike.keys(), scorer=OSA.distance, score_cutoff=1, limit=2)
        return self._names[alike[near[0][0]]] if len(near) == 1 else ()

    def _written(self, unit: Unit) -> Iterator[_Name]:
        for name in (unit.name, *unit.aliases):
            words = tokens(name)
            kind, length = self._kind_of([fold(word) for word in words])
            if unit.kind is UnitKind.DEPARTMENT or length == len(words):
                kind, length = "", 0
            bare = words[length:]
            yield _Name(unit.id, kind, tuple(map(fold, bare)), tuple(map(sound, bare)))


class RowUnits:
    """Finds the units of rows; implements ``intake.Find``. A name that only a unit of another time has is nobody's: it
    is not taken for a slip of a similar one."""

    def __init__(self, names: UnitNames, day: date) -> None:
        self._pairs = names.pairs
        self._find = cache(names.find)
        self._by_id = names.units.by_id
        self._day = day

    def __call__(self, name: str, parent: str) -> Sequence[str]:
        """The ids that ``name`` may mean, below ``parent`` when that is not ""."""
        if parent:
            return self._below(self._find(name), self._valid(self._find(parent)))
        found = self._find(name)
        return self._valid(found) if found else self._with_parent(name)

    def of_other_times(self, name: str) -> Sequence[str]:
        """The ids of the units called ``name`` that were not there on the day."""
        found = self._find(name, slips=False)
        return tuple(unit for unit in found if not self._by_id[unit].is_valid(self._day))

    def _with_parent(self, name: str) -> Sequence[str]:
        """A unit and its parent written in one, without a comma."""
        found = (self._below(below, self._valid(above)) for below, above in self._pairs(name))
        return next(filter(None, found), ())

    def _valid(self, ids: Sequence[str]) -> tuple[str, ...]:
        return tuple(unit for unit in ids if self._by_id[unit].is_valid(self._day))

    def _below(self, ids: Sequence[str], parents: Sequence[str]) -> tuple[str, ...]:
        return tuple(unit for unit in self._valid(ids) if self._by_id[unit].parent in parents)


def _meant(names: Sequence[_Name], typed: Sequence[str]) -> Sequence[_Name]:
    """The names that the diacritics, where there are any, do not contradict."""
    spelt = [(place, sound(word)) for place, word in enumerate(typed) if accented(word)]
    return [name for name in names if all(name.sounds[place] == typed_so for place, typed_so in spelt)]


def _spelt(names: Sequence[_Name], typed: Sequence[str]) -> Sequence[_Name]:
    """The names spelt as they were typed, where there are such."""
    sounds = tuple(map(sound, typed))
    return [name for name in names if name.sounds == sounds] or names
