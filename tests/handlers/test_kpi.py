"""Figures in the chat: every number in every reply is the one that an independent reckoning gives."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from handlers.board import Board
from handlers.kpi_view import KpiView
from handlers.model import Outcome
from knowledge.decide import Decision
from knowledge.kpi_model import Figure, Report, Target
from knowledge.load import content_root
from knowledge.markup import errors, plain
from knowledge.model import Knowledge
from knowledge.search import Search
from tests.fakes import House, actions

TODAY = date(2026, 11, 23)


def rows() -> list[dict[str, str]]:
    with (content_root() / "plan" / "appendix-3.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


ROWS = rows()


def shown(value: Decimal) -> str:
    """As the project's contract writes numbers, worked out with decimals only."""
    rounded = value.quantize(Decimal("0.1"), ROUND_HALF_UP)
    if rounded == 0 and value != 0:
        rounded = value.quantize(Decimal("0.01"), ROUND_HALF_UP)
    text = f"{rounded:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


def dotted(number: int) -> str:
    return re.sub(r"(?<=\d)(?=(\d{3})+$)", ".", str(number))


def least(condition: Iterator[bool]) -> int:
    return next(number for number, holds in enumerate(condition) if holds)


@pytest.fixture(scope="session")
def real_search(knowledge: Knowledge) -> Search:
    return Search(knowledge)


@pytest.fixture
def office(knowledge: Knowledge, real_search: Search) -> House:
    return House(knowledge, real_search)


@pytest.fixture(scope="session")
def view(knowledge: Knowledge) -> KpiView:
    return KpiView(knowledge.plan, Board([knowledge.plan.report]), None, TODAY)


def text(outcome: Outcome) -> str:
    assert not errors(outcome.replies[0].html)
    return plain(outcome.replies[0].html)


@pytest.mark.parametrize("row", ROWS, ids=[row["unit"] for row in ROWS])
def test_every_unit_is_told_right(view: KpiView, row: dict[str, str]) -> None:
    made = view.unit(row["unit"].removeprefix("unit:"))
    assert made is not None
    html, _ = made
    said = plain(html)
    assert not errors(html)
    assert len(html) <= 2000
    total, online = int(row["total"]), int(row["online"])
    rate = Decimal(100 * online) / total
    assert f"{shown(rate)}% ({dotted(online)} trên {dotted(total)} hồ sơ)" in said
    assert "23/08/2023" in said
    assert row["row"] in said, "the source's row"
    if not row["printed_target"].endswith("%"):
        assert "duy trì" in said
        assert "✅ Đạt" in said
        return
    target = Decimal(row["printed_target"].removesuffix("%"))
    assert f"Chỉ tiêu đến 31/12/2023: {shown(target)}%" in said
    if rate >= target:
        assert "✅ Đạt" in said
        return
    assert f"còn thiếu {shown(target - rate)} điểm phần trăm" in said
    same = least(100 * (online + more) >= target * total for more in range(total + 1))
    assert f"{dotted(same)} hồ sơ chuyển sang trực tuyến" in said
    if target < 100:
        new = least(100 * (online + more) >= target * (total + more) for more in range(200_000))
        assert f"{dotted(new)} hồ sơ mới" in said


def test_the_province_is_summed_not_averaged(view: KpiView) -> None:
    made = view.together("::")
    assert made is not None
    said = plain(made[0])
    total, online = sum(int(row["total"]) for row in ROWS), sum(int(row["online"]) for row in ROWS)
    assert f"{shown(Decimal(100 * online) / total)}% ({dotted(online)}/{dotted(total)} hồ sơ)" in said
    mean = sum(Decimal(100 * int(row["online"])) / int(row["total"]) for row in ROWS) / len(ROWS)
    assert f"{shown(mean)}%" not in said


DISTRICTS = sorted({row["unit"] for row in ROWS if row["row"].startswith("II.")})


