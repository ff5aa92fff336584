"""What is said in a question about figures: cues, levels, numbers, and what is said besides."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from knowledge.kpi_model import Cue, KpiWords, UnitKind
from knowledge.phrases import Phrases
from knowledge.places import Mention
from knowledge.query import Query
from knowledge.text import fold, tokens

#: The kinds of unit as names write them, folded, with their level. Towns and cities are districts by level.
KINDS = {
    "xa": UnitKind.COMMUNE,
    "phuong": UnitKind.COMMUNE,
    "thi tran": UnitKind.COMMUNE,
    "huyen": UnitKind.DISTRICT,
    "thi xa": UnitKind.DISTRICT,
    "thanh pho": UnitKind.DISTRICT,
}
#: A kind that also stands for its whole level.
GENERAL = "huyen"
_LEVELS = {Cue.DEPARTMENT: UnitKind.DEPARTMENT, Cue.DISTRICT: UnitKind.DISTRICT, Cue.COMMUNE: UnitKind.COMMUNE}
MOST_LEFT = 1
#: Short for "target", and for other things where no amount is asked for.
TARGET = "ct"
#: "Ten" stands behind the tens and before the ones; behind it four and five have other words too.
TEN, AFTER_TEN = "muoi", {"tu": 4, "lam": 5}
#: Stands for a word of a name, so that what is before and behind it is not read together.
NAMED = "_"


@dataclass(frozen=True, slots=True)
class Said:
    """``levels`` with the one ``kind`` of unit that is meant ("" for all of a level). ``strange``: words that say
    nothing known."""

    cues: frozenset[Cue]
    folded: tuple[str, ...]
    levels: tuple[UnitKind, ...] = ()
    kind: str = ""
    strange: int = 0

    def has(self, *cues: Cue) -> bool:
        return not self.cues.isdisjoint(cues)

    @property
    def is_about_dossiers(self) -> bool:
        reported = self.has(Cue.VAGUE, Cue.RATE) and self.has(Cue.PURPOSE)
        return self.has(Cue.DOSSIER) or self.strange <= MOST_LEFT or reported


@dataclass(frozen=True, slots=True)
class Heard:
    """The cues in a text before names are told apart: of its words ``as_typed`` (these folded: ``typed``), and as they
    are understood (``spoken``)."""

    typed: list[str]
    as_typed: frozenset[Cue]
    spoken: frozenset[Cue]

    def has(self, cues: frozenset[Cue]) -> bool:
        return not (self.as_typed.isdisjoint(cues) and self.spoken.isdisjoint(cues))


class CueReader:
    """Reads what is said with one set of words."""

    def __init__(self, words: KpiWords, fillers: Collection[str], departments: Collection[str]) -> None:
        self._cues = _Cues(words)
        self._asides = Phrases([(None, phrase) for phrase in words.get(Cue.ROW_ASIDE, ())])
        self._numbers = {fold(word): place for place, word in enumerate(words.get(Cue.NUMBER, ()), 1)}
        self._departments = frozenset(departments)
        counted = (fold(word) for word in words.get(Cue.COUNTED, ()))
        self._counted = frozenset((*KINDS, *self._departments, *counted))
        self._wholes = Phrases([(None, phrase) for phrase in words.get(Cue.WHOLE, ())])
        self._dated = frozenset(fold(word) for word in words.get(Cue.DATED, ()))
        self._no_level = Phrases([(None, phrase) for phrase in words.get(Cue.NO_LEVEL, ())])
        said = (phrase for cue, phrases in words.items() if cue is not Cue.OTHER for phrase in phrases)
        self.ordinary = (*said, *fillers)
        self._ordinary = frozenset(word for phrase in self.ordinary for word in tokens(fold(phrase)))

    def hear(self, query: Query) -> Heard:
        """The cues in ``query``, whatever it names."""
        typed = [fold(step.typed) for step in query.steps]
        understood = [word for _, word in _pairs(query, ())]
        spoken = self._cues.said(understood)
        return Heard(typed, spoken if understood == typed else self._cues.said(typed), spoken)

    def read(self, query: Query, heard: Heard, mentions: Sequence[Mention], *, percent: bool) -> Said:
        """``heard``: the same text as it was heard; ``percent``: a percent sign stands in it, which tokens do not
        show."""
        typed, named = heard.typed, _named(mentions)
        spoken = self._cues.said([word for _, word in _pairs(query, named)]) if named else heard.spoken
        as_typed = heard.as_typed - {Cue.OTHER}
        if Cue.TARGET in as_typed and TARGET in typed:
            spoken = self._cues.said([TARGET if each == TARGET else word for each, word in _pairs(query, named)])
        cues = as_typed | spoken
        if percent:
            cues |= {Cue.FIGURE, Cue.RATE}
        kinds = self._kinds(typed, named)
        levels = tuple(level for cue, level in _LEVELS.items() if cue in cues)
        said = {KINDS[kind] for kind, _ in kinds}
        levels = levels or tuple(level for level in (UnitKind.COMMUNE, UnitKind.DISTRICT) if level in said)
        levels = levels or self._counted_departments(typed, named)
        return Said(
            frozenset(cues),
            tuple(typed),
            levels,
            _one_kind([kind for kind, _ in kinds], levels, whole=Cue.LEVEL in cues),
            self._strange(query, named),
        )

    def subject(self, query: Query, mentions: Sequence[Mention], *, typed: bool = False) -> list[str]:
        """The words that may be of a row's name, folded: as they were understood, or as ``typed``."""
        named = _named(mentions)
        left = [step for place, step in enumerate(query.steps) if place not in named]
        words = [fold(word) for step in left for word in ((step.typed,) if typed else step.words)]
        aside = self._asides.places(words)
        return [word for place, word in enumerate(words) if place not in aside and not word.isdigit()]

    def _kinds(self, typed: Sequence[str], named: Collection[int]) -> list[tuple[str, int]]:
        """The kinds of unit that stand beside no name, with their places."""
        aside = self._no_level.places(typed) | set(named)
        found: list[tuple[str, int]] = []
        place = 0
        while place < len(typed):
            words = (" ".join(typed[place : place + size]) for size in (2, 1))
            kind = next((word for word in words if word in KINDS), "")
            if kind and place not in aside:
                found.append((kind, place))
            place += len(kind.split()) or 1
        return found

    def _counted_departments(self, typed: Sequence[str], named: Collection[int]) -> tuple[UnitKind, ...]:
        """Departments after a number: without diacritics their word alone says too little."""
        counted = any(
            word in self._departments and place not in named and place and self._number(typed[place - 1])
            for place, word in enumerate(typed)
        )
        return (UnitKind.DEPARTMENT,) if counted else ()

    def _strange(self, query: Query, named: Collection[int]) -> int:
        return sum(
            not all(fold(word) in self._ordinary or word.isdigit() for word in step.words)
            for place, step in enumerate(query.steps)
            if place not in named and fold(step.typed) not in self._ordinary
        )

    def _number_at(self, typed: list[str], place: int) -> tuple[int, int]:
        """The number that begins at ``place``, 0 when none does, and of how many words it is."""
        number, size = self._number(typed[place]), 1
        if number and typed[place + 1 : place + 2] == [TEN]:
            number, size = number * 10, 2
        ones = typed[place + size] if place + size < len(typed) else ""
        if typed[place + size - 1] == TEN and 0 < (one := AFTER_TEN.get(ones, self._numbers.get(ones, 0))) < 10:  # noqa: PLR2004
            number, size = number + one, size + 1
        return number, size

    def _number(self, word: str) -> int:
        return int(word) if word.isdigit() and len(word) < 4 else self._numbers.get(word, 0)  # noqa: PLR2004 a year

    def numbers(self, typed: list[str], mentions: Sequence[Mention]) -> list[tuple[int, bool]]:
        """(number, whether a kind of unit follows) in the order of the ``typed`` words, folded, but last those of all
        there are."""
        named = _named(mentions)
        behind_whole = {match.places[-1] + 1 for match in self._wholes.found(typed)}
        counts: list[tuple[int, bool]] = []
        wholes: list[tuple[int, bool]] = []
        place, dated = 0, False
        while place < len(typed):
            number, size = self._number_at(typed, place)
            dated = bool(number) and (dated or typed[max(0, place - 1)] in self._dated)
            if number and not dated and place not in named:
                before = self._is_counted(typed, place + size, named)
                is_number = before or typed[place].isdigit() or typed[place - 1 : place] == ["top"]
                if is_number and place in behind_whole:
                    wholes.append((number, False))
                elif is_number:
                    counts.append((number, before))
            place += size
        return counts + wholes

    def _is_counted(self, typed: list[str], place: int, named: Collection[int]) -> bool:
        """Whether what stands at ``place`` is what one counts here, and not the kind of a name."""
        follows = (" ".join(typed[place : place + size]) for size in (1, 2))
        return place not in named and any(each in self._counted for each in follows)


