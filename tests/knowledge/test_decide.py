"""The three-way decision."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.decide import MAX_CHOICES, Decision, Thresholds, decide
from knowledge.query import Query
from knowledge.search import Found, Hit

QUERY = Query((), (), accented=False, facet=None)
LIMITS = Thresholds(answer=0.7, offer=0.3, smalltalk=0.5, choice=0.2)


def found(*scores: float, talk: float | None = None, exact: bool = False) -> Found:
    hits = [Hit(f"a.{number}", f"Title {number}", score) for number, score in enumerate(scores)]
    if talk is not None:
        hits.append(Hit("talk:chao", "chao", talk))
    return Found(QUERY, tuple(sorted(hits, key=lambda hit: -hit.score)), exact)


@pytest.mark.parametrize(
    ("case", "decision", "ids"),
    [
        (found(0.7), "answer", ["a.0"]),
        (found(0.7, 0.3), "answer", ["a.0"]),
        (found(0.69, 0.1), "choose", ["a.0"]),
        (found(0.4, 0.3, 0.2, 0.1), "choose", ["a.0", "a.1", "a.2"]),
        (found(0.5, 0.1, 0.09), "choose", ["a.0", "a.1"]),
        (found(0.1, 0.1, 0.1), "choose", ["a.0", "a.1", "a.2"]),
        (found(0.1, 0.1, 0.09, 0.09), "none", []),
        (found(0.29), "none", []),
        (found(), "none", []),
        (found(talk=0.5), "smalltalk", ["talk:chao"]),
        (found(0.45, talk=0.5), "smalltalk", ["talk:chao"]),
        (found(0.8, talk=0.1), "answer", ["a.0"]),
        (found(0.51, talk=0.49), "choose", ["a.0"]),
        (found(0.4, talk=0.49), "choose", ["a.0"]),
        (found(talk=0.49), "none", []),
        (found(1.0, exact=True), "answer", ["a.0"]),
        (found(1.0, 1.0, exact=True), "choose", ["a.0", "a.1"]),
        (found(1.0, 1.0, 1.0, 1.0, exact=True), "choose", ["a.0", "a.1", "a.2"]),
    ],
)
def test_decide(case: Found, decision: str, ids: list[str]) -> None:
    verdict = decide(case, LIMITS)
    assert verdict.decision == decision
    assert [hit.id for hit in verdict.hits] == ids


def test_the_common_case_is_offered_in_place_of_a_rare_variant() -> None:
    hits = (Hit("a.1", "Abroad", 0.4, beside="a.2"), Hit("a.3", "Other", 0.2), Hit("a.2", "Usual", 0.1))
    assert [hit.id for hit in decide(Found(QUERY, hits), LIMITS).hits] == ["a.2", "a.3"]


def test_the_common_case_does_not_displace_a_far_likelier_variant() -> None:
    hits = (Hit("a.1", "Abroad", 0.6, beside="a.2"), Hit("a.3", "Other", 0.2), Hit("a.2", "Usual", 0.01))
    assert [hit.id for hit in decide(Found(QUERY, hits), LIMITS).hits] == ["a.1", "a.3"]


def test_a_variant_of_a_case_that_was_not_found_is_offered_itself() -> None:
    hits = (Hit("a.1", "Abroad", 0.4, beside="a.2"), Hit("a.3", "Other", 0.2))
    assert [hit.id for hit in decide(Found(QUERY, hits), LIMITS).hits] == ["a.1", "a.3"]


def test_the_same_procedure_at_several_levels_is_offered_once() -> None:
    hits = tuple(
        Hit(f"a.{number}", title, 0.2) for number, title in enumerate(("Loss (province)", "loss (commune)", "Renewal"))
    )
    assert [hit.id for hit in decide(Found(QUERY, hits), LIMITS).hits] == ["a.0", "a.2"]


SCORES = st.lists(st.floats(0, 1), max_size=10).map(lambda scores: [score / max(1.0, sum(scores)) for score in scores])


@given(SCORES, st.one_of(st.none(), st.floats(0, 1)))
def test_what_is_decided_holds_together(scores: list[float], talk: float | None) -> None:
    case = found(*scores, talk=talk)
    verdict = decide(case)
    sizes = {
        Decision.ANSWER: {1},
        Decision.SMALLTALK: {1},
        Decision.CHOOSE: set(range(1, MAX_CHOICES + 1)),
        Decision.NONE: {0},
    }
    assert len(verdict.hits) in sizes[verdict.decision]
    assert [hit for hit in case.hits if hit in verdict.hits] == list(verdict.hits)
    assert len({hit.id for hit in verdict.hits}) == len(verdict.hits)
    assert any(hit.is_talk for hit in verdict.hits) == (verdict.decision is Decision.SMALLTALK)


@given(st.floats(0, 1))
def test_more_certainty_never_answers_less(score: float) -> None:
    order = [Decision.NONE, Decision.CHOOSE, Decision.ANSWER]
    lower, higher = decide(found(score / 2)).decision, decide(found(score)).decision
    assert order.index(lower) <= order.index(higher)


def test_the_projects_thresholds_are_in_order() -> None:
    limits = Thresholds()
    assert 0 < limits.choice < 1
    assert 0 < limits.offer < limits.answer <= 1
    assert 0 < limits.smalltalk <= 1
