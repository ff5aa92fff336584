"""Reactions to what the assistant cannot read: pictures, voices, places. Nothing of them is fetched or kept."""

from __future__ import annotations

from dataclasses import replace

from handlers.answer import Answering
from handlers.model import Message, Outcome, Reply
from handlers.render import render
from handlers.screens import Screens
from handlers.state import State
from knowledge.decide import Decision


def react(
    message: Message, state: State, answering: Answering, screens: Screens, *, fresh: bool
) -> tuple[Outcome, State]:
    """A word about the attachment, and the answer to its caption where it has one."""
    notice = render("attachment.j2", kind=message.kind.value, captioned=bool(message.text.strip()))
    if not message.text.strip():
        return Outcome((Reply(notice, screens.footer(state)),), Decision.NONE), state
    outcome, after = answering.answer(message.text, state, fresh=fresh)
    return replace(outcome, replies=(Reply(notice), *outcome.replies)), after
