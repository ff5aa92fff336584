"""Ranks candidates by a linear model over a few readable features, as probabilities that also weigh "none of them".

The weights are learned from questions with known answers (``benchmarks/train.py``); they stand in
``content/weights.toml``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from knowledge.index import Near
from knowledge.text import sound

FEATURES = (
    "words",  # cosines of the best line: words, words with diacritics, letters
    "exact",
    "letters",
    "whole_words",  # cosines of all lines together
    "whole_letters",
    "covered",  # share of the question's subject that the item's words cover
    "covered_all",  # the same of the whole question
    "line_covered",  # share of the best line that the question covers
    "contradicted",  # share of the subject that differs in diacritics only
    "procedure",
    "talk",
    "one_stop",
    "title_covered",  # share of a procedure's name that the question covers
    "both_covered",  # question and line cover each other
    "shortness",  # few words say little
)


#: Tells how telling a folded word is.
Telling = Callable[[str], float]


@dataclass(frozen=True, slots=True)
class Owner:
    """What ranking needs to know of an item. Word sets are folded, ``sounds`` keep diacritics."""

    id: str
    title: str
    title_words: tuple[str, ...]
    vocabulary: frozenset[str]
    sounds: frozenset[str]
    procedure: bool = False
    talk: bool = False
    one_stop: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A question ready to compare: ``core`` and ``words`` folded and repaired; ``core_typed`` as typed."""

    words: tuple[str, ...]
    core: tuple[str, ...]
    core_typed: tuple[str, ...]
    accented: bool


@dataclass(frozen=True, slots=True)
class Weights:
    """What each feature counts, and the score that "none of them" starts with."""

    none: float
    features: Mapping[str, float]


def describe(asked: Asked, near: Near, line: Sequence[str], owner: Owner, idf: Telling) -> tuple[float, ...]:
    """The features of one candidate, in the order of FEATURES."""
    said = frozenset(asked.words)
    covered = part(asked.core, owner.vocabulary.__contains__, idf)
    line_covered = part(line, said.__contains__, idf)
    return (
        near.words,
        near.exact,
        near.letters,
        near.whole_words,
        near.whole_letters,
        covered,
        part(asked.words, owner.vocabulary.__contains__, idf),
        line_covered,
        _contradicted(asked, owner, idf) if asked.accented else 0.0,
        float(owner.procedure),
        float(owner.talk),
        float(owner.one_stop),
        part(owner.title_words, said.__contains__, idf) if owner.procedure else 0.0,
        covered * line_covered,
        1 / len(asked.core),
    )


def part(words: Sequence[str], counts: Callable[[str], bool], idf: Telling) -> float:
    """The share of ``words``, by how telling they are, that ``counts``."""
    total = sum(map(idf, words))
    return sum(idf(word) for word in words if counts(word)) / total if total else 0.0


def _contradicted(asked: Asked, owner: Owner, idf: Telling) -> float:
    differing = {
        folded
        for folded, typed in zip(asked.core, asked.core_typed, strict=True)
        if folded in owner.vocabulary and sound(typed) not in owner.sounds
    }
    return part(asked.core, differing.__contains__, idf)


def probabilities(described: Sequence[Sequence[float]], weights: Weights) -> list[float]:
    """How likely each candidate is the right one; what is missing to 1 is the chance that none is."""
    values = [weights.features.get(name, 0.0) for name in FEATURES]
    scores = [sum(value * feature for value, feature in zip(values, row, strict=True)) for row in described]
    highest = max([*scores, weights.none])
    powers = [math.exp(score - highest) for score in scores]
    total = sum(powers) + math.exp(weights.none - highest)
    return [power / total for power in powers]
