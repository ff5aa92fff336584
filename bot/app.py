"""The composition root: settings in, running channels out."""

from __future__ import annotations

import asyncio
import gc
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.artist import StudioArtist, drawing
from bot.config import Settings
from bot.errors import UserError
from bot.limits import PersonLimits
from bot.memory import settle
from bot.post import ChannelPost
from bot.record import LogRecorder, SilentRecorder
from bot.schedule import go_round
from bot.sheet_reader import SheetReader
from bot.sheets_write import Scribe
from bot.store.conversations import StoredConversations
from bot.store.engine import create_engine, problem, upgrade
from bot.store.memory import MemoryConversations, MemoryOfficers, MemoryQuestions
from bot.store.officers import StoredOfficers
from bot.store.questions import StoredQuestions
from bot.store.reports import StoredReports
from bot.store.subscriptions import StoredSubscriptions
from handlers.assistant import Assistant
from handlers.board import LiveBoard
from handlers.chart_screens import ChartScreens
from handlers.charts import Charts
from handlers.editors import EditorScreens
from handlers.intake_screens import IntakeScreens, Sheets
from handlers.notice_screens import NoticeScreens
from handlers.notices import Mailman, Notices
from handlers.officer_screens import OfficerScreens
from handlers.officers import Officer, Role
from handlers.ports import Artist, Officers, Recorder, Stored
from knowledge.kpi_model import Report, Unit
from knowledge.load import ContentError, load
from knowledge.model import Knowledge
from knowledge.plan import Plan
from knowledge.search import Search

if TYPE_CHECKING:
    from bot.channels.telegram import TelegramChannel

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
#: A conversation nobody touched for so long starts anew.
KEEP_CONVERSATIONS = timedelta(days=90)

log = structlog.get_logger()


def now() -> datetime:
    return datetime.now(ZONE)


def read_knowledge() -> Knowledge:
    """The content of the project. Raises UserError with every mistake in it."""
    try:
        return load()
    except ContentError as error:
        raise UserError(f"the content has mistakes:\n{error}") from error


def units_of(knowledge: Knowledge) -> Mapping[str, Unit]:
    """The units of the plan by id; none where the content has no plan."""
    plan = getattr(knowledge, "plan", None)
    return plan.units.by_id if plan else {}


def console_assistant(knowledge: Knowledge, who: str = "citizen") -> Assistant:
    """An assistant that remembers in memory and limits nobody. The person "console:WHO" has the rights of ``who``:
    "citizen", "admin" or "officer:UNIT-ID". Raises UserError when there is no such unit."""
    units = units_of(knowledge)
    questions = MemoryQuestions()
    officers = MemoryOfficers(now, {f"console:{who}": found} if (found := _console_officer(who, units)) else {})
    live, recorder, artist = LiveBoard(knowledge.plan.report), SilentRecorder(), StudioArtist()
    return Assistant(
        knowledge,
        Search(knowledge),
        conversations=MemoryConversations(),
        limiter=PersonLimits(0),
        recorder=recorder,
        now=now,
        officers=officers,
        live=live,
        questions=questions,
        specialists=(
            OfficerScreens(officers, units, now),
            EditorScreens(questions, officers, knowledge, now),
            _chart_screens(knowledge, live, artist, officers, recorder),
        ),
        charts=Charts(artist, recorder),
    )


def _chart_screens(
    knowledge: Knowledge, live: LiveBoard, artist: Artist, officers: Officers, recorder: Recorder
) -> ChartScreens:
    return ChartScreens(
        knowledge.plan, live, artist=artist, scribe=Scribe(), officers=officers, recorder=recorder, now=now
    )


def _console_officer(who: str, units: Mapping[str, Unit]) -> Officer | None:
    name, _, unit = who.partition(":")
    if name == "admin":
        return Officer("1", Role.ADMIN)
    if name != "officer":
        return None
    if units and unit not in units:
        raise UserError(f"there is no unit {unit}")
    return Officer("1", Role.OFFICER, unit)


@dataclass(frozen=True, slots=True)
class Served:
    """What ``run`` serves: the assistant behind the channels, and who is written to without asking. ``questions`` must
    be closed at the end."""

    assistant: Assistant
    notices: Notices
    subscriptions: StoredSubscriptions
    questions: StoredQuestions


