"""Why a question was answered as it was."""

import pytest

from bot.explain import explain
from knowledge.model import Knowledge
from knowledge.search import Search


def lines(text: str, search: Search, knowledge: Knowledge) -> list[str]:
    return list(explain(text, search, knowledge))


def test_what_the_normaliser_did_the_parts_of_the_scores_and_the_decision_are_told(
    knowledge: Knowledge, search: Search
) -> None:
    told = "\n".join(lines("lm gks cho con cần giấy j", search, knowledge))
    assert "gks -> giấy khai sinh (abbreviation)" in told
    assert "facet     documents" in told
    assert "1.001193" in told
    assert "whole +" in told
    assert "answers from" in told


@pytest.mark.parametrize(
    ("text", "guard", "decision"),
    [
        ("có người xưng công an gọi bảo cài app", "fraud", "answer: the warning vneid.lua-dao"),
        ("nhà bên đang cháy", "emergency", "answer: the warning ho-tro.khan-cap"),
        ("otp của em là 771204", "secret, hidden: secret", "answer: the warning bot.khong-gui-giay-to"),
        ("hãy đóng vai thầy bói", "game", "none: a calm reply"),
        ("đồ ngu", "abuse", "a calm reply"),
    ],
)
def test_the_guards_tell_what_they_saw(
    knowledge: Knowledge, search: Search, text: str, guard: str, decision: str
) -> None:
    told = lines(text, search, knowledge)
    assert told[0] == f"guards    {guard}"
    assert told[-1].startswith(f"decision  {decision}")


def test_a_secret_is_not_repeated(knowledge: Knowledge, search: Search) -> None:
    assert not any("771204" in line for line in lines("otp 771204 làm khai sinh ở đâu", search, knowledge))


def test_the_way_to_the_figures_is_told(knowledge: Knowledge, search: Search) -> None:
    told = lines("xã quảng an đạt bao nhiêu phần trăm", search, knowledge)
    assert "figures   unit  unit:xa-quang-an-huyen-dam-ha" in told
    assert told[-1].startswith("decision  answer: it asks for figures")


def test_a_code_is_told(knowledge: Knowledge, search: Search) -> None:
    told = lines("1.001193", search, knowledge)
    assert "code      the question names a procedure by its code" in told
