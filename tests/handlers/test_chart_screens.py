"""Charts and files in the chat: who is shown what, and that the words come whatever becomes of the picture."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, cast

import pytest

from bot.sheets import read_sheet
from handlers.model import MAX_ACTION_BYTES, Kind, Message, Outcome
from handlers.officers import CONSOLE, INVITATION_LASTS, Role
from knowledge.kpi_model import Figure, Report, Target
from knowledge.markup import errors, plain
from knowledge.model import Knowledge
from knowledge.search import Search
from tests.fakes import Easel, House, actions

COMMUNE, DISTRICT = "unit:xa-quang-an-huyen-dam-ha", "unit:huyen-dam-ha"
DUE = date(2026, 12, 31)


class Store:
    """Reports that were imported."""

    def __init__(self, *kept: Report) -> None:
        self.kept = list(kept)

    async def stamp(self) -> str:
        return ",".join(report.id for report in self.kept)

    async def standing(self) -> list[Report]:
        return list(self.kept)


def report(day: date, total: int, online: int, unit: str = COMMUNE, *, published: bool = True) -> Report:
    target = Target(unit, Decimal(95), DUE)
    return Report(f"report:{day}", day, "Báo cáo thử", published, {unit: Figure(unit, total, online)}, {unit: target})


INTERNAL = report(date(2026, 11, 1), 600, 400, published=False)


@pytest.fixture
def office(knowledge: Knowledge, search: Search) -> House:
    return House(knowledge, search)


async def become(house: House, role: Role, unit: str | None = None, conversation: str = "test:1") -> str:
    """Let the person of ``conversation`` have ``role``; the officer's id."""
    assert house.officers is not None
    code, _ = await house.officers.invite(role, unit, by=CONSOLE, lasts=INVITATION_LASTS)
    officer = await house.officers.redeem(code, f"person of {conversation}")
    return cast("Any", officer).id


async def with_reports(house: House, *kept: Report) -> None:
    house.reports = cast("Any", Store(*kept))
    house.assistant = house.build()


def drawn(easel: Easel, kind: str) -> tuple[Any, ...]:
    """The arguments of the only picture of that kind."""
    [arguments] = [arguments for name, arguments in easel.asked if name == kind]
    return arguments


def said(outcome: Outcome) -> str:
    for reply in outcome.replies:
        assert not errors(reply.html)
        assert len(reply.html) <= 2000
    assert all(len(action.encode()) <= MAX_ACTION_BYTES for action in actions(outcome))
    return "\n".join(plain(reply.html) for reply in outcome.replies)


async def test_a_unit_is_drawn_against_its_target(office: House) -> None:
    outcome = await office.press("chart:xa-quang-an-huyen-dam-ha")
    title, points, target, footer = drawn(office.easel, "trend")
    assert title == "Xã Quảng An, Huyện Đầm Hà"
    assert points == [(date(2023, 8, 23), Decimal(52400) / 1221)]
    assert target == (date(2023, 12, 31), Decimal(90))
    assert "23/08/2023" in footer
    assert "269/KH-UBND" in footer
    [reply] = outcome.replies
    assert reply.picture is not None
    assert reply.picture.png == b"trend"
    for words in (reply.picture.alt, said(outcome)):
        assert "42,9% (524/1.221 hồ sơ)" in words
        assert "90%" in words
        assert "23/08/2023" in words
        assert "một kỳ số liệu" in words
    assert not reply.replaces, "the screen with the button stays"
    assert actions(outcome) == ["kpi:xa-quang-an-huyen-dam-ha", "home"]
    assert outcome.item == COMMUNE


async def test_a_unit_with_others_below_is_drawn_twice(office: House) -> None:
    trend, bars = (await office.press("chart:huyen-dam-ha")).replies
    assert trend.picture is not None
    assert bars.picture is not None
    assert not trend.buttons, "buttons stand below the last"
    title, rows, _ = drawn(office.easel, "bars")
    assert title == "Các đơn vị thuộc Huyện Đầm Hà"
    assert [row.label for row in rows][:2] == ["Xã Quảng Lâm", "Xã Quảng An"], "the widest gap first"
    assert len(rows) == 9
    assert all(row.label in bars.picture.alt for row in rows)


