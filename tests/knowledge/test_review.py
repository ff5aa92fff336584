"""What is due to be checked again."""

from dataclasses import replace
from datetime import date

from knowledge.model import Knowledge
from knowledge.review import due

LAST = date(2027, 1, 31)


def test_nothing_is_due_long_before(small_knowledge: Knowledge) -> None:
    assert due(small_knowledge, date(2026, 12, 31)) == []


def test_everything_is_due_a_month_before_its_day(small_knowledge: Knowledge) -> None:
    found = due(small_knowledge, date(2027, 1, 1))
    assert [(one.id, one.file, one.owner) for one in found] == [
        ("Cổng thử", "procedures/sets.toml", ""),
        ("duong-day", "hotline.toml", ""),
        ("giay-to.gia-han", "guidance/giay-to.toml", "Thư viện"),
        ("giay-to.mat", "guidance/giay-to.toml", "Thư viện"),
        ("thu-vien", "hotline.toml", ""),
    ]
    assert {one.review_by for one in found} == {LAST}


def test_the_most_pressing_comes_first(small_knowledge: Knowledge) -> None:
    late = replace(small_knowledge.entries["giay-to.mat"], review_by=date(2026, 10, 1))
    found = due(replace(small_knowledge, entries={late.id: late}), date(2026, 11, 23))
    assert [(one.id, one.review_by) for one in found] == [("giay-to.mat", date(2026, 10, 1))]
