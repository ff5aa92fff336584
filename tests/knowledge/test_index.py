"""The inverted index."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.index import COMMON, Block, Index, Line, Listed, word_features

LINES = [
    Line(0, ("mất", "thẻ", "đọc")),
    Line(0, ("rơi", "thẻ")),
    Line(1, ("mặt", "trăng")),
    Line(2, ("gia", "hạn", "mượn", "sách")),
]


@pytest.fixture(scope="module")
def index() -> Index:
    return Index(LINES)


def weighed(text: str) -> list[tuple[str, float]]:
    return [(word, 1.0) for word in text.split()]


def test_words_and_pairs() -> None:
    assert word_features([("a", 1.0), ("b", 0.3), ("a", 0.5)]) == {"a": 1.0, "b": 0.3, "a b": 0.3, "b a": 0.3}
    assert word_features([]) == {}


def test_a_line_is_nearest_to_itself() -> None:
    block = Block(Listed.of([["a", "b"], ["b", "c"], ["d"]]))
    for number, features in enumerate((["a", "b"], ["b", "c"], ["d"])):
        scores = block.score(dict.fromkeys(features, 1.0))
        assert scores[number] == pytest.approx(1.0)
        assert scores.argmax() == number


@given(st.lists(st.lists(st.sampled_from("abcdefg"), min_size=1, unique=True), min_size=1, max_size=8), st.data())
def test_scores_are_cosines(lines: list[list[str]], data: st.DataObject) -> None:
    asked = data.draw(st.dictionaries(st.sampled_from("abcdefgxyz"), st.floats(0.1, 1.0), max_size=6))
    scores = Block(Listed.of(lines)).score(asked)
    assert len(scores) == len(lines)
    assert all(-1e-6 <= score <= 1 + 1e-6 for score in scores)  # single precision
    for score, line in zip(scores, lines, strict=True):
        assert (score > 0) == bool(set(line) & asked.keys())


def test_rare_features_tell_more() -> None:
    block = Block(Listed.of([["a", "b"], ["a"], ["a"]]))
    assert block.idf("b") > block.idf("a") > 0
    assert block.idf("new") == pytest.approx(math.log1p(3))


def test_what_is_unknown_takes_from_the_score() -> None:
    block = Block(Listed.of([["a", "b"], ["c"]]))
    assert block.score({"a": 1.0, "b": 1.0, "zzz": 1.0})[0] < block.score({"a": 1.0, "b": 1.0})[0]
    assert block.score({"zzz": 1.0}).tolist() == [0.0, 0.0]
    assert block.score({}).tolist() == [0.0, 0.0]


def test_the_nearest_owner_comes_first_with_its_best_line(index: Index) -> None:
    first, *_ = index.nearest(weighed("roi the"), [], 3)
    assert (first.owner, first.line) == (0, 1)
    assert first.words == pytest.approx(1.0)
    (first,) = index.nearest(weighed("gia han sach"), [], 1)
    assert (first.owner, first.line) == (2, 3)


def test_each_owner_comes_once_and_never_more_than_asked_for(index: Index) -> None:
    for limit in (1, 2, 3, 10):
        owners = [near.owner for near in index.nearest(weighed("mat the"), [], limit)]
        assert len(owners) == len(set(owners)) == min(limit, 3)


def test_diacritics_decide_when_they_are_typed(index: Index) -> None:
    bare = {near.owner: near for near in index.nearest(weighed("mat"), [], 3)}
    assert bare[0].exact == bare[0].words > 0
    typed = {near.owner: near for near in index.nearest(weighed("mat"), weighed("mă\u0323t"), 3)}
    assert typed[0].words == bare[0].words
    assert typed[0].exact == 0.0


def test_the_vocabulary_is_what_the_lines_say(index: Index) -> None:
    vocabulary = index.vocabulary()
    assert vocabulary.words == frozenset(["mat", "the", "doc", "roi", "trang", "gia", "han", "muon", "sach"])
    assert "gia han" in vocabulary.pairs
    assert "doc roi" not in vocabulary.pairs, "lines end where they end"


def test_what_most_lines_have_is_not_looked_up_but_tells_of_how_little_is_known() -> None:
    block = Block(Listed.of([f"chung rieng{place}".split() for place in range(COMMON + 1)]))
    assert not block.score({"chung": 1.0}).any()
    alone, among = block.score({"rieng7": 1.0}), block.score({"rieng7": 1.0, "chung": 1.0})
    assert np.flatnonzero(alone).tolist() == np.flatnonzero(among).tolist() == [7]
    assert among[7] < alone[7] < 1
