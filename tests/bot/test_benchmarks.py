"""What the benchmarks make of their figures and collections."""

from __future__ import annotations

import pytest

from benchmarks.answers import SAMPLE, is_bare, sampled, stripped
from benchmarks.growth import Grower
from benchmarks.peers import PEERS, Ranking, lines_of, peer_results, threshold_for
from benchmarks.pictures import Figures, table
from knowledge.decide import Decision
from knowledge.evaluate import Given, Question
from knowledge.model import Knowledge


@pytest.mark.parametrize(
    ("best", "threshold"),
    [
        ([float(number) for number in range(10)], 8.0),  # nine of ten do not pass
        ([0.0] * 8 + [100.0] * 2, 100.0),  # as far from 90 % either way: the stricter
        ([0.0] * 7 + [90.0] + [100.0] * 2, 100.0),
        ([0.0] * 17 + [100.0] * 3, 0.0),
        ([], 0.0),
    ],
)
def test_the_threshold_refuses_as_near_to_ninety_percent_as_it_can(best: list[float], threshold: float) -> None:
    assert threshold_for(best) == threshold


def test_a_peer_answers_above_its_threshold_and_takes_small_talk_for_a_refusal() -> None:
    found: dict[str, Ranking] = {
        "thoi tiet": [("a", 0.5)],
        "chao": [("talk:chao", 0.9), ("a", 0.1)],
        "mat the": [("a", 0.6), ("b", 0.2), ("a", 0.1)],
        "lam lai": [("b", 0.5)],
        "zzz": [],
    }
    texts = {"thời tiết": (), "chào": (), "mất thẻ": ("a",), "làm lại": ("a",), "zzz": ("a",)}
    given = [given for _, given in peer_results(found.__getitem__, [Question(t, e, "") for t, e in texts.items()])]
    none, answer = Decision.NONE, Decision.ANSWER
    assert [one.decision for one in given] == [none, none, answer, none, none]
    assert [one.ids for one in given] == [("a",), ("a",), ("a", "b"), ("b",), ()]


def test_a_peer_hears_what_was_said_before() -> None:
    heard: list[str] = []

    def rank(text: str) -> Ranking:
        heard.append(text)
        return []

    peer_results(rank, [Question("Lệ phí?", ("a",), "", history=("Mất thẻ", "ở đâu"))])
    assert heard == ["mat the o dau le phi"]


@pytest.mark.parametrize("name", PEERS)
def test_every_peer_finds_a_line_by_its_own_words(name: str, small_knowledge: Knowledge) -> None:
    lines = list(lines_of(small_knowledge))
    rank = PEERS[name](lines)
    item_id, text = lines[0]
    assert rank(text)[0][0] == item_id
    assert not rank("") or rank("")[0][1] == 0


def test_more_procedures_are_made_of_the_words_of_others(small_knowledge: Knowledge) -> None:
    grown = Grower(small_knowledge).times(3)
    assert len(grown.procedures) == 3 * len(small_knowledge.procedures)
    assert len(grown.spoken) == 3 * len(small_knowledge.spoken)
    words = {word for procedure in small_knowledge.procedures.values() for word in procedure.name.split()}
    assert {word for procedure in grown.procedures.values() for word in procedure.name.split()} == words
    assert grown == Grower(small_knowledge).times(3)


def test_stripping_takes_the_diacritics_of_every_turn() -> None:
    question = Question("Lệ phí?", ("a",), "", history=("Mất thẻ",))
    assert (is_bare(question), is_bare(stripped(question))) == (False, True)
    assert stripped(question).history == ("mat the",)


def test_a_goal_for_pictures_is_missed_by_more_than_one_in_twenty() -> None:
    quick, slow = [10.0] * 95, [500.0] * 5
    said = table([Figures("a", [*slow, *quick], 12.0, 3), Figures("b", [*slow, *quick, 10.0, 10.0], 12.0, 3)])
    assert [line.split()[-1] for line in said.splitlines()[1:]] == ["MISSED", "reached"]
    assert "goal" not in table([Figures("a", slow, 12.0, 3, has_goal=False)])


def test_peers_are_compared_on_the_same_sample_each_time() -> None:
    results = [
        (Question(str(number), (), "oos"), Given(Decision.NONE, (), None, 0.0)) for number in range(SAMPLE + 500)
    ]
    assert len({question.text for question, _ in sampled(results)}) == SAMPLE
    assert sampled(results) == sampled(results)
    assert len(sampled(results[:7])) == 7
