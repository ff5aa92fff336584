"""Who is written to, what, and when; on a real store."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bot.app import ZONE
from bot.store.engine import opened
from bot.store.memory import MemoryOfficers
from bot.store.reports import StoredReports
from bot.store.subscriptions import StoredSubscriptions
from handlers.board import LiveBoard
from handlers.model import Kind, Message, Outcome, Reply
from handlers.notice_screens import NoticeScreens
from handlers.notices import FIRST_PAUSE, MOST_TRIES, Mailman, Notices
from handlers.officers import Officer, Role
from handlers.reports import Draft
from handlers.state import State
from handlers.subscriptions import Delivery, Notice, NoticeKind, Subscription
from knowledge.kpi_model import Figure, Report, Target
from knowledge.markup import errors, plain
from knowledge.model import Knowledge
from tests.bot.databases import sqlite_url
from tests.fakes import actions

DISTRICT = "unit:huyen-dam-ha"
COMMUNE, SISTER = "unit:xa-quang-an-huyen-dam-ha", "unit:xa-dam-ha-huyen-dam-ha"
ELSEWHERE = "unit:phuong-hong-gai-thanh-pho-ha-long"
LEADER, OFFICER, ADMIN = "telegram:1", "telegram:2", "telegram:3"
MONDAY = datetime(2026, 11, 30, 8, tzinfo=ZONE)
DUE = date(2026, 12, 31)


@dataclass
class Postbox:
    """Takes what is sent. ``answers`` are given in turn, SENT when there are none left."""

    is_open: bool = True
    answers: list[Delivery] = field(default_factory=list)
    sent: list[tuple[str, Reply]] = field(default_factory=list)

    async def send(self, address: str, replies: Sequence[Reply]) -> Delivery:
        answer = self.answers.pop(0) if self.answers else Delivery.SENT
        if answer is Delivery.SENT:
            self.sent += [(address, reply) for reply in replies]
        return answer

    def texts(self, address: str) -> list[str]:
        for _, reply in self.sent:
            assert errors(reply.html) == []
        return [plain(reply.html) for to, reply in self.sent if to == address]


class Office:
    """Officers, figures and a postman, at a time that can be set."""

    def __init__(self, engine: object, knowledge: Knowledge) -> None:
        self.now = MONDAY - timedelta(days=3)
        self.subscriptions = StoredSubscriptions(engine, self.clock)  # type: ignore[arg-type]
        self.reports = StoredReports(engine, self.clock)  # type: ignore[arg-type]
        self.given = {
            LEADER: Officer("1", Role.LEADER, DISTRICT),
            OFFICER: Officer("2", Role.OFFICER, COMMUNE),
            ADMIN: Officer("3", Role.ADMIN),
        }
        self.officers = MemoryOfficers(self.clock, self.given)
        live = LiveBoard(knowledge.plan.report, self.reports)
        self.notices = Notices(self.subscriptions, self.officers, live, knowledge.plan, self.clock)
        self.post = Postbox()
        self.mailman = Mailman(self.notices, self.subscriptions, self.post, self.clock)
        self.screens = NoticeScreens(self.subscriptions, self.officers, self.clock)

    def clock(self) -> datetime:
        return self.now

    async def subscribe(self, *addresses: str, **settings: object) -> None:
        for address in addresses:
            quiet = Subscription(address, digest_at=None, reminders=False)
            await self.subscriptions.save(replace(quiet, **settings))  # type: ignore[arg-type]

    async def imported(
        self, *figures: tuple[str, int, int], day: date = date(2026, 10, 31), published: bool = True, percent: int = 80
    ) -> Report:
        counted = tuple(Figure(unit, total, online) for unit, total, online in figures)
        wanted = tuple(Target(unit, Decimal(percent), DUE) for unit, _, _ in figures)
        staged = await self.reports.stage(Draft(day, "Báo cáo tháng", published, counted, wanted), by=ADMIN)
        confirmed = await self.reports.confirm(staged.token, by=ADMIN)
        report = await self.reports.report(confirmed.report)
        assert report is not None
        return report

    async def say(self, text: str, person: str = OFFICER, **more: object) -> Outcome:
        kind = Kind.TEXT if text.startswith("/") else Kind.ACTION
        message = replace(Message("telegram", person, person, text, kind, reachable=True), **more)  # type: ignore[arg-type]
        assert self.screens.wants(message, State(), fresh=True)
        outcome, _ = await self.screens.answer(message, State(), fresh=True)
        return outcome


@pytest.fixture
async def office(knowledge: Knowledge, tmp_path: Path) -> AsyncIterator[Office]:
    async with opened(sqlite_url(tmp_path)) as engine:
        yield Office(engine, knowledge)


async def test_a_fall_below_the_target_is_told_to_those_in_scope(office: Office) -> None:
    await office.subscribe(LEADER, OFFICER, ADMIN)
    await office.imported((COMMUNE, 100, 90), (ELSEWHERE, 100, 90), day=date(2026, 9, 30))
    report = await office.imported((COMMUNE, 200, 150), (ELSEWHERE, 200, 100))
    await office.notices.after_import(report)
    await office.mailman.round()
    for address in (LEADER, OFFICER):
        (told,) = office.post.texts(address)
        assert "Xã Quảng An, Huyện Đầm Hà: 75% (kỳ trước 90%, giảm 15 điểm phần trăm), dưới chỉ tiêu 80%." in told
        assert "31/10/2026" in told
        assert "Hồng Gai" not in told
    (told,) = office.post.texts(ADMIN)
    assert told.index("Hồng Gai") < told.index("Quảng An")


async def test_an_alert_is_sent_once_whoever_asks_for_it_again(office: Office) -> None:
    await office.subscribe(OFFICER)
    report = await office.imported((COMMUNE, 100, 10))
    for _ in range(2):
        await office.notices.after_import(report)
        await office.mailman.round()
    assert len(office.post.sent) == 1


async def test_good_news_and_small_drops_are_not_told(office: Office) -> None:
    await office.subscribe(OFFICER, drop=10)
    await office.imported((COMMUNE, 100, 95), day=date(2026, 9, 30))
    await office.notices.after_import(await office.imported((COMMUNE, 200, 170)))
    await office.mailman.round()
    assert office.post.sent == []


async def test_who_wants_no_alerts_gets_none(office: Office) -> None:
    await office.subscribe(OFFICER, alerts=False)
    await office.notices.after_import(await office.imported((COMMUNE, 100, 10)))
    await office.mailman.round()
    assert office.post.sent == []


async def test_internal_figures_reach_those_in_scope_only(office: Office) -> None:
    await office.subscribe(OFFICER, LEADER)
    report = await office.imported((SISTER, 100, 10), published=False)
    await office.notices.after_import(report)
    await office.mailman.round()
    assert office.post.texts(OFFICER) == []
    assert "số nội bộ" in office.post.texts(LEADER)[0]


async def test_nobody_is_woken_by_an_alert(office: Office) -> None:
    office.now = MONDAY.replace(hour=2)
    await office.subscribe(OFFICER)
    await office.notices.after_import(await office.imported((COMMUNE, 100, 10)))
    await office.mailman.round()
    assert office.post.sent == []
    office.now = MONDAY.replace(hour=7)
    await office.mailman.round()
    assert len(office.post.sent) == 1


async def test_a_report_that_was_taken_back_meanwhile_is_not_told(office: Office) -> None:
    office.now = MONDAY.replace(hour=2)
    await office.subscribe(OFFICER)
    await office.imported((COMMUNE, 100, 95), day=date(2026, 9, 30))
    report = await office.imported((COMMUNE, 200, 20))
    await office.notices.after_import(report)
    await office.reports.roll_back(report.id, by=ADMIN)
    office.now = MONDAY
    await office.mailman.round()
    assert office.post.sent == []


async def test_of_two_reports_before_a_round_the_newer_one_is_told(office: Office) -> None:
    await office.subscribe(OFFICER)
    for day, online in ((date(2026, 10, 31), 70), (date(2026, 11, 20), 30)):
        await office.notices.after_import(await office.imported((COMMUNE, 100, online), day=day))
    await office.mailman.round()
    (told,) = office.post.texts(OFFICER)
    assert "20/11/2026" in told


async def test_many_falls_are_told_in_short(office: Office, knowledge: Knowledge) -> None:
    await office.subscribe(ADMIN)
    units = [unit.id for unit in knowledge.plan.units if unit.id in knowledge.plan.report.figures][:9]
    await office.notices.after_import(await office.imported(*((unit, 100_000, 1) for unit in units)))
    await office.mailman.round()
    (told,) = office.post.texts(ADMIN)
    assert told.count("•") == 5
    assert "và 4 đơn vị nữa" in told


async def test_the_digest_comes_at_its_hour_and_again_a_week_later(office: Office) -> None:
    await office.imported((DISTRICT, 1000, 700), (COMMUNE, 100, 40), (SISTER, 100, 90), day=date(2026, 11, 27))
    await office.subscribe(LEADER, digest_at=MONDAY)
    await office.mailman.round()
    assert office.post.sent == []
    office.now = MONDAY
    for _ in range(2):
        await office.mailman.round()
    (digest,) = office.post.texts(LEADER)
    assert "70% (700 trên 1.000 hồ sơ)" in digest
    assert "Chỉ tiêu 80% (hạn 31/12/2026): ❌ còn thiếu 10 điểm phần trăm" in digest
    assert "Xã Quảng An, Huyện Đầm Hà: thiếu 40 điểm phần trăm" in digest
    assert "Chưa có báo cáo nào mới hơn" not in digest
    office.now = MONDAY + timedelta(days=7)
    await office.mailman.round()
    assert len(office.post.texts(LEADER)) == 2
    assert "Chưa có báo cáo nào mới hơn ngày 27/11/2026" in office.post.texts(LEADER)[1]


async def test_weeks_without_the_program_make_one_digest(office: Office) -> None:
    await office.subscribe(OFFICER, digest_at=MONDAY)
    office.now = MONDAY + timedelta(days=22)
    for _ in range(2):
        await office.mailman.round()
    assert len(office.post.sent) == 1
    subscription = await office.subscriptions.of(OFFICER)
    assert subscription is not None
    assert subscription.digest_at == MONDAY + timedelta(days=28)


async def test_a_digest_for_the_province_and_one_without_figures(office: Office) -> None:
    office.given["telegram:4"] = Officer("4", Role.OFFICER, "unit:phuong-hong-gai")
    office.officers = MemoryOfficers(office.clock, office.given)
    office.notices._officers = office.officers
    await office.subscribe(ADMIN, "telegram:4", digest_at=MONDAY)
    office.now = MONDAY
    await office.mailman.round()
    assert "trên 208" in office.post.texts(ADMIN)[0]
    assert "số liệu đến 23/08/2023" in office.post.texts(ADMIN)[0]
    assert "chưa có số liệu" in office.post.texts("telegram:4")[0]


async def test_reminders_come_once_for_each_step(office: Office) -> None:
    await office.imported((COMMUNE, 100, 40))
    await office.subscribe(OFFICER, reminders=True, alerts=False)
    for days in (31, 30, 29, 14, 14, 8, 7, 1, 0):
        office.now = datetime(2026, 12, 31, 9, tzinfo=ZONE) - timedelta(days=days)
        await office.mailman.round()
    firsts = [text.splitlines()[0] for text in office.post.texts(OFFICER)]
    assert firsts == [f"⏰ Còn {left} ngày là đến hạn (31/12/2026)" for left in (30, 14, 7, 1)]
    assert "còn thiếu 40 điểm phần trăm" in office.post.texts(OFFICER)[0]
    assert "cần thêm 40 hồ sơ trực tuyến" in office.post.texts(OFFICER)[0]


async def test_who_has_reached_the_target_is_not_reminded(office: Office) -> None:
    await office.imported((COMMUNE, 100, 80))
    await office.subscribe(OFFICER, reminders=True)
    office.now = datetime(2026, 12, 24, 9, tzinfo=ZONE)
    await office.mailman.round()
    assert office.post.sent == []


async def test_a_task_of_the_plan_is_reminded_of(office: Office, knowledge: Knowledge) -> None:
    department = next(unit.id for unit in knowledge.plan.units if unit.id == "unit:so-thong-tin-va-truyen-thong")
    duty = next(duty.row for duty in knowledge.plan.tasks_of(department) if duty.row.due)
    office.given["telegram:5"] = Officer("5", Role.OFFICER, department)
    office.notices._officers = MemoryOfficers(office.clock, office.given)
    await office.subscribe("telegram:5", reminders=True)
    office.now = datetime.combine(duty.due, datetime.min.time(), ZONE).replace(hour=9) - timedelta(days=7)
    await office.mailman.round()
    assert any(f"Nhiệm vụ {duty.row}" in text and "Còn 7 ngày" in text for text in office.post.texts("telegram:5"))


async def test_a_chat_that_blocks_the_bot_is_forgotten(office: Office) -> None:
    await office.subscribe(OFFICER, digest_at=MONDAY)
    office.now = MONDAY
    office.post.answers = [Delivery.GONE]
    await office.mailman.round()
    assert await office.subscriptions.everyone() == []
    await office.mailman.round()
    assert office.post.sent == []


async def test_who_lost_the_rights_gets_nothing_any_more(office: Office) -> None:
    await office.subscribe(OFFICER, digest_at=MONDAY)
    await office.officers.revoke("2", by=ADMIN)
    office.now = MONDAY
    await office.mailman.round()
    assert office.post.sent == []
    assert await office.subscriptions.everyone() == []


async def test_what_fails_is_tried_again_later_and_later(office: Office) -> None:
    await office.subscribe(OFFICER, digest_at=MONDAY)
    office.now, office.post.answers = MONDAY, [Delivery.LATER, Delivery.LATER]
    await office.mailman.round()
    office.now += FIRST_PAUSE - timedelta(seconds=1)
    await office.mailman.round()
    assert len(office.post.answers) == 1
    office.now += timedelta(seconds=1)
    await office.mailman.round()
    assert office.post.answers == []
    office.now += 2 * FIRST_PAUSE
    await office.mailman.round()
    assert len(office.post.sent) == 1


async def test_what_never_works_is_given_up(office: Office) -> None:
    await office.subscribe(OFFICER, digest_at=MONDAY)
    office.now, office.post.answers = MONDAY, [Delivery.LATER] * 100
    for _ in range(MOST_TRIES + 3):
        await office.mailman.round()
        office.now += timedelta(hours=11)
    assert len(office.post.answers) == 100 - MOST_TRIES
    assert await office.subscriptions.of(OFFICER) is not None


async def test_one_that_cannot_be_written_keeps_nobody_waiting(office: Office) -> None:
    await office.subscribe(OFFICER, LEADER)
    broken = Notice(OFFICER, NoticeKind.REMINDER, "due:unit", MONDAY - timedelta(days=9))  # it is about nothing
    await office.subscriptions.queue([broken])
    await office.subscribe(LEADER, digest_at=MONDAY)
    office.now = MONDAY
    with pytest.raises(ExceptionGroup):
        await office.mailman.round()
    assert len(office.post.texts(LEADER)) == 1
    await office.mailman.round()
    for _ in range(MOST_TRIES - 1):
        office.now += timedelta(hours=11)
        with pytest.raises(ExceptionGroup):
            await office.mailman.round()
    office.now += timedelta(hours=11)
    await office.mailman.round()


async def test_while_nothing_can_be_sent_nothing_is_lost(office: Office) -> None:
    await office.subscribe(OFFICER, digest_at=MONDAY)
    office.now, office.post.is_open = MONDAY, False
    for _ in range(MOST_TRIES + 3):
        await office.mailman.round()
        office.now += timedelta(hours=1)
    office.post.is_open = True
    await office.mailman.round()
    assert len(office.post.sent) == 1


async def test_a_notice_ends_with_one_tap_to_stop(office: Office) -> None:
    await office.subscribe(OFFICER, digest_at=MONDAY)
    office.now = MONDAY
    await office.mailman.round()
    (_, reply) = office.post.sent[0]
    assert "sub:stop" in [button.action for row in reply.buttons for button in row]
    outcome = await office.say("sub:stop")
    assert "ngừng nhắn" in outcome.replies[0].html
    assert await office.subscriptions.everyone() == []


async def test_opting_in_and_changing_every_setting(office: Office) -> None:
    offer = await office.say("/nhantin")
    assert "sub:on" in actions(offer)
    assert await office.subscriptions.everyone() == []
    await office.say("sub:on")
    assert await office.subscriptions.of(OFFICER) == Subscription(OFFICER, digest_at=MONDAY)
    days = await office.say("sub:day")
    assert [f"sub:day:{day}" for day in range(7)] == [a for a in actions(days) if a.startswith("sub:day:")]
    for action in ("sub:day:4", "sub:hour:16", "sub:drop:2", "sub:reminders:0"):
        shown = await office.say(action)
    found = await office.subscriptions.of(OFFICER)
    friday = datetime(2026, 11, 27, 16, tzinfo=ZONE)
    assert found == Subscription(OFFICER, friday, weekday=4, hour=16, drop=2, reminders=False)
    assert "Thứ Sáu, 16 giờ" in plain(shown.replies[0].html)
    await office.say("sub:digest:0")
    await office.say("sub:alerts:0")
    found = await office.subscriptions.of(OFFICER)
    assert found == Subscription(OFFICER, None, weekday=4, hour=16, alerts=False, drop=2, reminders=False)
    await office.say("sub:digest:1")
    assert (await office.subscriptions.of(OFFICER)) == replace(found, digest_at=friday)


@pytest.mark.parametrize("action", ["sub:drop:77", "sub:hour:999", "sub:day:-1", "sub:nonsense:1", "sub:day:x", "sub:"])
async def test_odd_buttons_break_nothing(office: Office, action: str) -> None:
    await office.say("sub:on")
    outcome = await office.say(action)
    assert "Nhắn tin tự động" in outcome.replies[0].html
    found = await office.subscriptions.of(OFFICER)
    assert found is not None
    assert 0 <= found.hour < 24
    assert found.drop == 5


async def test_strangers_and_channels_that_cannot_write_first(office: Office) -> None:
    assert "cán bộ được mời" in (await office.say("/nhantin", "telegram:99")).replies[0].html
    assert "chat riêng" in (await office.say("/nhantin", reachable=False)).replies[0].html
    assert "cán bộ được mời" in (await office.say("sub:on", in_group=True)).replies[0].html
    assert await office.subscriptions.everyone() == []


async def test_going_back_to_the_settings_and_other_messages(office: Office) -> None:
    back = Message("telegram", OFFICER, OFFICER, "back", Kind.ACTION, reachable=True)
    assert office.screens.wants(back, State(("sub", "home")), fresh=True)
    outcome, state = await office.screens.answer(back, State(("sub", "topics")), fresh=True)
    assert "Nhắn tin tự động" in outcome.replies[0].html
    assert state.trail == ("sub",)
    for text, kind in (("home", Kind.ACTION), ("/kpi", Kind.TEXT), ("nhắn tin", Kind.TEXT), ("", Kind.PHOTO)):
        assert not office.screens.wants(replace(back, text=text, kind=kind), State(), fresh=True)
