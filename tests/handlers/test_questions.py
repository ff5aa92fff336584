"""All questions with known answers. What fails is in ``known-failures.txt``, and what is in there must fail."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.evaluate import ask_all, read_questions
from knowledge.decide import Decision
from knowledge.evaluate import REFUSALS, Given, Question, is_hit, is_right, is_tolerated
from knowledge.model import Knowledge
from knowledge.search import Search
from tests.fakes import House

FOLDER = Path(__file__).parents[1] / "questions"
KNOWN = FOLDER / "known-failures.txt"
LEAST = 5


def is_passed(question: Question, given: Given) -> bool:
    """The right item is the answer or among the choices, on the side that was asked for; what is out of scope is
    refused."""
    if question.decision is not None:
        return is_right(question, given)
    if not question.in_scope:
        return given.decision in REFUSALS or is_tolerated(question, given)
    if question.facet is not None and given.facet is not question.facet:
        return False
    return given.decision not in REFUSALS and is_hit(question, given, 1 if given.decision is Decision.ANSWER else 3)


def name_of(question: Question) -> str:
    return " // ".join((*question.history, question.text)).replace("\n", " ")


@pytest.fixture(scope="module")
def questions() -> list[Question]:
    return read_questions([FOLDER])


async def test_what_fails_is_known_and_what_is_known_fails(
    knowledge: Knowledge, search: Search, questions: list[Question]
) -> None:
    results = await ask_all(House(knowledge, search).assistant, questions)
    failing = {name_of(question) for question, given in results if not is_passed(question, given)}
    known = set(KNOWN.read_text(encoding="utf-8").splitlines())
    assert sorted(failing - known) == [], "these fail now"
    assert sorted(known - failing) == [], "these do not fail any more"


def test_few_failures_are_known(questions: list[Question]) -> None:
    known = KNOWN.read_text(encoding="utf-8").splitlines()
    assert len(set(known)) == len(known) < len(questions) / 20


def test_every_entry_is_asked_for_in_several_ways(knowledge: Knowledge, questions: list[Question]) -> None:
    few = {entry for entry in knowledge.entries if sum(entry in question.expect for question in questions) < LEAST}
    assert few == set()
