"""Finds what fits a question, best first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from knowledge.index import Index, Line, Near
from knowledge.kin import Kin
from knowledge.model import Entry, Facet, Knowledge, Procedure
from knowledge.normal import Abbreviations
from knowledge.query import Query, QueryReader
from knowledge.rank import FEATURES, Asked, Owner, Worded, describe, probabilities
from knowledge.text import fold, sound, tokens

_CODE = re.compile(r"(?<![\d.])\d\.\d{6}(?!\d)")
_TALK = "talk:"
_ELSEWHERE = "elsewhere:"
#: The topic whose entries tell of several procedures each.
_EVENTS = "su-kien"
_UNNAMED = FEATURES.index("unnamed")
CANDIDATES = 10
#: How many lines and titles that came into question are kept weighed.
KEPT = 4096
#: What a filler, or a word that asks for a facet, counts beside a word of the subject.
ASIDE = 0.3


@dataclass(frozen=True, slots=True)
class Hit:
    """An item (or a kind of small talk, id "talk:…") and the probability 0..1 that it is the right one. ``beside`` is
    the common case, when this is a rare variant of it and nothing was said that sets it apart."""

    id: str
    title: str
    score: float
    beside: str | None = None

    @property
    def is_talk(self) -> bool:
        return is_talk(self.id)


def is_talk(item_id: str) -> bool:
    return item_id.startswith(_TALK)


def is_elsewhere(item_id: str) -> bool:
    """Whether this only stands for what is not ours."""
    return item_id.startswith(_ELSEWHERE)


@dataclass(frozen=True, slots=True)
class Found:
    """``hits`` best first; ``exact`` when the question names a procedure by its code."""

    query: Query
    hits: tuple[Hit, ...]
    exact: bool = False

    @property
    def facet(self) -> Facet | None:
        return self.query.facet


@dataclass(frozen=True, slots=True)
class Candidate:
    """An owner with its nearest line and its features, in the order of ``rank.FEATURES``."""

    owner: Owner
    line: int
    features: tuple[float, ...]

    def hit(self, chance: float) -> Hit:
        unnamed = self.features[_UNNAMED]
        return Hit(self.owner.id, self.owner.title, round(chance, 4), self.owner.beside if unnamed else None)


class Search:
    """Searches one body of knowledge. Building takes a second, asking about a millisecond."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._owners: list[Owner] = []
        lines: list[Line] = []
        abbreviations = Abbreviations(knowledge.lexicon)
        kin = Kin(knowledge)
        for item_id, title, texts in texts_of(knowledge):
            written = [abbreviations.written_out(text) for text in texts]
            lines += (Line(len(self._owners), words) for words in written)
            self._owners.append(_owner(item_id, title, written, knowledge, kin))
        self._index = Index(lines)
        self._reader = QueryReader(knowledge.lexicon, self._index.vocabulary(), knowledge.dialogue.following)
        self._line_words = lru_cache(maxsize=KEPT)(self._words_of_line)
        self._title_words = lru_cache(maxsize=KEPT)(self._words_of_title)

    def find(self, text: str, limit: int = 10) -> Found:
        query = self.read(text)
        if named := self._named(text):
            return Found(query, tuple(Hit(item.id, item.title, 1.0) for item in named[:limit]), exact=True)
        ours = [found.hit(chance) for chance, found in self.ranked(query) if not found.owner.elsewhere]
        return Found(query, tuple(ours[:limit]))

    def ranked(self, query: Query) -> list[tuple[float, Candidate]]:
        """The candidates with their probabilities, best first."""
        candidates = self.candidates(query)
        chances = probabilities([candidate.features for candidate in candidates], self._knowledge.weights)
        return sorted(zip(chances, candidates, strict=True), key=lambda pair: -pair[0])

    def line(self, candidate: Candidate) -> str:
        """The words of the candidate's nearest line."""
        return " ".join(self._index.folded[candidate.line])

    def read(self, text: str, *, following: bool = False) -> Query:
        """``text`` as the search understands it; ``following`` when it may go on about a subject."""
        return self._reader.read(text, following=following)

    def candidates(self, query: Query) -> list[Candidate]:
        """What comes into question, described but not yet ranked."""
        if not query.words:
            return []
        asked = self._asked(query)
        counts = [1.0 if core else ASIDE for core in query.is_core]
        words = [(word, count) for (word, _), count in zip(asked.words.words, counts, strict=True)]
        sounds = list(zip(map(sound, query.words), counts, strict=True)) if query.accented else []
        nearest = self._index.nearest(words, sounds, CANDIDATES)
        return [self._candidate(asked, near) for near in nearest if near.whole > 0]

    def _asked(self, query: Query) -> Asked:
        folded = [fold(word) for word in query.words]
        words = Worded.of(folded, self._index.idf)
        core = Worded.of([fold(word) for word in query.core], self._index.idf)
        said = frozenset(word for (word, _), asking in zip(words.words, query.is_asking, strict=True) if not asking)
        told = self._knowledge.words.told(folded)
        return Asked(words, core, query.core if query.accented else (), said, query.facet is not None, told)

    def _candidate(self, asked: Asked, near: Near) -> Candidate:
        owner = self._owners[near.owner]
        words, title = self._line_words(near.line), self._title_words(near.owner)
        return Candidate(owner, near.line, describe(asked, near, words, title, owner))

    def _words_of_line(self, line: int) -> Worded:
        return Worded.of(self._index.folded[line], self._index.idf)

    def _words_of_title(self, owner: int) -> Worded:
        return Worded.of([fold(word) for word in tokens(self._owners[owner].title)], self._index.idf)

    def _named(self, text: str) -> list[Procedure]:
        codes = dict.fromkeys(_CODE.findall(text))
        return [self._knowledge.procedures[code] for code in codes if code in self._knowledge.procedures]


