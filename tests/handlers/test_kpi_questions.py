"""The questions about figures: each answered with the right decision, ids and figures."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bot.evaluate import ask_all, read_questions
from knowledge.decide import Decision
from knowledge.evaluate import Question, is_right
from knowledge.model import Knowledge
from knowledge.search import Search
from tests.fakes import House

QUESTIONS = read_questions([Path(__file__).parents[1] / "questions" / "figures.toml"])


@pytest.fixture(scope="module")
def office(knowledge: Knowledge, search: Search) -> House:
    return House(knowledge, search)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.text)
async def test_a_question_about_figures(office: House, question: Question) -> None:
    ((_, given),) = await ask_all(office.assistant, [question])
    assert is_right(question, given), (given.decision, given.ids, given.text)


def test_every_decision_is_asked_for() -> None:
    assert len(QUESTIONS) >= 80
    assert Counter(question.decision for question in QUESTIONS).keys() == {
        Decision.ANSWER,
        Decision.CHOOSE,
        Decision.NONE,
    }