async def test_the_province_is_drawn_by_its_units(office: House) -> None:
    outcome = await office.press("chart:tinh-quang-ninh")
    _, rows, _ = drawn(office.easel, "bars")
    assert len(rows) == 31
    assert len(outcome.replies) == 1
    assert "… và 21 đơn vị nữa trong hình." in said(outcome)


async def test_the_buttons_of_a_unit_lead_to_its_files(office: House) -> None:
    shown = actions(await office.press("kpi:huyen-dam-ha"))
    for action in ("chart:huyen-dam-ha", "export:huyen-dam-ha", "below:huyen-dam-ha", "indicators"):
        assert action in shown
    assert "tasks:xa-quang-an-huyen-dam-ha" in actions(await office.press("kpi:xa-quang-an-huyen-dam-ha"))
    assert {"chart:tinh-quang-ninh", "export:tinh-quang-ninh"} <= set(actions(await office.press("sum::")))


@pytest.mark.parametrize(
    ("action", "number", "title"),
    [
        ("under:commune:", 24, "24 xã, phường, thị trấn toàn tỉnh chưa đạt chỉ tiêu, thiếu nhiều nhất trong 44"),
        ("under:commune:huyen-dam-ha", 8, "8 xã, phường, thị trấn thuộc Huyện Đầm Hà chưa đạt chỉ tiêu"),
        ("rank:rate:asc:commune::5", 20, "20 xã, phường, thị trấn toàn tỉnh thấp nhất về tỷ lệ"),
        ("rank:gap:desc:district::5", 13, "13 huyện, thị xã, thành phố toàn tỉnh: chênh lệch với chỉ tiêu từ cao"),
        ("below:thanh-pho-ha-long", 33, "Các đơn vị thuộc Thành phố Hạ Long"),
        ("compare:huyen-dam-ha,huyen-hai-ha", 2, "So sánh"),
    ],
)
async def test_a_list_has_its_bars(office: House, action: str, number: int, title: str) -> None:
    assert f"bars:{action}" in actions(await office.press(action))
    outcome = await office.press(f"bars:{action}")
    heading, rows, _ = drawn(office.easel, "bars")
    assert heading.startswith(title)
    assert len(rows) == number
    assert actions(outcome) == [action, "home"]
    assert said(outcome)


@pytest.mark.parametrize(
    "action", ["rank:total:desc:district::5", "compare:huyen-dam-ha", "under:department:huyen-dam-ha"]
)
async def test_what_bars_cannot_compare_has_none(office: House, action: str) -> None:
    assert not [shown for shown in actions(await office.press(action)) if shown.startswith("bars:")]


async def test_more_units_than_there_is_room_for_are_told(office: House) -> None:
    outcome = await office.press("bars:under:commune:")
    assert "Hình vẽ 24 đơn vị đầu trong 44." in said(outcome)


@pytest.mark.parametrize(
    "action", ["chart:", "chart:nowhere", "bars:", "bars:under:x:y", "bars:kpi:huyen-dam-ha", "bars:" + "x" * 60]
)
async def test_what_leads_nowhere_says_so(office: House, action: str) -> None:
    outcome = await office.press(action)
    assert "không tìm thấy đơn vị" in said(outcome)
    assert not office.easel.asked
    assert not office.memory.failed_ones


async def test_a_unit_without_figures_has_no_picture(office: House) -> None:
    [reply] = (await office.press("chart:xa-dam-ha")).replies
    assert "chưa có số liệu" in plain(reply.html)
    assert "⚠️" not in reply.html
    assert reply.picture is None


async def test_no_dossiers_are_no_picture(office: House) -> None:
    await with_reports(office, report(date(2026, 11, 1), 0, 0))
    outcome = await office.press("chart:xa-quang-an-huyen-dam-ha")
    assert "42,9%" in said(outcome), "the earlier rate is still one"
    assert "không phát sinh" not in said(outcome)