def _named(mentions: Sequence[Mention]) -> set[int]:
    """The places of the words of names."""
    return {place for mention in mentions for place in range(mention.start, mention.end)}


def _pairs(query: Query, named: Collection[int]) -> list[tuple[str, str]]:
    """Each word as it was understood, folded, behind the token that it was read from."""
    return [
        (fold(step.typed), fold(word))
        for place, step in enumerate(query.steps)
        for word in ((NAMED,) if place in named else step.words)
    ]


def _one_kind(kinds: Sequence[str], levels: Sequence[UnitKind], *, whole: bool) -> str:
    """The one kind of the first level that is said, unless its word stands for all of the level."""
    of_level = {kind for kind in kinds if levels and KINDS[kind] is levels[0]}
    return of_level.pop() if len(of_level) == 1 and not whole and GENERAL not in of_level else ""


class _Cues:
    """All phrases of all cues."""

    def __init__(self, words: KpiWords) -> None:
        cues: dict[str, set[Cue]] = {}
        for cue, phrases in words.items():
            for phrase in phrases:
                cues.setdefault(fold(phrase), set()).add(cue)
        self._phrases = Phrases([(frozenset(found), phrase) for phrase, found in cues.items()])

    def said(self, folded: Sequence[str]) -> frozenset[Cue]:
        """The cues of which a phrase stands in ``folded``."""
        return frozenset().union(*self._phrases.meanings(tuple(folded)))
