"""What editors see in chat: the questions that were missed most, and how much is due to be checked again."""

from __future__ import annotations

from handlers.model import Button, Kind, Menu, Message, Outcome, Reply
from handlers.officers import may_edit
from handlers.ports import Now, Officers, Questions
from handlers.render import render
from handlers.state import HOME, State
from handlers.words import shortened, word
from knowledge.model import Knowledge
from knowledge.review import due

COMMAND = "/thieusot"
SHOWN = 10
#: Characters of each question, so that the whole reply stays within 2,000.
SAMPLE = 75


class EditorScreens:
    """Implements ``handlers.ports.Specialist``: shows editors where the content falls short."""

    def __init__(self, questions: Questions, officers: Officers, knowledge: Knowledge, now: Now) -> None:
        self._questions = questions
        self._officers = officers
        self._knowledge = knowledge
        self._now = now

    def wants(self, message: Message, state: State, *, fresh: bool) -> bool:  # noqa: ARG002 it is one command
        return message.kind is Kind.TEXT and message.text.strip().partition(" ")[0].lower() == COMMAND

    async def answer(self, message: Message, state: State, *, fresh: bool) -> tuple[Outcome, State]:  # noqa: ARG002
        """The report, to editors and administrators in their own chat. One stays where one was."""
        if message.in_group:
            return Outcome((Reply(render("officer_private.j2")),)), state
        officer = await self._officers.of(message.actor)
        known = officer is not None
        html = await self._report() if may_edit(officer) else render("missed_denied.j2", known=known)
        home = ((Button(word("button.home"), action=HOME),),)
        return Outcome((Reply(html, home, menu=Menu(officer.role if officer else None)),)), state

    async def _report(self) -> str:
        counted = await self._questions.most_frequent(SHOWN)
        found = [(one, shortened(one.missed.sample, SAMPLE)) for one in counted]
        today = self._now().date()
        pressing = due(self._knowledge, today)
        late = sum(one.review_by < today for one in pressing)
        return render("missed.j2", found=found, late=late, soon=len(pressing) - late)
