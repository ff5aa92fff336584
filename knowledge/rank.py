"""Ranks candidates by a linear model over a few readable features, as probabilities that also weigh "none of them".

The weights are learned from questions with known answers (``benchmarks/train.py``); they stand in
``content/weights.toml``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import mul

from knowledge.index import Near
from knowledge.model import Weights
from knowledge.text import sound
from knowledge.word_weights import Told

FEATURES = (
    "words",  # cosine of the best line
    "exact",  # the same with diacritics
    "whole",  # how much all lines together say of it
    "covered",  # share of the question's subject that the item's words cover
    "covered_all",  # the same of the whole question
    "line_covered",  # share of the best line that the question covers
    "contradicted",  # share of the subject that differs in diacritics only
    "procedure",
    "talk",
    "elsewhere",  # what is not ours
    "one_stop",
    "title_covered",  # share of a procedure's name that the question covers
    "both_covered",  # question and line cover each other
    "substance",  # how telling those words of the subject are together that the item covers: few say little
    "common",  # a procedure that people ask for in words of their own
    "unnamed",  # a procedure beside the usual one, and nothing in the question names what sets it apart
    "usual",  # share of the question's subject that is one whose usual procedure this is
    "learned",  # how much the words speak for it rather than for others (see ``word_weights``)
    "unlearned",  # nothing was learned of its words
    "event",  # an event of life, with several procedures in it
    "side",  # a procedure, and a side of it is asked for
)


@dataclass(frozen=True, slots=True)
class Worded:
    """Folded words with how telling each is, and the sum of that."""

    words: tuple[tuple[str, float], ...]
    total: float

    @classmethod
    def of(cls, words: Sequence[str], idf: Callable[[str], float]) -> Worded:
        weights = list(map(idf, words))
        return cls(tuple(zip(words, weights, strict=True)), sum(weights))

    def share(self, within: frozenset[str]) -> float:
        """The share of the words, by how telling they are, that are ``within``."""
        found = 0.0
        for word, weight in self.words:
            if word in within:
                found += weight
        return found / self.total if self.total else 0.0


@dataclass(frozen=True, slots=True)
class Owner:
    """What ranking needs to know of an item. ``vocabulary`` is folded, ``sounds`` keep diacritics. ``usual``: the
    words of subjects that it is the usual procedure of; ``apart``: those that set it apart from the usual procedure
    beside which it stands, if it stands beside one; ``beside``: the common case that it is a rare variant of (see
    ``kin``)."""

    id: str
    title: str
    vocabulary: frozenset[str]
    sounds: frozenset[str]
    procedure: bool = False
    talk: bool = False
    elsewhere: bool = False
    event: bool = False
    one_stop: bool = False
    common: bool = False
    usual: tuple[frozenset[str], ...] = ()
    beside: str | None = None
    apart: frozenset[str] | None = None

    def is_unnamed(self, said: frozenset[str]) -> bool:
        """Whether this stands beside the usual procedure and nothing that was ``said`` sets it apart."""
        return self.apart is not None and self.apart.isdisjoint(said)

    def usual_share(self, asked: Asked) -> float:
        """How much of what is asked is a subject that this is the usual procedure of."""
        return max((asked.core.share(subject) for subject in self.usual if subject <= asked.said), default=0.0)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question ready to compare: all words and those of the subject, folded and repaired. ``typed`` are those of
    the subject with their diacritics, or none when the writer uses none; ``said`` is the set of all words but those
    that ask for a facet, ``asks``: whether one is asked for. ``told``: what was learned of the words."""

    words: Worded
    core: Worded
    typed: tuple[str, ...]
    said: frozenset[str]
    asks: bool
    told: Told


def describe(asked: Asked, near: Near, line: Worded, title: Worded, owner: Owner) -> tuple[float, ...]:
    """The features of one candidate, in the order of FEATURES."""
    learned = asked.told.speaks_for(owner.id)
    covered = asked.core.share(owner.vocabulary)
    line_covered = line.share(asked.said)
    return (
        near.words,
        near.exact,
        near.whole,
        covered,
        asked.words.share(owner.vocabulary),
        line_covered,
        _contradicted(asked, owner) if asked.typed else 0.0,
        float(owner.procedure),
        float(owner.talk),
        float(owner.elsewhere),
        float(owner.one_stop),
        title.share(asked.said) if owner.procedure else 0.0,
        covered * line_covered,
        math.log1p(covered * asked.core.total),
        float(owner.common),
        float(owner.is_unnamed(asked.said)),
        owner.usual_share(asked),
        learned or 0.0,
        float(learned is None),
        float(owner.event),
        float(owner.procedure and asked.asks),
    )


def _contradicted(asked: Asked, owner: Owner) -> float:
    differing = (
        weight
        for (folded, weight), typed in zip(asked.core.words, asked.typed, strict=True)
        if folded in owner.vocabulary and sound(typed) not in owner.sounds
    )
    return sum(differing) / asked.core.total


def contributions(features: Sequence[float], weights: Weights) -> list[tuple[str, float]]:
    """What each feature adds to a candidate's score, the most telling first."""
    parts = [(name, weights.features.get(name, 0.0) * value) for name, value in zip(FEATURES, features, strict=True)]
    return sorted((part for part in parts if part[1]), key=lambda part: -abs(part[1]))


def probabilities(described: Sequence[Sequence[float]], weights: Weights) -> list[float]:
    """How likely each candidate is the right one; what is missing to 1 is the chance that none is."""
    values = [weights.features.get(name, 0.0) for name in FEATURES]
    scores = [sum(map(mul, values, row)) for row in described]
    highest = max([*scores, weights.none])
    powers = [math.exp(score - highest) for score in scores]
    total = sum(powers) + math.exp(weights.none - highest)
    return [power / total for power in powers]