@pytest.mark.parametrize("district", DISTRICTS)
def test_every_district_is_summed_over_its_communes(view: KpiView, knowledge: Knowledge, district: str) -> None:
    below = [row for row in ROWS if knowledge.plan.units.by_id[row["unit"]].parent == district]
    total, online = sum(int(row["total"]) for row in below), sum(int(row["online"]) for row in below)
    made = view.together(f"commune:{district.removeprefix('unit:')}")
    assert made is not None
    wanted = f"({len(below)} đơn vị): {shown(Decimal(100 * online) / total)}% ({dotted(online)}/{dotted(total)} hồ sơ)"
    assert wanted in plain(made[0])


@pytest.mark.parametrize("kind", ["department", "district", "commune"])
def test_who_is_below_target(view: KpiView, knowledge: Knowledge, kind: str) -> None:
    below = []
    for row in ROWS:
        if knowledge.plan.units.by_id[row["unit"]].kind == kind and row["printed_target"].endswith("%"):
            gap = Decimal(row["printed_target"].removesuffix("%")) - Decimal(100 * int(row["online"])) / int(
                row["total"]
            )
            if gap > 0:
                below.append((gap, row["unit"]))
    found = view.under([row["unit"] for row in ROWS if knowledge.plan.units.by_id[row["unit"]].kind == kind])
    assert [unit for unit, _ in found] == [unit for _, unit in sorted(below, key=lambda pair: -pair[0])]


async def test_a_unit_in_plain_words(office: House) -> None:
    outcome = await office.say("xa quang an huyen dam ha dat bn %")
    assert (outcome.decision, outcome.item) == (Decision.ANSWER, "unit:xa-quang-an-huyen-dam-ha")
    assert "42,9% (524 trên 1.221 hồ sơ)" in text(outcome)
    assert "47,1 điểm phần trăm" in text(outcome)


async def test_a_follow_up_keeps_the_unit(office: House) -> None:
    await office.say("xã Quảng An huyện Đầm Hà đạt bao nhiêu phần trăm")
    outcome = await office.say("thế còn thiếu bao nhiêu hồ sơ nữa")
    assert outcome.item == "unit:xa-quang-an-huyen-dam-ha"
    assert text(outcome).splitlines()[2].startswith("Cần thêm 575 hồ sơ trực tuyến")
    assert (await office.say("thế Hải Hà thì sao")).item == "unit:huyen-hai-ha"
    outcome = await office.say("đăng ký khai sinh cần giấy tờ gì")
    assert outcome.item == "1.001193", "another subject drops the unit"


async def test_an_ambiguous_name_asks_back_and_a_number_picks(office: House) -> None:
    outcome = await office.say("Thanh Sơn đạt bao nhiêu")
    units = ["unit:phuong-thanh-son-thanh-pho-uong-bi", "unit:xa-thanh-son-huyen-ba-che"]
    assert (outcome.decision, [hit.id for hit in outcome.hits]) == (Decision.CHOOSE, units)
    assert actions(outcome)[:2] == [f"kpi:{unit.removeprefix('unit:')}" for unit in units]
    assert (await office.say("cái thứ hai")).item == units[1]


async def test_the_swapped_columns_are_read_right_and_told(office: House) -> None:
    said = text(await office.say("sở tư pháp tỷ lệ hồ sơ trực tuyến"))
    assert "35,7% (3.233 trên 9.052 hồ sơ)" in said
    assert "nhầm chỗ hai cột" in said


async def test_a_unit_of_today_lists_what_it_was_made_of(office: House) -> None:
    outcome = await office.say("phường An Sinh đạt bao nhiêu phần trăm")
    said = text(outcome)
    assert outcome.hits[0].id == "unit:phuong-an-sinh"
    assert "99,7% (372/373 hồ sơ)" in said
    assert "không cộng lại được" in said


async def test_where_an_old_commune_belongs_now(office: House) -> None:
    outcome = await office.say("xã Quảng Lâm cũ nay thuộc đâu")
    assert outcome.item == "unit:xa-quang-lam-huyen-dam-ha"
    assert "Nay thuộc Xã Quảng Tân" in text(outcome)


def test_every_old_commune_belongs_somewhere(view: KpiView) -> None:
    for row in ROWS:
        if row["row"].startswith("III."):
            made = view.history(row["unit"].removeprefix("unit:"))
            assert made is not None
            assert "thuộc" in made[0], row["unit"]


