"""Finds names of units in typed text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.kpi_model import PlaceWords, Unit, UnitKind
from knowledge.phrases import Phrases
from knowledge.spelling import Words, is_said, is_slip, marks_of, words_of
from knowledge.text import accented, fold, sound, stops, tokens
from knowledge.units import Units

#: Letters of a name that one slip of the finger may be in; so many and the name needs no parent to be sure.
MIN_SLIP, SURE_SLIP = 5, 7
#: Kinds that stand before a name only, and the words that the name of a commune follows.
ALWAYS_BEFORE = frozenset({"", "xa", "phuong"})
COMMUNES = (["xa"], ["phuong"], ["tran"])
#: Words of a name that is not known.
LONGEST_UNKNOWN = 3


@dataclass(frozen=True, slots=True)
class Mention:
    """A name at the places ``start`` to ``end`` (exclusive) and the ids of the units that it may mean: none when there
    is no such unit. Not ``sure``: it is near a name, but not it."""

    start: int
    end: int
    units: tuple[str, ...]
    sure: bool = True


@dataclass(frozen=True, slots=True)
class _Name:
    """What is written of a unit without its kind, and the kind as its name writes it ("" when none is split off)."""

    unit: Unit
    kind: str
    bare: Words
    sounds: Words


@dataclass(frozen=True)
class _Text:
    """``say``: finds the ``ordinary`` words; ``no_kind`` and ``ends_no_kind``: where something begins or ends that only
    sounds like a kind; ``elsewhere``: where the name of another province begins, and where it ends."""

    typed: Sequence[str]
    folded: Sequence[str]
    say: Callable[[Sequence[str], Sequence[str]], frozenset[int]] = lambda _typed, _folded: frozenset()
    no_kind: frozenset[int] = frozenset()
    elsewhere: Mapping[int, int] = field(default_factory=dict)
    ends_no_kind: frozenset[int] = frozenset()
    text: str = ""

    @cached_property
    def stops(self) -> frozenset[int]:
        """The places of words behind which a mark stands."""
        return stops(self.text)

    @cached_property
    def ordinary(self) -> frozenset[int]:
        """The places of words that say something else than a name. Few texts need them."""
        return self.say(self.typed, self.folded)

    def __len__(self) -> int:
        return len(self.folded)


class Places:
    """Finds the units of one plan.

    A kind or a parent named beside the name narrows what it may mean; so do "today" and "formerly". Otherwise a name
    means every unit of then and now that bears it, but that one unit of today with the kind and name of the one of then
    is not told apart from it: the earlier one has the figures, and its reply says what it is now. What follows a kind
    and is neither a name nor one of the ``ordinary`` phrases names a unit that there is not; so does another province.
    """

    def __init__(self, units: Units, words: PlaceWords, ordinary: Iterable[str] = ()) -> None:
        self._units = units
        asides = words.asides
        self._kinds = {
            tuple(tokens(fold(short))): fold(kind) for kind, shorts in words.kinds.items() for short in shorts
        }
        self._heads = {tuple(map(sound, tokens(head))) for head in words.heads}
        beside = (*asides.between, *asides.past)
        self._between = frozenset(word for phrase in beside for word in tokens(fold(phrase)))
        self._today, self._past = words_of(asides.today), words_of(asides.past)
        self._no_kind, self._elsewhere = _phrases(asides.no_kind), _phrases(words.elsewhere)
        self._ends_no_kind = _phrases(asides.ends_no_kind)
        said = (*ordinary, *asides.between, *words.kinds, *(short for each in words.kinds.values() for short in each))
        self._ordinary = _phrases(said)
        self._ordinary_marks: dict[str, list[set[str]]] = defaultdict(list)
        for word in {word for phrase in said for word in tokens(phrase)}:
            self._ordinary_marks[fold(word)].append(marks_of(word))
        self._longest: dict[str, int] = defaultdict(int)
        self._names: dict[Words, list[_Name]] = defaultdict(list)
        self._levels: dict[str, set[UnitKind]] = defaultdict(set)
        for unit in units.by_id.values():
            for name in self._written(unit):
                self._names[name.bare].append(name)
                self._longest[name.bare[0]] = max(self._longest[name.bare[0]], len(name.bare))
                self._levels[name.kind].add(unit.kind)
        self._joined: dict[str, list[Words]] = defaultdict(list)
        for bare in self._names:
            if len("".join(bare)) >= MIN_SLIP:
                self._joined["".join(bare)].append(bare)
        self._all_joined = list(self._joined)
        first = (*(kind[0] for kind in self._kinds), *(fold(head[0]) for head in self._heads))
        self._beginnings = frozenset((*self._longest, *first, *(fold(tokens(name)[0]) for name in words.elsewhere)))

    def find(self, typed: Sequence[str], text: str = "") -> list[Mention]:
        """The units mentioned in the tokens ``typed`` of ``text``, in their order."""
        folded = [fold(token) for token in typed]
        if self._beginnings.isdisjoint(folded):
            return []
        read = self._read(typed, folded, text)
        found = self._with_parents(list(self._mentions(read)), read)
        ends = [0, *(mention.end for mention in found)]
        found = [self._child_before(mention, end, read) for mention, end in zip(found, ends, strict=False)]
        return [replace(mention, units=self._told_apart(mention.units, read)) for mention in found]

    def _read(self, typed: Sequence[str], folded: Sequence[str], text: str) -> _Text:
        return _Text(
            typed,
            folded,
            self._ordinary_places,
            frozenset(match.places[0] for match in self._no_kind.found(folded)),
            {match.places[0]: match.places[-1] + 1 for match in self._elsewhere.found(folded)},
            frozenset(match.places[-1] for match in self._ends_no_kind.found(folded)),
            text,
        )

    def _ordinary_places(self, typed: Sequence[str], folded: Sequence[str]) -> frozenset[int]:
        return frozenset(place for place in self._ordinary.places(folded) if self._is_ordinary(typed[place]))

    def _is_ordinary(self, typed: str) -> bool:
        """Whether ``typed`` is an ordinary word, or one of which a diacritic was left out."""
        return any(marks_of(typed) <= marks for marks in self._ordinary_marks.get(fold(typed), ()))

    def _mentions(self, text: _Text) -> Iterator[Mention]:
        start = 0
        while start < len(text):
            mention = self._at(text, start) if text.folded[start] in self._beginnings else None
            if mention:
                yield mention
            start = mention.end if mention else start + 1

    def _at(self, text: _Text, start: int) -> Mention | None:
        kinds = list(self._kinds_at(text, start))
        exact = [self._exact(text, start, start + size, kind) for kind, size in (*kinds, ("", 0))]
        known = [mention for mention in exact if mention]
        if known:
            return max(known, key=lambda mention: mention.end)
        if start in text.no_kind:
            return None
        near = (self._near(text, start, start + size, kind) for kind, size in kinds)
        return next((mention for mention in near if mention), None) or self._unknown(text, start)

    def _kinds_at(self, text: _Text, start: int) -> Iterator[tuple[str, int]]:
        for size in () if start in text.ends_no_kind else (2, 1):
            kind = self._kinds.get(tuple(text.folded[start : start + size]))
            if kind:
                yield kind, size

    def _exact(self, text: _Text, start: int, first: int, kind: str) -> Mention | None:
        """The longest name at ``first`` of a unit that may be called ``kind``."""
        longest = self._longest.get(text.folded[first], 0) if first < len(text) else 0
        for size in range(min(longest, len(text) - first), 0, -1):
            typed = text.typed[first : first + size]
            names = self._names.get(tuple(text.folded[first : first + size]), [])
            fitting = self._of_kind(names, kind, typed) if kind else self._unkinded(names, typed)
            if fitting:
                end, fitting = self._kind_behind(text, first + size, fitting)
                sure = any(not _has_more_marks(typed, name) for name in fitting)
                return Mention(start, end, _ids(fitting), sure)
        return None

    def _of_kind(self, names: Sequence[_Name], kind: str, typed: Sequence[str]) -> Sequence[_Name]:
        """The names of the kind that was said, else of its level: a town is called a district, a commune a ward."""
        of_kind = [name for name in names if name.kind == kind]
        if not of_kind:
            alike = [name for name in names if name.kind and name.unit.kind in self._levels[kind]]
            return self._meant(alike, typed)
        spelt = [name for name in of_kind if name.sounds == tuple(map(sound, typed))]
        return spelt or of_kind

    def _unkinded(self, names: Sequence[_Name], typed: Sequence[str]) -> Sequence[_Name]:
        """Names said alone. A short form ("UL") needs its kind before it."""
        whole = [name for name in names if not name.kind or len("".join(name.bare)) >= MIN_SLIP or len(name.bare) > 1]
        found = self._meant(whole, typed)
        spelt = [name for name in found if name.sounds == tuple(map(sound, typed))]
        return spelt or found

    def _meant(self, names: Sequence[_Name], typed: Sequence[str]) -> Sequence[_Name]:
        """The names that the diacritics, where there are any, do not contradict: "there is a leaflet" is no island."""
        spelt = [(place, sound(word)) for place, word in enumerate(typed) if accented(word)]
        return [name for name in names if all(name.sounds[place] == typed_so for place, typed_so in spelt)]

    def _kind_behind(self, text: _Text, end: int, names: Sequence[_Name]) -> tuple[int, Sequence[_Name]]:
        """The kind of a district or a town may stand behind its name, where no name follows that it belongs to."""
        for size in (2, 1):
            after = end + size
            kind = self._kinds.get(tuple(text.folded[end:after]), "")
            narrowed = [name for name in names if name.kind == kind and kind not in ALWAYS_BEFORE]
            follows = after < len(text) and (self._is_strange(text, after) or text.folded[after] in self._longest)
            if narrowed and not follows and text.folded[after : after + 1] != ["nao"]:
                return after, narrowed
        return end, names

    def _near(self, text: _Text, start: int, first: int, kind: str) -> Mention | None:
        """The names that one slip of the finger makes into what follows a kind."""
        for size in range(min(4, len(text) - first), 0, -1):
            typed = text.typed[first : first + size]
            joined = "".join(text.folded[first : first + size])
            bares = self._near_bares(typed)
            names = [
                name for bare in bares for name in self._names[bare] if name.kind == kind and _sounds_like(typed, name)
            ]
            if names:
                sure = any(joined == "".join(bare) for bare in bares) or (
                    len("".join(names[0].bare)) >= SURE_SLIP and typed[0][0] == fold(names[0].bare[0])[0]
                )
                return Mention(start, first + size, _ids(names), sure)
        return None

    def _unknown(self, text: _Text, start: int) -> Mention | None:
        """A unit that there is not: a kind and a word that says nothing else, or the name of another province."""
        if start in text.elsewhere:
            return Mention(start, text.elsewhere[start], ())
        head = next((size for size in (2, 1) if self._is_head(text, start, size)), 0)
        end = start + head
        most = min(len(text), start + head + LONGEST_UNKNOWN) if head else end
        while end < most and self._is_strange(text, end) and end - 1 not in text.stops:
            end += 1
        return Mention(start, end, ()) if head and end > start + head else None

    def _is_head(self, text: _Text, start: int, size: int) -> bool:
        """Whether a kind is written out there, with its diacritics or with none."""
        return tuple(map(sound, text.typed[start : start + size])) in self._heads

    def _is_strange(self, text: _Text, place: int) -> bool:
        return place not in text.ordinary and text.folded[place].isalpha()

    def _child_before(self, mention: Mention, floor: int, text: _Text) -> Mention:
        """A district with strange words right before it (from ``floor`` on), which are then the name of one below it
        or of none."""
        most = min(4, mention.start - floor)
        districts = [unit for unit in mention.units if self._units.by_id[unit].kind is UnitKind.DISTRICT]
        strange = 0
        while strange < most and self._is_strange(text, mention.start - strange - 1):
            strange += 1
        if not districts or not strange:
            return mention
        children = {child.id for unit in districts for child in self._units.children(unit)}
        for size in range(most, 0, -1):
            typed = text.typed[mention.start - size : mention.start]
            ids = _ids(name for bare in self._near_bares(typed) for name in self._names[bare])
            below = tuple(unit for unit in ids if unit in children)
            if below:
                return Mention(mention.start - size, mention.end, below)
        named = strange > 1 or text.folded[mention.start - strange - 1 : mention.start - strange] in COMMUNES
        return Mention(mention.start - strange, mention.end, ()) if named else mention

    def _near_bares(self, typed: Sequence[str]) -> list[Words]:
        """The names that are ``typed`` but for one slip of the finger."""
        joined = "".join(map(fold, typed))
        near = process.extract(joined, self._all_joined, scorer=OSA.distance, score_cutoff=1, limit=6)
        return [bare for found, _, _ in near for bare in self._joined[found] if is_slip(typed, bare)]

    def _with_parents(self, mentions: Sequence[Mention], text: _Text) -> list[Mention]:
        """A unit named beside another is taken for its parent where it can be; where it cannot, there is no such
        unit."""
        found: list[Mention] = []
        for mention in mentions:
            last = found[-1] if found else None
            if last is None or not set(text.folded[last.end : mention.start]) <= self._between:
                found.append(mention)
                continue
            joined = self._joined_up(last, mention, text)
            if joined:
                found[-1] = joined
            else:
                found.append(mention)
        return found

    def _joined_up(self, first: Mention, then: Mention, text: _Text) -> Mention | None:
        """Both mentions as one, or None when they stand for themselves."""
        both = Mention(first.start, then.end, ())
        if below := self._children(first, then):
            return replace(both, units=below)
        if below := self._children(then, first):
            return replace(both, units=below)
        if not first.units or not then.units:
            return both
        districts = [unit for unit in then.units if self._units.by_id[unit].kind is UnitKind.DISTRICT]
        communes = [unit for unit in first.units if self._units.by_id[unit].kind is UnitKind.COMMUNE]
        if len(communes) < len(first.units) or not districts or not self._says_kind(text, then.start):
            return None
        return replace(both, units=tuple(unit for unit in communes if self._came_from(unit, districts)))

    def _says_kind(self, text: _Text, start: int) -> bool:
        return any(self._kinds_at(text, start))

    def _children(self, mention: Mention, parent: Mention) -> tuple[str, ...]:
        return tuple(unit for unit in mention.units if self._units.by_id[unit].parent in parent.units)

    def _came_from(self, unit: str, districts: Sequence[str]) -> bool:
        """Whether the unit of today ``unit`` was made of units below one of ``districts``."""
        return any(old.parent in districts for old, _ in self._units.predecessors(unit))

    def _told_apart(self, ids: tuple[str, ...], text: _Text) -> tuple[str, ...]:
        units = [self._units.by_id[unit_id] for unit_id in ids]
        if is_said(self._past, text.typed):
            units = [unit for unit in units if unit.valid_from is None] or units
        elif is_said(self._today, text.typed):
            units = [unit for unit in units if unit.valid_to is None] or units
        names = {(fold(unit.name), unit.kind) for unit in units}
        earlier = [unit for unit in units if unit.valid_from is None]
        return tuple(unit.id for unit in (earlier if len(names) == len(earlier) == 1 else units))

    def _written(self, unit: Unit) -> Iterable[_Name]:
        for name in (unit.name, *unit.aliases):
            words = tokens(name)
            kind, length = "", 0
            if unit.kind is not UnitKind.DEPARTMENT:
                kind, length = next(self._kinds_at(_Text(words, [fold(word) for word in words]), 0), ("", 0))
            if length == len(words):
                kind, length = "", 0
            bare = words[length:]
            yield _Name(unit, kind, tuple(map(fold, bare)), tuple(map(sound, bare)))


def _ids(names: Iterable[_Name]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.unit.id for name in names))


def _has_more_marks(typed: Sequence[str], name: _Name) -> bool:
    """Whether ``typed`` has a diacritic that ``name`` has not: left out they often are, put in they make another
    name."""
    return any(not marks_of(word) <= marks_of(right) for word, right in zip(typed, name.sounds, strict=True))


def _sounds_like(typed: Sequence[str], name: _Name) -> bool:
    """Whether the diacritics of the words that are right otherwise do not contradict."""
    if len(typed) != len(name.bare):
        return True
    pairs = zip(typed, name.bare, name.sounds, strict=True)
    return all(sound(word) == right for word, bare, right in pairs if fold(word) == bare and accented(word))


def _phrases(words: Iterable[str]) -> Phrases[None]:
    return Phrases([(None, word) for word in words])
