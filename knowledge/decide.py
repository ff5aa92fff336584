"""The three-way decision: answer, offer a choice, or say that it is not known. Small talk is kept apart."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from knowledge.search import Found, Hit

MAX_CHOICES = 3


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

    answer: float = 0.87
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
    hits = tuple(hit for hit in found.hits if not hit.is_talk)[:MAX_CHOICES]
    if found.exact and len(hits) > 1:
        return Verdict(Decision.CHOOSE, hits)
    if not hits or sum(hit.score for hit in hits) < limits.offer:
        return Verdict(Decision.NONE, ())
    best = hits[0].score
    if best >= limits.answer:
        return Verdict(Decision.ANSWER, hits[:1])
    return Verdict(Decision.CHOOSE, tuple(hit for hit in hits if hit.score >= limits.choice * best))
