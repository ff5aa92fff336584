"""From features to probabilities."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.model import Knowledge, Weights
from knowledge.rank import FEATURES, Worded, contributions, probabilities

EVEN = Weights(none=0.0, features=dict.fromkeys(FEATURES, 1.0))
ROW = st.lists(st.floats(-50, 50), min_size=len(FEATURES), max_size=len(FEATURES))


@given(st.lists(ROW, max_size=6), st.floats(-100, 100))
def test_probabilities_leave_room_for_none_of_them(rows: list[list[float]], none: float) -> None:
    chances = probabilities(rows, Weights(none, EVEN.features))
    assert len(chances) == len(rows)
    assert all(0 <= chance <= 1 for chance in chances)
    assert sum(chances) <= 1 + 1e-9


def test_more_is_likelier_and_none_can_win() -> None:
    low, high = [0.0] * len(FEATURES), [1.0] * len(FEATURES)
    first, second = probabilities([high, low], EVEN)
    assert first > second
    assert probabilities([low], EVEN) == [pytest.approx(0.5)]
    assert probabilities([low], Weights(50.0, EVEN.features))[0] < 1e-9


def test_the_project_weighs_what_there_is(knowledge: Knowledge) -> None:
    assert knowledge.weights.features.keys() <= set(FEATURES), "a misspelt feature would count nothing"
    assert any(knowledge.weights.features.values())


def test_contributions_add_up_and_the_most_telling_comes_first() -> None:
    weights = Weights(0.0, {FEATURES[0]: 2.0, FEATURES[1]: -5.0})
    row = [1.0] * len(FEATURES)
    assert contributions(row, weights) == [(FEATURES[1], -5.0), (FEATURES[0], 2.0)]


def test_a_share_is_by_how_telling_words_are() -> None:
    worded = Worded.of(["rare", "common"], {"rare": 3.0, "common": 1.0}.__getitem__)
    assert worded.share(frozenset({"rare"})) == 0.75
    assert worded.share(frozenset()) == 0.0
    assert Worded.of([], {}.__getitem__).share(frozenset({"rare"})) == 0.0
