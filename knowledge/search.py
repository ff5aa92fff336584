"""Ranks what is known by how well it fits a question."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from knowledge.index import Index, Line, Mix
from knowledge.model import Facet, Item, Knowledge, Procedure
from knowledge.query import Query, QueryReader
from knowledge.text import tokens

_CODE = re.compile(r"(?<![\d.])\d\.\d{6}(?!\d)")
_TALK = "talk:"


@dataclass(frozen=True, slots=True)
class Hit:
    """An item (or a kind of small talk, id "talk:…") and its score 0..1."""

    id: str
    title: str
    score: float

    @property
    def is_talk(self) -> bool:
        return self.id.startswith(_TALK)


@dataclass(frozen=True, slots=True)
class Found:
    """``hits`` best first; ``exact`` when the question names a procedure by its code."""

    query: Query
    hits: tuple[Hit, ...]
    exact: bool = False

    @property
    def facet(self) -> Facet | None:
        return self.query.facet


class Search:
    """Searches one body of knowledge. Building takes a second, asking about a millisecond."""

    def __init__(self, knowledge: Knowledge, mix: Mix | None = None) -> None:
        self._knowledge = knowledge
        self._reader = QueryReader(knowledge.lexicon)
        self._items: list[tuple[str, str]] = []
        lines: list[Line] = []
        for item_id, title, texts in texts_of(knowledge):
            owner = len(self._items)
            self._items.append((item_id, title))
            lines += (Line(owner, tuple(tokens(text)), weight) for text, weight in texts)
        self._index = Index(lines, mix)
        owners = np.array([line.owner for line in lines], dtype=np.int64)
        self._starts = np.flatnonzero(np.diff(owners, prepend=-1))
        self._bonus = np.array([_prior(knowledge.item(item_id)) for item_id, _ in self._items])

    def find(self, text: str, limit: int = 10) -> Found:
        query = self._reader.read(text)
        if named := self._named(text):
            return Found(query, tuple(Hit(item.id, item.title, 1.0) for item in named[:limit]), exact=True)
        if not query.words:
            return Found(query, ())
        return Found(query, tuple(self._ranked(query, limit)))

    def _named(self, text: str) -> list[Procedure]:
        codes = dict.fromkeys(_CODE.findall(text))
        return [self._knowledge.procedures[code] for code in codes if code in self._knowledge.procedures]

    def _ranked(self, query: Query, limit: int) -> Iterator[Hit]:
        lines = self._index.score(query.words, query.accented)
        if query.core != query.words:
            lines = np.maximum(lines, self._index.score(query.core, query.accented))
        scores = np.maximum.reduceat(lines, self._starts)
        scores = np.where(scores > 0, scores + self._bonus * scores, 0)
        top = np.argpartition(-scores, min(limit, len(scores) - 1))[:limit]
        for number in top[np.argsort(-scores[top], kind="stable")]:
            if scores[number] > 0:
                item_id, title = self._items[number]
                yield Hit(item_id, title, round(min(float(scores[number]), 1.0), 4))


def texts_of(knowledge: Knowledge) -> Iterator[tuple[str, str, list[tuple[str, float]]]]:
    """(id, title, lines with their weights) of everything that can be found."""
    for entry in knowledge.entries.values():
        yield (
            entry.id,
            entry.title,
            [(text, 1.0) for text in (entry.title, entry.label, *entry.phrasings)]
            + [(" ".join(entry.keywords), 0.9)] * bool(entry.keywords),
        )
    for procedure in knowledge.procedures.values():
        texts = [(procedure.name, 1.0)]
        if procedure.keywords:
            texts.append((procedure.keywords, 0.9))
        if spoken := knowledge.spoken.get(procedure.code):
            texts += [(text, 1.0) for text in (spoken.label, *spoken.phrasings)]
            texts.append((" ".join(spoken.keywords), 0.9))
        yield procedure.code, procedure.name, texts
    for talk in knowledge.smalltalk.values():
        yield _TALK + talk.id, talk.id, [(text, 1.0) for text in talk.phrasings]


def _prior(item: Item | None) -> float:
    """What a citizen asks more often scores a little higher: the commune's one-stop desk before the ministry."""
    return ONE_STOP_PRIOR if isinstance(item, Procedure) and item.one_stop else 0.0


ONE_STOP_PRIOR = 0.1
