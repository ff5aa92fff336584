"""What is read out of questions about figures: how many are asked for, and whether figures are asked for at all."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from knowledge.kpi_ask import Intent, KpiQuestion, KpiReader
from knowledge.model import Knowledge
from knowledge.search import Search

Read = Callable[[str], KpiQuestion | None]


@pytest.fixture(scope="module")
def read(knowledge: Knowledge, search: Search) -> Read:
    following = knowledge.dialogue.following
    reader = KpiReader(knowledge.plan, (*knowledge.lexicon.fillers, *following.fillers, *following.cues))
    return lambda text: reader.read(text, search.read(text))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("hai xã thấp nhất huyện Hải Hà", 2),
        ("mười hai phường xã thấp nhất thành phố Hạ Long", 12),
        ("hai mươi lăm đơn vị thấp nhất thành phố Hạ Long", 25),
        ("thành phố Hạ Long có tới 33 phường xã, lấy bốn nơi thấp nhất", 4),
        ("trong ba mươi ba phường xã của thành phố Hạ Long, 6 đv cao nhất", 6),
        ("có 3 xã nào thấp nhất huyện Hải Hà", 3),
        ("đến ngày 23/8 xã nào thấp nhất huyện Hải Hà", 5),
        ("thấp nhất huyện Hải Hà", 5),
    ],
)
def test_so_many_are_asked_for(read: Read, text: str, count: int) -> None:
    question = read(text)
    assert question is not None
    assert (question.intent, question.count) == (Intent.RANK, count)


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("Hải Hà hay huyện Đầm Hà cao nhất", ["huyen-hai-ha", "huyen-dam-ha"]),
        ("xã Quảng An với xã Tân Bình xã mô bét", ["xa-quang-an-huyen-dam-ha", "xa-tan-binh-huyen-dam-ha"]),
    ],
)
def test_the_best_of_those_named_is_a_comparison(read: Read, text: str, units: list[str]) -> None:
    question = read(text)
    assert question is not None
    assert (question.intent, question.units) == (Intent.COMPARE, tuple("unit:" + unit for unit in units))


def test_whether_one_is_the_lowest_of_its_district_is_a_ranking_there(read: Read) -> None:
    question = read("xã Quảng An có phải thấp nhất trong huyện Đầm Hà không")
    assert question is not None
    assert (question.intent, question.within) == (Intent.RANK, "unit:huyen-dam-ha")


@pytest.mark.parametrize(
    "text",
    [
        "tìm số nhà 12 phường Hồng Gai",
        "cần số hotline xã Quảng An",
        "hồ sơ của tôi nộp ở xã Quảng An tới đâu rồi",
        "ai đứng đầu thành phố Hạ Long",
        "lệ phí thấp nhất thành phố Cẩm Phả",
    ],
)
def test_what_is_no_figure_is_left_to_others(read: Read, text: str) -> None:
    assert read(text) is None


def test_the_plan_is_not_what_is_asked_of_where_a_unit_is_named(read: Read) -> None:
    plan, unit = read("kế hoạch 269 có những nhiệm vụ nào"), read("nhiệm vụ của Sở Nội vụ theo kế hoạch 269")
    assert plan is not None
    assert unit is not None
    assert (plan.named, unit.named) == (True, False)
