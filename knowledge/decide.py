"""The three-way decision: answer, offer a choice, or say that it is not known. Small talk is kept apart."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from knowledge.search import Found, Hit


class Decision(StrEnum):
    ANSWER = "answer"
    CHOOSE = "choose"
    NONE = "none"
    SMALLTALK = "smalltalk"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """On the score 0..1 of the best hit, and on its lead over the next."""

    answer: float = 0.62
    lead: float = 0.04
    choose: float = 0.42
    smalltalk: float = 0.80
    close: float = 0.75


@dataclass(frozen=True, slots=True)
class Verdict:
    """``hits`` are what to answer with (one), to choose from (two or three), the talk, or none."""

    decision: Decision
    hits: tuple[Hit, ...]


def decide(found: Found, thresholds: Thresholds | None = None) -> Verdict:
    """What to do with ``found``."""
    limits = thresholds or Thresholds()
    hits = tuple(hit for hit in found.hits if not hit.is_talk)
    if found.hits and found.hits[0].is_talk and found.hits[0].score >= limits.smalltalk:
        return Verdict(Decision.SMALLTALK, found.hits[:1])
    if found.exact and len(hits) == 1:
        return Verdict(Decision.ANSWER, hits)
    if not hits or hits[0].score < limits.choose:
        return Verdict(Decision.NONE, ())
    best = hits[0].score
    second = hits[1].score if len(hits) > 1 else 0.0
    if best >= limits.answer and best - second >= limits.lead * best:
        return Verdict(Decision.ANSWER, hits[:1])
    return Verdict(Decision.CHOOSE, tuple(hit for hit in hits[:MAX_CHOICES] if hit.score >= limits.close * best))


MAX_CHOICES = 3
