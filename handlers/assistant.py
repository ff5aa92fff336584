"""The one door: every message of every channel is answered here."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from weakref import WeakValueDictionary

from handlers.answer import Answering
from handlers.attachments import react
from handlers.board import LiveBoard
from handlers.charts import Charts
from handlers.commands import COMMANDS
from handlers.kpi import KpiScreens
from handlers.kpi_answer import KpiAnswering, own_unit
from handlers.model import Kind, Message, Outcome, Reply, TooManyError
from handlers.officers import Officer
from handlers.ports import Conversations, Limiter, Now, Officers, Questions, Recorder, Specialist
from handlers.render import render
from handlers.screens import Screens
from handlers.state import HOME, State
from knowledge.decide import Decision
from knowledge.kpi_ask import Intent, KpiQuestion
from knowledge.model import Knowledge
from knowledge.search import Search

FIGURES = "/kpi"
#: How long figures wait for their chart.
PICTURE_SECONDS = 3.0
#: How old the stored time of the last message may be when nothing else changed.
TOUCH_AFTER = timedelta(minutes=5)


class Assistant:
    """Answers messages. Messages of one conversation are taken one after the other, different ones side by side."""

    def __init__(  # noqa: PLR0913 the ports are named at the call
        self,
        knowledge: Knowledge,
        search: Search,
        *,
        conversations: Conversations,
        limiter: Limiter,
        recorder: Recorder,
        now: Now,
        officers: Officers | None = None,
        live: LiveBoard | None = None,
        questions: Questions | None = None,
        specialists: Sequence[Specialist] = (),
        charts: Charts | None = None,
    ) -> None:
        self._live = live or LiveBoard(knowledge.plan.report)
        self._charts = charts
        self._units = knowledge.plan.units
        self._kpi = kpi = KpiScreens(knowledge.plan, lambda: self._live.board, lambda: now().date())
        self._screens = Screens(knowledge, lambda: now().date(), kpi)
        self._figures = KpiAnswering(knowledge, search, kpi, lambda: self._live.board)
        self._answering = Answering(knowledge, search, self._screens)
        self._specialists = tuple(specialists)
        self._officers = officers
        self._questions = questions
        self._conversations = conversations
        self._limiter = limiter
        self._recorder = recorder
        self._now = now
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._commands = {f"/{command.name}": command.action for command in COMMANDS}

    async def answer(self, message: Message) -> tuple[Reply, ...]:
        """The replies to ``message``. Raises TooManyError; every other failure is recorded and apologised for."""
        return (await self.ask(message)).replies

    async def ask(self, message: Message) -> Outcome:
        """Like ``answer``, and tells how the answer was found."""
        started = time.perf_counter()
        try:
            await self._limit(message)
            async with self._turns.setdefault(message.conversation, asyncio.Lock()):
                state = await self._conversations.load(message.conversation)
                now = self._now()
                fresh = state.is_fresh(now)
                outcome, after = await self._taken(message, state, fresh=fresh)
                if after != state or (after.trail and now - state.at > TOUCH_AFTER):
                    await self._conversations.save(message.conversation, replace(after, at=now))
                if outcome.missed is not None and self._questions is not None:
                    self._questions.note(outcome.missed, now.date())
        except TooManyError:
            raise
        except Exception as error:  # the one boundary: whatever fails, the person gets an answer
            self._recorder.failed(message, error)
            return Outcome((self._screens.apology(),), Decision.NONE)
        self._recorder.answered(message, outcome, time.perf_counter() - started)
        return outcome

    async def _taken(self, message: Message, state: State, *, fresh: bool) -> tuple[Outcome, State]:
        for specialist in self._specialists:
            if specialist.wants(message, state, fresh=fresh):
                answered = await specialist.answer(message, state, fresh=fresh)
                if answered is not None:
                    return answered
        return await self._handle(message, state, fresh=fresh)

    async def _limit(self, message: Message) -> None:
        wait = await self._limiter.retry_after(message.person)
        if wait:
            self._recorder.refused(message)
            told = await self._limiter.may_tell(message.person)
            raise TooManyError(wait, Reply(render("too_many.j2", seconds=round(wait))) if told else None)

    async def _handle(self, message: Message, state: State, *, fresh: bool) -> tuple[Outcome, State]:
        text = message.text.strip()
        if message.kind is Kind.ACTION:
            await self._live.refresh()
            screens = self._screens.seen_by(self._figures.sees(await self._viewer(message)))
            return self._answering.pressed(text, state, screens) or screens.press(text, state)
        if message.kind is not Kind.TEXT:
            return react(message, state, self._answering, self._screens, fresh=fresh)
        if not text:
            outcome, after = self._screens.open(HOME, state)
            return replace(outcome, decision=Decision.NONE), after
        if text.startswith("/"):
            command, rest = [*text.split(maxsplit=1), ""][:2]
            if command.lower() != FIGURES or not rest:
                return await self._command(command.lower(), message, state)
            text = rest
        question = self._figures.read(text, state, fresh=fresh)
        if question is not None:
            await self._live.refresh()
            viewer = await self._viewer(message)
            if not self._figures.yields(text, question, viewer):
                return self._figures.answer(text, question, state, self._screens, viewer)
        return self._answering.answer(text, state, fresh=fresh)

    async def _command(self, command: str, message: Message, state: State) -> tuple[Outcome, State]:
        if command == FIGURES:
            await self._live.refresh()
            viewer = await self._viewer(message)
            outcome, after = self._figures.answer("", KpiQuestion(Intent.OWN), state, self._screens, viewer)
            return await self._illustrated(outcome, message, viewer), after
        return self._screens.open(self._commands.get(command, "help"), state)

    async def _illustrated(self, outcome: Outcome, message: Message, viewer: Officer | None) -> Outcome:
        """The viewer's own figures with a chart, when it can be had soon."""
        unit = self._units.by_id.get(own_unit(viewer) or "")
        if self._charts is None or unit is None:
            return outcome
        drawing = self._charts.own(self._kpi.view(self._figures.sees(viewer)), unit)
        picture = await self._charts.beside(drawing, message, PICTURE_SECONDS)
        return replace(outcome, replies=(replace(outcome.replies[0], picture=picture), *outcome.replies[1:]))

    async def _viewer(self, message: Message) -> Officer | None:
        """The officer that the message comes from. In a group nobody sees more than what is published."""
        if self._officers is None or message.in_group:
            return None
        return await self._officers.of(message.actor)
