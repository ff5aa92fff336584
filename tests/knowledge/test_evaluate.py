"""The figures that are made of answers."""

import pytest

from knowledge.decide import Decision
from knowledge.evaluate import Given, Question, is_right, is_wrong, quantile, run, score
from knowledge.model import Facet

ASKED = Question("mất thẻ", ("a.one", "a.two"), "guidance", facet=Facet.FEE)
STRANGE = Question("thời tiết", (), "oos")


def given(decision: Decision, *ids: str, facet: Facet | None = None, ms: float = 1.0) -> Given:
    return Given(decision, ids, facet, ms)


def test_every_question_is_asked_once_and_in_order() -> None:
    asked: list[Question] = []

    def answer(question: Question) -> Given:
        asked.append(question)
        return given(Decision.NONE)

    results = run([ASKED, STRANGE, ASKED], answer)
    assert asked == [ASKED, STRANGE, ASKED]
    assert [question for question, _ in results] == [ASKED, STRANGE, ASKED]


def test_shares() -> None:
    figures = score(
        [
            (ASKED, given(Decision.ANSWER, "a.two", facet=Facet.FEE)),
            (ASKED, given(Decision.CHOOSE, "b", "c", "a.one")),
            (ASKED, given(Decision.ANSWER, "b", "c", "d", "a.one", facet=Facet.FEE)),
            (ASKED, given(Decision.NONE)),
            (STRANGE, given(Decision.NONE)),
            (STRANGE, given(Decision.SMALLTALK)),
            (STRANGE, given(Decision.CHOOSE, "b")),
            (STRANGE, given(Decision.ANSWER, "b")),
        ]
    )
    assert figures.count == 8
    assert figures.hit1 == 1 / 4
    assert figures.hit3 == 2 / 4
    assert (figures.answer, figures.choose, figures.none) == (2 / 4, 1 / 4, 1 / 4)
    assert figures.wrong == 1 / 4
    assert figures.refused == 2 / 4
    assert figures.fooled == 1 / 4


def test_what_is_tolerated_is_no_fault() -> None:
    who = Question("bạn là ai", (), "smalltalk", tolerated=("bot.one",))
    answers = [(Decision.ANSWER, "bot.one"), (Decision.ANSWER, "b"), (Decision.CHOOSE, "bot.one"), (Decision.NONE, "")]
    figures = score([(who, given(decision, item)) for decision, item in answers])
    assert figures.refused == 2 / 4
    assert figures.fooled == 1 / 4


def test_times_are_quantiles() -> None:
    figures = score([(ASKED, given(Decision.NONE, ms=float(ms))) for ms in range(200, 0, -1)])
    assert (figures.p50, figures.p95, figures.p99) == (101.0, 191.0, 199.0)


def test_the_facet_counts_where_the_item_is_right() -> None:
    figures = score(
        [
            (ASKED, given(Decision.ANSWER, "a.one", facet=Facet.FEE)),
            (ASKED, given(Decision.ANSWER, "a.one", facet=Facet.TIME)),
            (ASKED, given(Decision.ANSWER, "b", facet=Facet.FEE)),
        ]
    )
    assert figures.facet == 1 / 2


def test_nothing_to_count_is_no_share() -> None:
    figures = score([(STRANGE, given(Decision.NONE))])
    assert (figures.hit1, figures.hit3, figures.none, figures.wrong, figures.facet) == (None,) * 5
    assert figures.refused == 1.0
    assert score([]).count == 0


@pytest.mark.parametrize(
    ("decision", "ids", "wrong"),
    [
        (Decision.ANSWER, ("b",), True),
        (Decision.ANSWER, (), True),
        (Decision.ANSWER, ("a.one",), False),
        (Decision.CHOOSE, ("b",), False),
        (Decision.NONE, (), False),
    ],
)
def test_only_a_confident_miss_is_wrong(decision: Decision, ids: tuple[str, ...], wrong: bool) -> None:
    assert is_wrong(ASKED, given(decision, *ids)) is wrong


def test_times() -> None:
    figures = score([(STRANGE, given(Decision.NONE, ms=float(ms))) for ms in range(100, 0, -1)])
    assert (figures.p50, figures.p95) == (51.0, 96.0)
    assert quantile([], 0.5) == 0.0
    assert quantile([3.0], 0.95) == 3.0


UNITS = ("unit:x", "unit:y")


@pytest.mark.parametrize(
    ("decision", "given", "right"),
    [
        (Decision.ANSWER, Given(Decision.ANSWER, (*UNITS, "unit:z"), None, 0.0, "đạt 42,9%"), True),
        (Decision.ANSWER, Given(Decision.ANSWER, UNITS[::-1], None, 0.0, "đạt 42,9%"), False),
        (Decision.ANSWER, Given(Decision.ANSWER, UNITS, None, 0.0, "đạt 43%"), False),
        (Decision.ANSWER, Given(Decision.CHOOSE, UNITS, None, 0.0, "đạt 42,9%"), False),
        (Decision.CHOOSE, Given(Decision.CHOOSE, UNITS[::-1], None, 0.0, "42,9%"), True),
        (Decision.CHOOSE, Given(Decision.CHOOSE, (*UNITS, "unit:z"), None, 0.0, "42,9%"), False),
    ],
)
def test_figures_are_right_with_ids_decision_and_text(decision: Decision, given: Given, right: bool) -> None:
    question = Question("a", UNITS, "figures", decision=decision, says=("42,9%",))
    assert is_right(question, given) is right
    assert score([(question, given)]).hit1 == float(right)