def texts_of(knowledge: Knowledge) -> Iterator[tuple[str, str, list[str]]]:
    """(id, title, lines) of everything that can be found."""
    for entry in knowledge.entries.values():
        texts = [entry.title, entry.label, *entry.phrasings, " ".join(entry.keywords)]
        yield entry.id, entry.title, [text for text in texts if text]
    subjects: dict[str, list[str]] = {}
    for subject, code in knowledge.usual.items():
        subjects.setdefault(code, []).append(subject)
    for procedure in knowledge.procedures.values():
        texts = [procedure.name, procedure.keywords]
        texts += subjects.get(procedure.code, [])
        if spoken := knowledge.spoken.get(procedure.code):
            texts += [spoken.label, *spoken.phrasings, " ".join(spoken.keywords)]
        yield procedure.code, procedure.name, [text for text in texts if text]
    for talk in knowledge.smalltalk.values():
        yield _TALK + talk.id, talk.id, list(talk.phrasings)
    for strange in knowledge.elsewhere.values():
        yield _ELSEWHERE + strange.id, strange.id, list(strange.phrasings)


def _owner(item_id: str, title: str, lines: Sequence[Sequence[str]], knowledge: Knowledge, kin: Kin) -> Owner:
    item = knowledge.item(item_id)
    words = [word for line in lines for word in line]
    spoken = knowledge.spoken.get(item_id)
    return Owner(
        id=item_id,
        title=title,
        vocabulary=frozenset(map(fold, words)),
        sounds=frozenset(map(sound, words)),
        procedure=isinstance(item, Procedure),
        talk=is_talk(item_id),
        elsewhere=is_elsewhere(item_id),
        event=isinstance(item, Entry) and item.topic == _EVENTS,
        one_stop=isinstance(item, Procedure) and item.one_stop,
        common=spoken is not None and spoken.variant_of is None,
        usual=kin.subjects(item_id),
        beside=kin.common(item_id) if isinstance(item, Procedure) else None,
        apart=kin.apart(item_id) if isinstance(item, Procedure) else None,
    )
