"""Rows of the plan by words of their names, and the days that a question names."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.model import Knowledge
from knowledge.plan_ask import RowFinder, days
from knowledge.text import fold, tokens

BEFORE = ("trước", "đến hết")


@pytest.fixture(scope="module")
def indicators(knowledge: Knowledge) -> RowFinder:
    return RowFinder(knowledge.plan.indicators)


@pytest.fixture(scope="module")
def tasks(knowledge: Knowledge) -> RowFinder:
    return RowFinder(knowledge.plan.tasks)


def words(text: str) -> list[str]:
    return tokens(fold(text))


def test_every_row_is_found_by_its_own_name(knowledge: Knowledge, indicators: RowFinder, tasks: RowFinder) -> None:
    for finder, rows in ((indicators, knowledge.plan.indicators), (tasks, knowledge.plan.tasks)):
        for row in rows.values():
            assert finder.find(words(row.name))[:1] == (row.id,), row.id


def test_every_row_is_found_by_what_people_call_it(
    knowledge: Knowledge, tasks: RowFinder, indicators: RowFinder
) -> None:
    for finder, rows in ((indicators, knowledge.plan.indicators), (tasks, knowledge.plan.tasks)):
        for row in rows.values():
            for said in row.said:
                assert row.id in finder.find(words(said)), (row.id, said)


def test_several_that_are_equally_meant_are_all_found(indicators: RowFinder) -> None:
    assert set(indicators.find(words("thanh toán trực tuyến"))) == {
        "indicator:III.1",
        "indicator:III.2",
        "indicator:III.3-giao-dich-thanh-toan-truc-tuyen",
    }


def test_a_level_is_meant_only_where_it_is_named(indicators: RowFinder) -> None:
    assert indicators.find(words("số hóa kết quả")) == ("indicator:V",)
    assert indicators.find(words("số hóa kết quả cấp xã")) == ("indicator:V-cap-xa",)


@pytest.mark.parametrize("text", ["", "hộ nghèo", "tiêm chủng mở rộng", "giải ngân đầu tư công", "giá vàng"])
def test_what_no_row_is_about_finds_none(indicators: RowFinder, tasks: RowFinder, text: str) -> None:
    assert indicators.find(words(text)) == tasks.find(words(text)) == ()


def test_one_syllable_alone_says_too_little_unless_it_is_a_name(tasks: RowFinder) -> None:
    assert tasks.find(["ky"]) == ()
    assert tasks.find(["zalo"]) == ("task:III.7",)


def test_a_number_names_its_row(indicators: RowFinder, tasks: RowFinder) -> None:
    assert indicators.numbered("phụ lục I dòng III.3") == "indicator:III.3"
    assert tasks.numbered("nhiệm vụ i.4") == "task:I.4"
    assert tasks.numbered("nhiệm vụ IX.4") == tasks.numbered("nhiệm vụ 4") == ""


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("trước 31/12/2023", date.min, date(2023, 12, 31)),
        ("hạn 31-12-2023", date.min, date(2023, 12, 31)),
        ("trong tháng 10/2023", date(2023, 10, 1), date(2023, 10, 31)),
        ("tháng 3", date(2024, 3, 1), date(2024, 3, 31)),
        ("tháng 11", date(2023, 11, 1), date(2023, 11, 30)),
        ("đến hết tháng 2 năm 2024", date.min, date(2024, 2, 29)),
        ("quý 1 năm 2024", date(2024, 1, 1), date(2024, 3, 31)),
        ("quý IV/2023", date(2023, 10, 1), date(2023, 12, 31)),
        ("năm 2024", date(2024, 1, 1), date(2024, 12, 31)),
    ],
)
def test_days(text: str, first: date, last: date) -> None:
    assert days(text, BEFORE) == (first, last)


@pytest.mark.parametrize("text", ["", "31/02/2023", "tháng 13", "quý 5", "năm nay"])
def test_no_days(text: str) -> None:
    assert days(text, BEFORE) is None
