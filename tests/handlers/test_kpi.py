"""Figures in the chat: what is asked in plain words, by whom, and what is said to it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from handlers.board import Board
from handlers.kpi_view import KpiView
from handlers.model import Outcome
from knowledge.decide import Decision
from knowledge.kpi_model import Figure, Report, Target
from knowledge.markup import errors, plain
from knowledge.model import Knowledge
from knowledge.search import Search
from tests.fakes import House, actions
from tests.handlers.reckoned import ROWS

TODAY = date(2026, 11, 23)


@pytest.fixture
def office(knowledge: Knowledge, search: Search) -> House:
    return House(knowledge, search)


@pytest.fixture(scope="session")
def view(knowledge: Knowledge) -> KpiView:
    return KpiView(knowledge.plan, Board([knowledge.plan.report]), None, TODAY)


def text(outcome: Outcome) -> str:
    assert not errors(outcome.replies[0].html)
    return plain(outcome.replies[0].html)


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
        if row.level == "commune":
            made = view.history(row.unit.removeprefix("unit:"))
            assert made is not None
            assert "thuộc" in made[0], row.unit


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
        "nộp hồ sơ ở phường Hồng Gai",
        "đăng ký khai sinh xã Quảng An",
        "lãi suất vay ngân hàng ở Hạ Long tỷ lệ bao nhiêu",
        "chỉ tiêu tuyển sinh lớp 10 trường Hòn Gai",
        "xếp hạng FIFA của Việt Nam",
        "tỷ lệ chọi đại học Hạ Long",
        "chỉ tiêu biên chế Sở Nội vụ",
        "tỷ lệ hộ nghèo huyện Ba Chẽ",
        "Sở Tư pháp ở đâu",
        "nộp hồ sơ trực tuyến ở Sở Giao thông vận tải thế nào",
        "tỷ lệ lấp đầy khu công nghiệp Hải Hà",
        "đã nộp hồ sơ ở Cẩm Phả mà chưa đạt yêu cầu phải làm sao",
        "hồ sơ nộp trực tuyến ở phường Hồng Gai bao lâu có kết quả",
        "chỉ tiêu kết nạp đảng của xã Đồng Rui",
        "ngân sách thành phố Hạ Long đạt bao nhiêu",
        "thu ngân sách huyện Hải Hà đạt bao nhiêu phần trăm kế hoạch",
        "bao nhiêu hồ sơ cần nộp khi làm sổ đỏ ở Quảng Yên",
        "nhận kết quả ở phường Cao Xanh",
        "chủ tịch phường Hồng Gai là ai",
        "thời tiết Hạ Long hôm nay",
        "vé tàu đi Cô Tô bao nhiêu tiền",
        "xã nào đẹp nhất Cô Tô",
        "bảng xếp hạng bóng đá có Than Quảng Ninh không",
        "tỷ lệ sinh con thứ ba ở Vân Đồn",
        "xã hội hóa đạt bao nhiêu phần trăm",
        "cấp tỉnh và cấp xã có mấy điểm tiếp dân",
    ],
)
async def test_other_questions_are_left_alone(office: House, question: str) -> None:
    figures = ("unit:", "indicator:", "task:")
    assert not any(hit.id.startswith(figures) for hit in (await office.say(question)).hits)


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


async def test_a_unit_that_there_is_not_has_no_figures_and_leaves_what_was_talked_about(office: House) -> None:
    await office.say("xã Quảng An huyện Đầm Hà đạt bao nhiêu phần trăm")
    outcome = await office.say("xã Abc huyện Đầm Hà đạt bao nhiêu phần trăm")
    assert (outcome.decision, outcome.hits) == (Decision.NONE, ())
    assert "không có đơn vị nào tên như vậy" in text(outcome)
    assert "%" not in text(outcome)
    assert (await office.say("còn thiếu bao nhiêu hồ sơ nữa")).item == "unit:xa-quang-an-huyen-dam-ha"


async def test_indicators_that_are_equally_meant_are_offered_with_their_figures_and_a_number_picks(
    office: House,
) -> None:
    outcome = await office.say("chỉ tiêu thanh toán online phải đạt bao nhiêu phần trăm")
    rows = [hit.id for hit in outcome.hits]
    assert outcome.decision is Decision.CHOOSE
    assert len(rows) > 1
    assert actions(outcome)[: len(rows)] == rows
    assert "→" in text(outcome)
    assert (await office.say("cái thứ hai")).item == rows[1]


async def test_an_indicator_tells_result_target_bodies_and_basis(office: House) -> None:
    outcome = await office.say("chỉ tiêu giải quyết hồ sơ đúng hạn là bao nhiêu")
    assert outcome.item == "indicator:IV.1"
    said = text(outcome)
    told = (
        "98%",
        "99%",
        "Các sở, ban, ngành",
        "Văn phòng UBND tỉnh",
        "876/QĐ-BNV",
        "Phụ lục I, dòng IV.1",
        "30/10/2023",
    )
    assert [each for each in told if each not in said] == []


async def test_a_row_with_rows_below_it_tells_theirs(office: House) -> None:
    said = text(await office.say("chỉ tiêu số hóa kết quả là bao nhiêu"))
    assert "Cấp xã: kết quả khi ban hành kế hoạch 68%, chỉ tiêu tối thiểu năm 2023 80%" in said


async def test_the_tasks_of_a_body_that_is_no_unit(office: House) -> None:
    outcome = await office.say("công an tỉnh chủ trì những nhiệm vụ nào")
    assert [hit.id for hit in outcome.hits][:3] == ["task:I.6", "task:II.2", "task:III.4"]
    assert "Nhiệm vụ của Công an tỉnh" in text(outcome)


async def test_tasks_that_are_due_until_a_day(office: House) -> None:
    outcome = await office.say("nhiệm vụ phải xong trước 31/12/2023")
    assert outcome.hits[0].id == "task:I.1"
    assert len(outcome.hits) == 9
    assert "có hạn đến hết 31/12/2023" in text(outcome)


@pytest.mark.parametrize(
    "action", ["tasks:nowhere", "tasks::soon:later", "rows:indicator:X", "rank:rate:asc:thi-xa:nowhere:3"]
)
async def test_a_made_up_list_leads_home(office: House, action: str) -> None:
    assert "home" not in actions(await office.press(action)), "it is home already"
