"""The three-way decision: answer, offer a choice, or say that it is not known. Small talk is kept apart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from knowledge.search import Found, Hit

MAX_CHOICES = 3
#: Where a procedure's name tells its level in brackets, and what else is said in passing.
_ASIDE = re.compile(r"\s*\([^()]*\)")


class Decision(StrEnum):
    ANSWER = "answer"
    CHOOSE = "choose"
    NONE = "none"
    SMALLTALK = "smalltalk"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """On probabilities: of the best hit to answer with it, of the best three together to offer them, of small talk. A
    choice is worth offering from ``choice`` times the best one's probability. ``benchmarks/train.py`` prints the curves
    that they were chosen from."""

    answer: float = 0.95
    offer: float = 0.45
    smalltalk: float = 0.50
    choice: float = 0.10


@dataclass(frozen=True, slots=True)
class Verdict:
    """``hits`` are what to answer with (one), to choose from (one to three), the talk, or none."""

    decision: Decision
    hits: tuple[Hit, ...]


def decide(found: Found, thresholds: Thresholds | None = None) -> Verdict:
    """What to do with ``found``."""
    limits = thresholds or Thresholds()
    if found.hits and found.hits[0].is_talk and found.hits[0].score >= limits.smalltalk:
        return Verdict(Decision.SMALLTALK, found.hits[:1])
    hits = tuple(hit for hit in found.hits if not hit.is_talk)
    if found.exact and len(hits) > 1:
        return Verdict(Decision.CHOOSE, hits[:MAX_CHOICES])
    if not hits or sum(hit.score for hit in hits[:MAX_CHOICES]) < limits.offer:
        return Verdict(Decision.NONE, ())
    best = hits[0].score
    if best >= limits.answer:
        return Verdict(Decision.ANSWER, hits[:1])
    return Verdict(Decision.CHOOSE, _choices(hits, limits.choice))


def _choices(hits: Sequence[Hit], share: float) -> tuple[Hit, ...]:
    """The best hits of at least that ``share`` of the best one's score, none twice: the common case in place of a rare
    variant that nothing in the question sets apart, and the same procedure at several levels once."""
    known = {hit.id: hit for hit in hits}
    found: dict[str, Hit] = {}
    for hit in hits:
        if hit.score >= share * hits[0].score:
            usual = known.get(hit.beside or "", hit)
            shown = usual if usual.score >= share * hit.score else hit
            found.setdefault(_ASIDE.sub("", shown.title).lower(), shown)
    return tuple(found.values())[:MAX_CHOICES]
