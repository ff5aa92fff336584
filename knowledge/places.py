"""Finds names of units in typed text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.kpi_model import PlaceWords, Unit, UnitKind
from knowledge.text import accented, fold, sound, tokens
from knowledge.units import Units

LONGEST = 9
#: Letters of a name that one slip of the finger may be in.
MIN_SLIP = 7

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """A name at the places ``start`` to ``end`` (exclusive) and the ids of the units that it may mean."""

    start: int
    end: int
    units: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Name:
    """What is written of a unit without its kind, and the kind as its name writes it ("" when none is split off)."""

    unit: Unit
    kind: str
    bare: Words
    sounds: Words


class Places:
    """Finds the units of one plan.

    A kind or a parent named beside the name narrows what it may mean; so do "today" and "formerly". A unit of today
    that has the kind and name of an earlier one, or is all that became of it, is not told apart from that: the earlier
    one has the figures, and its reply says what it is now.
    """

    def __init__(self, units: Units, words: PlaceWords) -> None:
        self._units = units
        self._kinds = {
            tuple(tokens(fold(short))): fold(kind) for kind, shorts in words.kinds.items() for short in shorts
        }
        self._between = frozenset(word for phrase in words.asides.between for word in tokens(fold(phrase)))
        self._today = _phrases(words.asides.today)
        self._past = _phrases(words.asides.past)
        self._names: dict[Words, list[_Name]] = {}
        for unit in units.by_id.values():
            for name in self._written(unit):
                self._names.setdefault(name.bare, []).append(name)
        self._joined: dict[str, Words] = {"".join(bare): bare for bare in self._names if len("".join(bare)) >= MIN_SLIP}

    def find(self, text: str) -> list[Mention]:
        """The units mentioned, in the order of the text."""
        typed = tokens(text)
        folded = [fold(token) for token in typed]
        found = self._upwards(list(self._mentions(typed, folded)), folded)
        return [replace(mention, units=self._told_apart(mention.units, folded)) for mention in found]

    def _mentions(self, typed: Sequence[str], folded: Sequence[str]) -> Iterator[Mention]:
        start = 0
        while start < len(folded):
            mention = self._at(typed, folded, start)
            if mention:
                yield mention
            start = mention.end if mention else start + 1

    def _at(self, typed: Sequence[str], folded: Sequence[str], start: int) -> Mention | None:
        kind, length = self._kind_at(folded, start)
        first = start + length
        for size in range(min(LONGEST, len(folded) - first), 0, -1):
            bare = tuple(folded[first : first + size])
            names: Sequence[_Name] | None = self._names.get(bare) or (self._slipped(bare) if kind else None)
            names = names if kind else self._meant(names or (), typed[first : first + size])
            if names:
                chosen = self._narrowed(names, kind, typed[first : first + size])
                return Mention(start, first + size, tuple(dict.fromkeys(name.unit.id for name in chosen)))
        return None

    def _kind_at(self, folded: Sequence[str], start: int) -> tuple[str, int]:
        for size in (2, 1):
            kind = self._kinds.get(tuple(folded[start : start + size]))
            if kind:
                return kind, size
        return "", 0

    def _slipped(self, bare: Words) -> list[_Name] | None:
        """The names of the one unit name that a slip of the finger makes into ``bare``."""
        joined = "".join(bare)
        if len(joined) < MIN_SLIP or len(bare) == 1:
            return None
        near = process.extract(joined, list(self._joined), scorer=OSA.distance, score_cutoff=1, limit=2)
        return self._names[self._joined[near[0][0]]] if len(near) == 1 else None

    def _meant(self, names: Sequence[_Name], typed: Sequence[str]) -> Sequence[_Name]:
        """The names that the diacritics, where there are any, do not contradict: "there is a leaflet" is no island."""
        spelt = [(place, sound(word)) for place, word in enumerate(typed) if accented(word)]
        return [name for name in names if all(name.sounds[place] == typed_so for place, typed_so in spelt)]

    def _narrowed(self, names: Sequence[_Name], kind: str, typed: Sequence[str]) -> Sequence[_Name]:
        """The names of the kind that was said, and spelt as they were typed, where there are such."""
        of_kind = [name for name in names if name.kind == kind] if kind else []
        names = of_kind or names
        spelt = [name for name in names if name.sounds == tuple(map(sound, typed))]
        return spelt or names

    def _upwards(self, mentions: Sequence[Mention], folded: Sequence[str]) -> list[Mention]:
        """A unit named after another is taken for its parent where it can be."""
        found: list[Mention] = []
        for mention in mentions:
            last = found[-1] if found else None
            if last and set(folded[last.end : mention.start]) <= self._between:
                below = tuple(unit for unit in last.units if self._units.by_id[unit].parent in mention.units)
                if below:
                    found[-1] = Mention(last.start, mention.end, below)
                    continue
            found.append(mention)
        return found

    def _told_apart(self, ids: tuple[str, ...], folded: Sequence[str]) -> tuple[str, ...]:
        units = [self._units.by_id[unit_id] for unit_id in ids]
        if _any(folded, self._past):
            units = [unit for unit in units if unit.valid_from is None] or units
        elif _any(folded, self._today):
            units = [unit for unit in units if unit.valid_to is None] or units
        earlier = [unit for unit in units if unit.valid_from is None]
        return tuple(
            unit.id for unit in units if unit in earlier or not any(self._is_one(old, unit) for old in earlier)
        )

    def _is_one(self, old: Unit, new: Unit) -> bool:
        same = fold(old.name) == fold(new.name) and old.kind is new.kind
        return same or {after.unit for after in self._units.successors(old.id)} == {new.id}

    def _written(self, unit: Unit) -> Iterable[_Name]:
        for name in (unit.name, *unit.aliases):
            words = tokens(name)
            kind, length = self._kind_at([fold(word) for word in words], 0)
            if kind not in self._kinds.values() or length == len(words):
                kind, length = "", 0
            if unit.kind is UnitKind.DEPARTMENT:
                kind, length = "", 0
            bare = words[length:]
            yield _Name(unit, kind, tuple(map(fold, bare)), tuple(map(sound, bare)))


def _phrases(words: Iterable[str]) -> list[Words]:
    return [tuple(tokens(fold(word))) for word in words]


def _any(folded: Sequence[str], phrases: Iterable[Words]) -> bool:
    return any(
        tuple(folded[start : start + len(phrase)]) == phrase for phrase in phrases for start in range(len(folded))
    )
