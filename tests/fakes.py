"""Stand-ins for what surrounds the assistant."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.sheet_reader import SheetReader
from bot.sheets_write import Scribe
from bot.store.memory import MemoryConversations, MemoryOfficers, MemoryQuestions
from handlers.assistant import Assistant
from handlers.board import LiveBoard
from handlers.chart_screens import ChartScreens
from handlers.charts import Charts
from handlers.editors import EditorScreens
from handlers.intake_screens import IntakeScreens, Sheets
from handlers.model import Kind, Message, Outcome
from handlers.officer_screens import OfficerScreens
from handlers.ports import Reports, Specialist, Stored
from handlers.state import State
from knowledge.model import Knowledge
from knowledge.search import Search
from tests.units import UNITS

DAY = date(2026, 11, 23)


@dataclass
class Clock:
    """A day that stands still until it is moved."""

    day: date = DAY

    hour: float = 9.0

    def __call__(self) -> date:
        return self.day

    def now(self) -> datetime:
        return datetime.combine(self.day, time(), ZoneInfo("Asia/Ho_Chi_Minh")) + timedelta(hours=self.hour)


@dataclass
class Memory:
    """A recorder that remembers what it was told."""

    answered_ones: list[tuple[Message, Outcome]] = field(default_factory=list)
    refused_ones: list[Message] = field(default_factory=list)
    failed_ones: list[tuple[Message, Exception]] = field(default_factory=list)

    def answered(self, message: Message, outcome: Outcome, seconds: float) -> None:
        assert seconds >= 0
        self.answered_ones.append((message, outcome))

    def refused(self, message: Message) -> None:
        self.refused_ones.append(message)

    def failed(self, message: Message, error: Exception) -> None:
        self.failed_ones.append((message, error))


@dataclass
class Gate:
    """A limiter that lets ``left`` messages through (None: all) and tells each person once."""

    left: int | None = None
    wait: float = 7.0
    told: set[str] = field(default_factory=set)

    async def retry_after(self, person: str) -> float:
        if self.left is None:
            return 0.0
        self.left -= 1
        return 0.0 if self.left >= 0 else self.wait

    async def may_tell(self, person: str) -> bool:
        new = person not in self.told
        self.told.add(person)
        return new


class BrokenConversations:
    """Fails with ``error`` at every turn."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    async def load(self, conversation: str) -> State:
        raise self.error

    async def save(self, conversation: str, state: State) -> None:
        raise self.error


class Easel:
    """An artist that paints nothing and remembers what it was asked for; it fails with ``error`` and waits while
    ``busy``."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, tuple[object, ...]]] = []
        self.error: Exception | None = None
        self.busy = False

    async def trend(self, *arguments: object) -> bytes:
        return await self._drawn("trend", arguments)

    async def bars(self, *arguments: object) -> bytes:
        return await self._drawn("bars", arguments)

    async def summary(self, *arguments: object) -> bytes:
        return await self._drawn("summary", arguments)

    async def _drawn(self, name: str, arguments: tuple[object, ...]) -> bytes:
        self.asked.append((name, arguments))
        if self.busy:
            await asyncio.Event().wait()
        if self.error:
            raise self.error
        return name.encode()


class House:
    """An assistant with everything around it within reach."""

    def __init__(self, knowledge: Knowledge, search: Search) -> None:
        self.knowledge = knowledge
        self.search = search
        self.clock = Clock()
        self.memory = Memory()
        self.gate = Gate()
        self.conversations = MemoryConversations()
        self.officers: MemoryOfficers | None = MemoryOfficers(self.clock.now)
        self.questions = MemoryQuestions()
        self.reports: Reports | None = None
        self.after_import: Stored | None = None
        self.easel = Easel()
        self.assistant = self.build()

    def build(self, conversations: MemoryConversations | BrokenConversations | None = None) -> Assistant:
        live = LiveBoard(self.knowledge.plan.report, self.reports)
        return Assistant(
            self.knowledge,
            self.search,
            conversations=conversations or self.conversations,
            limiter=self.gate,
            recorder=self.memory,
            now=self.clock.now,
            officers=self.officers,
            live=live,
            questions=self.questions,
            specialists=tuple(self._specialists(live)),
            charts=Charts(self.easel, self.memory),
        )

    def _specialists(self, live: LiveBoard) -> Iterator[Specialist]:
        plan, now = self.knowledge.plan, self.clock.now
        if self.officers:
            yield OfficerScreens(self.officers, UNITS, now)
            yield EditorScreens(self.questions, self.officers, self.knowledge, now)
            if self.reports:
                sheets = Sheets(SheetReader(), Scribe())
                yield IntakeScreens(self.officers, plan, self.reports, sheets, now, self.after_import)
        yield ChartScreens(
            plan,
            live,
            artist=self.easel,
            scribe=Scribe(),
            officers=self.officers,
            recorder=self.memory,
            now=now,
        )

    async def say(self, text: str, conversation: str = "test:1", kind: Kind = Kind.TEXT) -> Outcome:
        return await self.assistant.ask(Message("test", f"person of {conversation}", conversation, text, kind))

    async def press(self, action: str, conversation: str = "test:1") -> Outcome:
        return await self.say(action, conversation, Kind.ACTION)


def actions(outcome: Outcome) -> list[str]:
    """The actions that can be pressed after ``outcome``."""
    return [
        button.action
        for reply in outcome.replies
        for row in reply.buttons
        for button in row
        if button.action is not None
    ]
