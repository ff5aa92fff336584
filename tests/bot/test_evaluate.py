"""Question files, and how the assistant is asked what stands in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import UserError
from bot.evaluate import ask_all, group_of, in_search, read_questions
from knowledge.decide import Decision
from knowledge.evaluate import Question
from knowledge.model import Facet
from tests.fakes import House

CARD = "mất thẻ đọc sách thì làm sao"


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_toml_questions(tmp_path: Path) -> None:
    file = written(
        tmp_path / "q.toml",
        '[[question]]\ntext = "a"\nexpect = ["1.000001"]\nstyle = ["short", "typos"]\nfacet = "fee"\n'
        '[[question]]\ntext = "b"\nexpect = []\nkind = "oos-near"\nstyle = "plain"\n',
    )
    assert read_questions([file]) == [
        Question("a", ("1.000001",), "procedure", ("short", "typos"), Facet.FEE),
        Question("b", (), "oos-near", ("plain",)),
    ]


def test_of_a_conversation_the_last_turn_is_judged(tmp_path: Path) -> None:
    file = written(
        tmp_path / "q.toml",
        '[[conversation]]\nturns = ["a", "b", "c"]\nexpect = ["vneid.x"]\nfacet = "time"\n'
        '[[conversation]]\nturns = ["a", "b"]\nexpect = []\n',
    )
    assert read_questions([file]) == [
        Question("c", ("vneid.x",), "multiturn", facet=Facet.TIME, history=("a", "b")),
        Question("b", (), "oos", history=("a",)),
    ]


def test_questions_about_figures_tell_the_right_decision_and_text(tmp_path: Path) -> None:
    file = written(
        tmp_path / "q.toml",
        '[[question]]\ntext = "a"\nexpect = ["unit:x", "unit:y"]\ndecision = "choose"\nsays = ["42,9%"]\n',
    )
    (question,) = read_questions([file])
    expected = Question("a", ("unit:x", "unit:y"), "figures", decision=Decision.CHOOSE, says=("42,9%",))
    assert question == expected
    assert not in_search(question)


def test_jsonl_questions(tmp_path: Path) -> None:
    file = written(
        tmp_path / "q.jsonl",
        '{"query": "b", "gold": ["1.000001"], "kind": "multiturn", "style": ["short"], "history": ["a"],'
        ' "facet": "fee"}\n'
        '{"query": "c", "gold": ["bot.x"], "kind": "smalltalk"}\n'
        '{"query": "d", "gold": [], "kind": "oos_far"}\n',
    )
    assert read_questions([file]) == [
        Question("b", ("1.000001",), "q:multiturn", ("short",), Facet.FEE, history=("a",)),
        Question("c", (), "q:smalltalk", tolerated=("bot.x",)),
        Question("d", (), "q:oos_far"),
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("q.toml", "[[conversation]]\nturns = []\nexpect = []\n"),
        ("q.toml", '[[question]]\ntext = "a"\nexpect = []\nfacet = "colour"\n'),
        ("q.toml", 'question = "a"\n'),
        ("q.jsonl", '{"query": "a", "gold": []}\n'),
        ("q.jsonl", "not json\n"),
        ("q.jsonl", "[]\n"),
    ],
)
def test_a_file_with_mistakes_is_named(tmp_path: Path, name: str, text: str) -> None:
    with pytest.raises(UserError, match=r"cannot read questions from .*q\."):
        read_questions([written(tmp_path / name, text)])


@pytest.mark.parametrize(
    ("expect", "group"),
    [
        ((), "oos"),
        (("1.000001",), "procedure"),
        (("vneid.x",), "guidance"),
        (("kpi.x",), "kpi"),
        (("task:I.1",), "figures"),
    ],
)
def test_groups(expect: tuple[str, ...], group: str) -> None:
    assert group_of(expect) == group


async def test_the_turns_before_are_played_first(house: House) -> None:
    """The second turn names nothing: alone it is not understood."""
    alone = Question("thế lệ phí bao nhiêu", ("giay-to.mat",), "guidance")
    after = Question(alone.text, alone.expect, "multiturn", history=(CARD,))
    (_, lost), (_, found) = await ask_all(house.assistant, [alone, after])
    assert lost.ids[:1] != ("giay-to.mat",) or lost.decision is not Decision.ANSWER
    assert (found.decision, found.ids[:1], found.facet) == (Decision.ANSWER, ("giay-to.mat",), Facet.FEE)


async def test_no_question_hears_of_another(house: House) -> None:
    """Neither within a run nor in the next run with the same assistant."""
    first, second = Question(CARD, ("giay-to.mat",), "guidance"), Question("thế lệ phí bao nhiêu", (), "oos")
    (_, alone), *_ = await ask_all(house.assistant, [second])
    *_, (_, later) = await ask_all(house.assistant, [first, second])
    (_, again), *_ = await ask_all(house.assistant, [second])
    assert [(given.decision, given.ids) for given in (later, again)] == [(alone.decision, alone.ids)] * 2