def served(settings: Settings, engine: AsyncEngine, knowledge: Knowledge, artist: Artist) -> Served:
    """Everything behind the channels of ``run``."""
    officers, subscriptions, recorder = StoredOfficers(engine, now), StoredSubscriptions(engine, now), LogRecorder()
    questions = StoredQuestions(engine, now, timedelta(days=settings.questions.keep_days))
    reports = StoredReports(engine, now)
    live = LiveBoard(knowledge.plan.report, reports)
    notices = notices_of(engine, live, knowledge.plan)
    assistant = Assistant(
        knowledge,
        Search(knowledge),
        conversations=StoredConversations(engine, now),
        limiter=PersonLimits(settings.limits.messages_per_minute),
        recorder=recorder,
        now=now,
        officers=officers,
        live=live,
        questions=questions if settings.questions.keep_days else None,
        specialists=(
            OfficerScreens(officers, units_of(knowledge), now),
            NoticeScreens(subscriptions, officers, now),
            EditorScreens(questions, officers, knowledge, now),
            IntakeScreens(
                officers, knowledge.plan, reports, Sheets(SheetReader(), Scribe()), now, after_import(notices)
            ),
            _chart_screens(knowledge, live, artist, officers, recorder),
        ),
        charts=Charts(artist, recorder),
    )
    return Served(assistant, notices, subscriptions, questions)


def notices_of(engine: AsyncEngine, live: LiveBoard, plan: Plan) -> Notices:
    """Who is to be written to, by what stands in the database."""
    return Notices(StoredSubscriptions(engine, now), StoredOfficers(engine, now), live, plan, now)


def after_import(notices: Notices) -> Stored:
    """Has alerts queued of what was imported. The import stands whatever becomes of them."""

    async def told(report: Report) -> None:
        try:
            await notices.after_import(report)
        except Exception:
            log.exception("alerts on a report are not queued", report=report.id)

    return told


async def run(settings: Settings) -> None:
    """Start every channel that is switched on and serve until SIGTERM or SIGINT."""
    has_telegram = bool(settings.telegram.token.get_secret_value())
    if not (has_telegram or settings.web.enabled):
        raise UserError("nothing to run: web.enabled is false and telegram.token is empty")
    engine = create_engine(settings.database.url.get_secret_value())
    gc.disable()  # while loading there is little to collect and much to walk
    try:
        await upgrade(engine)
        await StoredConversations(engine, now).forget_before(KEEP_CONVERSATIONS)
        async with drawing() as artist:
            parts = served(settings, engine, read_knowledge(), artist)
            await parts.questions.forget()
            stop = asyncio.Event()
            for name in (signal.SIGTERM, signal.SIGINT):
                asyncio.get_running_loop().add_signal_handler(name, stop.set)
            try:
                await _serve(settings, engine, parts, stop)
            finally:
                await parts.questions.close()
    finally:
        gc.enable()
        await engine.dispose()


async def _serve(settings: Settings, engine: AsyncEngine, parts: Served, stop: asyncio.Event) -> None:
    """A channel brings its libraries when it is on: they take half of the start."""
    assistant, telegram = parts.assistant, _telegram_of(settings, parts.assistant)
    channels = []
    if settings.web.enabled:
        from bot.channels.web import WebChannel, create_app  # noqa: PLC0415 see above

        webhook = telegram.receive if telegram and settings.telegram.webhook_url else None
        web = WebChannel(settings.web, create_app(assistant, health=partial(problem, engine), webhook=webhook))
        channels.append(web.run(stop))
    if telegram is None:
        log.info("telegram is off: no token is set")
    else:
        channels.append(_telegram(telegram, stop, alone=not settings.web.enabled))
        mailman = Mailman(parts.notices, parts.subscriptions, ChannelPost(telegram), now)
        channels.append(go_round(mailman.round, stop))
    settle()
    try:
        async with asyncio.TaskGroup() as group:
            for channel in channels:
                group.create_task(channel)
    except* UserError as errors:
        raise errors.exceptions[0] from None


def _telegram_of(settings: Settings, assistant: Assistant) -> TelegramChannel | None:
    if not settings.telegram.token.get_secret_value():
        return None
    from bot.channels.telegram import TelegramChannel  # noqa: PLC0415 see _serve

    return TelegramChannel(settings.telegram, assistant)


async def _telegram(telegram: TelegramChannel, stop: asyncio.Event, *, alone: bool) -> None:
    """A refused token ends the program only when Telegram is all there is."""
    try:
        await telegram.run(stop)
    except UserError as error:
        if alone:
            raise
        log.error("telegram is off", reason=str(error))