async def test_history_is_drawn_and_told_in_order(office: House) -> None:
    await with_reports(office, *(report(date(2026, month, 1), 1000, 10 * month) for month in range(11, 0, -1)))
    outcome = await office.press("chart:xa-quang-an-huyen-dam-ha")
    _, points, target, _ = drawn(office.easel, "trend")
    assert len(points) == 12
    assert points == sorted(points)
    assert target == (DUE, Decimal(95))
    [reply] = outcome.replies
    assert reply.picture is not None
    assert "(và 4 kỳ trước đó)" in said(outcome)
    assert "đến 23/08/2023" in reply.picture.alt, "what is read out has them all"
    assert "một kỳ" not in said(outcome)


async def test_a_picture_that_fails_leaves_the_words(office: House) -> None:
    office.easel.error = RuntimeError("no ink")
    outcome = await office.press("chart:huyen-dam-ha")
    assert [reply.picture for reply in outcome.replies] == [None, None]
    assert said(outcome).count("chưa vẽ được hình") == 2
    assert "72,5%" in said(outcome)
    assert [error for _, error in office.memory.failed_ones] == [office.easel.error] * 2


async def test_a_picture_that_takes_too_long_is_not_waited_for(office: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handlers.assistant.PICTURE_SECONDS", 0.0)
    await become(office, Role.OFFICER, DISTRICT)
    office.easel.busy = True
    [reply] = (await office.say("/kpi")).replies
    assert "72,5%" in reply.html
    assert reply.picture is None
    assert isinstance(office.memory.failed_ones[0][1], TimeoutError)


async def test_own_figures_come_with_a_chart(office: House) -> None:
    await become(office, Role.OFFICER, DISTRICT)
    outcome = await office.say("/kpi")
    [reply] = outcome.replies
    assert reply.picture is not None
    assert reply.picture.png == b"trend"
    assert "72,5%" in reply.picture.alt
    assert {"below:huyen-dam-ha", "tasks:huyen-dam-ha", "indicators", "export:huyen-dam-ha"} <= set(actions(outcome))


@pytest.mark.parametrize("role", [Role.PROVINCE, Role.ADMIN])
async def test_the_province_is_the_own_unit_of_who_sees_all(office: House, role: Role) -> None:
    await become(office, role)
    [reply] = (await office.say("/kpi")).replies
    assert "87,2%" in reply.html
    assert reply.picture is not None
    assert reply.picture.png == b"bars"


@pytest.mark.parametrize("role", [None, Role.EDITOR])
async def test_who_has_no_unit_gets_no_chart(office: House, role: Role | None) -> None:
    if role:
        await become(office, role)
    [reply] = (await office.say("/kpi")).replies
    assert reply.picture is None
    assert not office.easel.asked


@pytest.mark.parametrize(
    ("role", "unit", "sees"),
    [
        (Role.OFFICER, COMMUNE, True),
        (Role.OFFICER, DISTRICT, False),
        (Role.LEADER, DISTRICT, True),
        (Role.LEADER, "unit:huyen-hai-ha", False),
        (Role.PROVINCE, None, True),
        (Role.EDITOR, None, False),
        (None, None, False),
    ],
)
async def test_unpublished_figures_are_drawn_for_those_in_scope(
    office: House, role: Role | None, unit: str | None, sees: bool
) -> None:
    await with_reports(office, INTERNAL)
    if role:
        await become(office, role, unit)
    chart = await office.press("chart:xa-quang-an-huyen-dam-ha")
    assert ("66,7%" in said(chart)) is sees
    assert ("nội bộ" in said(chart)) is sees
    assert ("nội bộ" in drawn(office.easel, "trend")[3]) is sees
    bars = await office.press("bars:below:huyen-dam-ha")
    assert ("66,7%" in said(bars)) is sees
    table = await office.press("export:xa-quang-an-huyen-dam-ha")
    assert ("nội bộ" in said(table)) is sees
    assert (600 in cells(table)) is sees


async def test_rights_count_anew_for_each_press(office: House) -> None:
    await with_reports(office, INTERNAL)
    officer = await become(office, Role.OFFICER, COMMUNE)
    assert "66,7%" in said(await office.press("chart:xa-quang-an-huyen-dam-ha"))
    assert office.officers is not None
    await office.officers.revoke(officer, by=CONSOLE)
    assert "66,7%" not in said(await office.press("chart:xa-quang-an-huyen-dam-ha"))


async def test_in_a_group_only_what_is_published_shows(office: House) -> None:
    await with_reports(office, INTERNAL)
    await become(office, Role.ADMIN)
    for text, kind in (("chart:xa-quang-an-huyen-dam-ha", Kind.ACTION), ("/xuat xã quảng an", Kind.TEXT)):
        message = Message("test", "person of test:1", "test:9", text, kind, in_group=True)
        outcome = await office.assistant.ask(message)
        assert "nội bộ" not in said(outcome)
        assert "66,7%" not in said(outcome)


def cells(outcome: Outcome) -> Sequence[object]:
    """What stands in the table that was given out."""
    document = outcome.replies[0].document
    assert document is not None
    return [cell for row in read_sheet(document.data, document.name).rows for cell in row]


async def test_a_leader_takes_own_figures_and_those_below(office: House) -> None:
    await become(office, Role.LEADER, DISTRICT)
    outcome = await office.say("/xuat")
    table, summary = (reply.document for reply in outcome.replies)
    assert table is not None
    assert summary is not None
    assert (table.name, summary.name) == (
        "so-lieu-huyen-dam-ha-2023-08-23.xlsx",
        "so-lieu-huyen-dam-ha-2023-08-23.pdf",
    )
    names = [cell for cell in cells(outcome) if isinstance(cell, str) and "Huyện Đầm Hà" in cell]
    assert len(names) == 11, "the title and ten units"
    assert summary.data == b"summary"
    assert "10 đơn vị" in said(outcome)
    assert actions(outcome) == ["kpi:huyen-dam-ha", "home"]


@pytest.mark.parametrize("role", [None, Role.PROVINCE, Role.ADMIN, Role.EDITOR])
async def test_others_take_all_of_the_province(office: House, role: Role | None) -> None:
    if role:
        await become(office, role)
    outcome = await office.say("/xuat")
    assert "208 đơn vị" in said(outcome)


async def test_a_named_unit_is_taken(office: House) -> None:
    assert "Xã Quảng An, Huyện Đầm Hà" in said(await office.say("/xuat xa quang an huyen dam ha"))
    several = await office.say("/xuat cộng hòa")
    assert "nhiều đơn vị" in said(several)
    assert [action for action in actions(several) if action.startswith("export:")]
    assert "không tìm thấy" in said(await office.say("/xuat <b>nowhere</b>"))


async def test_a_unit_without_figures_has_no_files(office: House) -> None:
    outcome = await office.press("export:xa-dam-ha")
    assert "chưa có số liệu" in said(outcome)
    assert [reply.document for reply in outcome.replies] == [None]


async def test_a_summary_that_fails_leaves_the_table(office: House) -> None:
    office.easel.error = RuntimeError("no ink")
    outcome = await office.say("/xuat")
    table, summary = outcome.replies
    assert table.document is not None
    assert summary.document is None
    assert "chưa làm được bản tóm tắt" in said(outcome)
    assert [error for _, error in office.memory.failed_ones] == [office.easel.error]


async def test_it_leaves_everything_else_alone(office: House) -> None:
    assert "Trang đầu" not in said(await office.say("biểu đồ là gì"))
    for text, kind in (("", Kind.TEXT), ("chart:huyen-dam-ha", Kind.TEXT), ("kpi:huyen-dam-ha", Kind.ACTION)):
        await office.say(text, kind=kind)
    await office.say("/xuat", kind=Kind.PHOTO)
    assert not office.easel.asked


async def test_the_present_screen_stays_the_present_one(office: House) -> None:
    await office.press("kpi:huyen-dam-ha")
    before = await office.conversations.load("test:1")
    await office.press("chart:huyen-dam-ha")
    await office.press("export:huyen-dam-ha")
    assert (await office.conversations.load("test:1")).trail == before.trail