async def test_ranking_in_the_order_asked(office: House) -> None:
    outcome = await office.say("3 xã thấp nhất huyện Đầm Hà về tỷ lệ hồ sơ trực tuyến")
    assert [hit.id for hit in outcome.hits] == [
        "unit:xa-quang-lam-huyen-dam-ha",
        "unit:xa-quang-an-huyen-dam-ha",
        "unit:xa-quang-tan-huyen-dam-ha",
    ]


@pytest.mark.parametrize(
    "question",
    [
        "đăng ký khai sinh ở phường Hồng Gai cần giấy tờ gì",
        "trụ sở UBND phường Bãi Cháy ở đâu",
        "tỷ lệ thương tật bao nhiêu thì được hưởng trợ cấp",
        "tôi ở Cẩm Phả muốn làm căn cước",
        "tỷ lệ hồ sơ trực tuyến tính thế nào",
    ],
)
async def test_other_questions_are_left_alone(office: House, question: str) -> None:
    assert not any(hit.id.startswith("unit:") for hit in (await office.say(question)).hits)


async def test_own_figures_without_a_unit_tell_how_to_get_them(office: House) -> None:
    outcome = await office.say("đơn vị tôi đạt bao nhiêu phần trăm")
    assert (outcome.hits[0].id, outcome.hits[0].title) == ("kpi.cach-xem", "Xem chỉ tiêu của đơn vị tôi")


@pytest.mark.parametrize("action", ["kpi:nowhere", "rank:rate:asc:moon::3", "rank:x:asc:::3", "due:soon", "task:X.1"])
async def test_a_button_to_nowhere_leads_home(office: House, action: str) -> None:
    outcome = await office.press(action)
    assert outcome.item == ""
    assert "home" not in actions(outcome), "it is home already"


def later(day: date, total: int, online: int, *, published: bool = True) -> Report:
    unit = "unit:xa-quang-an-huyen-dam-ha"
    target = Target(unit, Decimal(90), date(2026, 12, 31))
    return Report(str(day), day, "Báo cáo thử", published, {unit: Figure(unit, total, online)}, {unit: target})


def test_a_newer_report_counts_with_its_change_and_pace(knowledge: Knowledge) -> None:
    board = Board([knowledge.plan.report, later(date(2026, 10, 1), 500, 300), later(date(2026, 11, 1), 600, 400)])
    made = KpiView(knowledge.plan, board, None, TODAY).unit("xa-quang-an-huyen-dam-ha")
    assert made is not None
    said = plain(made[0])
    assert "01/11/2026: 66,7% (400 trên 600 hồ sơ)" in said
    assert "So với 01/10/2026: tăng 6,7 điểm phần trăm" in said
    assert "không kịp hạn" in said


def test_unpublished_figures_are_for_those_in_scope(knowledge: Knowledge) -> None:
    board = Board([knowledge.plan.report, later(date(2026, 11, 1), 600, 400, published=False)])
    everyone = KpiView(knowledge.plan, board, None, TODAY).unit("xa-quang-an-huyen-dam-ha")
    insider = KpiView(knowledge.plan, board, lambda unit: unit.startswith("unit:xa-quang-an"), TODAY).unit(
        "xa-quang-an-huyen-dam-ha"
    )
    assert everyone is not None
    assert insider is not None
    assert "42,9%" in plain(everyone[0])
    assert "66,7%" in plain(insider[0])
    assert "số nội bộ" in plain(insider[0])


def test_no_dossiers_are_no_rate(knowledge: Knowledge) -> None:
    board = Board([knowledge.plan.report, later(date(2026, 11, 1), 0, 0)])
    made = KpiView(knowledge.plan, board, None, TODAY).unit("xa-quang-an-huyen-dam-ha")
    assert made is not None
    assert "không phát sinh hồ sơ" in plain(made[0])
    assert "0%" not in plain(made[0]).replace("90%", "")


def test_the_folder_of_the_plan_is_there() -> None:
    assert Path(content_root() / "plan" / "appendix-3.csv").is_file()
    assert len(ROWS) == 208
