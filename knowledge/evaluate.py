"""How good the answers are, on questions whose right answers are known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from knowledge.decide import Decision
from knowledge.model import Facet


@dataclass(frozen=True, slots=True)
class Question:
    """``expect`` lists the ids that are right; none when the text is out of scope. ``facet`` is what it asks for.
    ``history`` are the turns before it in its conversation, oldest first. ``tolerated`` ids are no
    fault where the text is out of scope.

    Where the right ``decision`` is told, ``expect`` are all the right ids: in their order, or for "choose" exactly
    these in any order; and all of ``says`` must stand in the answer."""

    text: str
    expect: tuple[str, ...]
    group: str
    styles: tuple[str, ...] = ()
    facet: Facet | None = None
    history: tuple[str, ...] = ()
    tolerated: tuple[str, ...] = ()
    decision: Decision | None = None
    says: tuple[str, ...] = ()

    @property
    def in_scope(self) -> bool:
        return bool(self.expect)


@dataclass(frozen=True, slots=True)
class Given:
    """What was given in answer: the decision, the ids best first, the facet, how long it took, and the text."""

    decision: Decision
    ids: tuple[str, ...]
    facet: Facet | None
    ms: float
    text: str = ""


#: Small talk is as good a refusal as none.
REFUSALS = (Decision.NONE, Decision.SMALLTALK)
Answerer = Callable[[Question], Given]
Results = Sequence[tuple[Question, Given]]


@dataclass(frozen=True, slots=True)
class Score:
    """Shares 0..1 over ``count`` questions; a share with nothing to count is None. Times are milliseconds.

    ``answer``, ``choose`` and ``none`` (with small talk) share out the in-scope questions by decision. ``wrong`` are
    in-scope questions answered with confidence and wrongly, ``refused`` out-of-scope texts that got none, small talk or
    what is tolerated, ``fooled`` those answered with confidence, ``facet`` the right facets where the item was right.
    """

    count: int
    hit1: float | None
    hit3: float | None
    answer: float | None
    choose: float | None
    none: float | None
    wrong: float | None
    refused: float | None
    fooled: float | None
    facet: float | None
    p50: float
    p95: float
    p99: float


def run(questions: Iterable[Question], answer: Answerer) -> list[tuple[Question, Given]]:
    return [(question, answer(question)) for question in questions]


def score(results: Results) -> Score:
    """The figures over ``results``."""
    asked = [(question, given) for question, given in results if question.in_scope]
    strange = [(question, given) for question, given in results if not question.in_scope]
    faceted = [(q, g) for q, g in asked if q.facet and is_hit(q, g, 1)]
    times = sorted(given.ms for _, given in results)
    return Score(
        count=len(results),
        hit1=share(is_hit(question, given, 1) for question, given in asked),
        hit3=share(is_hit(question, given, 3) for question, given in asked),
        answer=share(given.decision is Decision.ANSWER for _, given in asked),
        choose=share(given.decision is Decision.CHOOSE for _, given in asked),
        none=share(given.decision in REFUSALS for _, given in asked),
        wrong=share(is_wrong(question, given) for question, given in asked),
        refused=share(given.decision in REFUSALS or is_tolerated(question, given) for question, given in strange),
        fooled=share(is_fooled(question, given) for question, given in strange),
        facet=share(given.facet is question.facet for question, given in faceted),
        p50=quantile(times, 0.50),
        p95=quantile(times, 0.95),
        p99=quantile(times, 0.99),
    )


def is_hit(question: Question, given: Given, depth: int) -> bool:
    if question.decision is not None:
        return is_right(question, given)
    return any(item_id in question.expect for item_id in given.ids[:depth])


def is_right(question: Question, given: Given) -> bool:
    """Whether a question whose ``decision`` is told was answered with all that it asks for."""
    offered = question.decision is Decision.CHOOSE
    ids = set(given.ids) == set(question.expect) if offered else given.ids[: len(question.expect)] == question.expect
    return given.decision is question.decision and ids and all(text in given.text for text in question.says)


def is_wrong(question: Question, given: Given) -> bool:
    """Answered with confidence, and not with what was asked."""
    return given.decision is Decision.ANSWER and not is_hit(question, given, 1)


def is_fooled(question: Question, given: Given) -> bool:
    """Answered with confidence, though there is no answer."""
    return given.decision is Decision.ANSWER and not is_tolerated(question, given)


def is_tolerated(question: Question, given: Given) -> bool:
    return given.decision is Decision.ANSWER and any(item_id in question.tolerated for item_id in given.ids[:1])


def share(flags: Iterable[bool]) -> float | None:
    counted = list(flags)
    return sum(counted) / len(counted) if counted else None


def quantile(ordered: Sequence[float], part: float) -> float:
    return ordered[min(int(len(ordered) * part), len(ordered) - 1)] if ordered else 0.0
