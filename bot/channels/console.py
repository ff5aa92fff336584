"""The assistant in a terminal: a talk (``chat``) and single questions (``ask``)."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any

import click

from bot.errors import UserError
from handlers.assistant import Assistant
from handlers.model import Button, Kind, Message, Outcome, Reply
from handlers.words import word
from knowledge.markup import plain


class Talk:
    """One conversation on the console. A number typed presses the button of that number."""

    def __init__(self, assistant: Assistant, person: str) -> None:
        self._assistant = assistant
        self._person = person
        self._buttons: list[Button] = []

    async def say(self, line: str) -> str:
        """What is shown in answer to ``line``, with numbered buttons."""
        numbered = {str(number): button for number, button in enumerate(self._buttons, 1)}
        if button := numbered.get(line.strip()):
            if button.action is None:
                return f"{button.url or button.copy}\n"
            return await self._show(button.action, Kind.ACTION)
        return await self._show(line, Kind.TEXT)

    async def open(self) -> str:
        return await self._show("home", Kind.ACTION)

    async def _show(self, text: str, kind: Kind) -> str:
        message = Message("console", self._person, self._person, text, kind)
        replies = await self._assistant.answer(message)
        self._buttons = [button for reply in replies for row in reply.buttons for button in row]
        return "\n".join(click.style(_words(reply), fg="cyan") for reply in replies) + "\n" + self._menu() + "\n"

    def _menu(self) -> str:
        return "".join(
            f"\n  {click.style(f'[{number}]', bold=True)} {button.label}"
            for number, button in enumerate(self._buttons, 1)
        )


async def chat(assistant: Assistant, person: str) -> None:
    """Talk until the input ends. Colours and the prompt only show in a terminal."""
    talk = Talk(assistant, person)
    at_terminal = sys.stdin.isatty()
    click.echo(await talk.open())
    while True:
        click.echo(click.style("> ", bold=True) if at_terminal else "", nl=False)
        line = sys.stdin.readline()
        if not line:
            return
        if line.strip():
            click.echo(await talk.say(line.rstrip("\n")))


async def answer_one(assistant: Assistant, query: str, person: str, conversation: str) -> dict[str, Any]:
    """The answer to ``query`` as the object that ``ask --json`` prints."""
    started = time.perf_counter()
    outcome = await assistant.ask(Message("console", person, conversation, query))
    elapsed = time.perf_counter() - started
    return {
        "query": query,
        "decision": outcome.decision.value,
        "hits": [{"id": hit.id, "title": hit.title, "score": hit.score} for hit in outcome.hits[:10]],
        "facet": outcome.facet.value if outcome.facet else None,
        "text": text_of(outcome),
        "ms": round(elapsed * 1000, 3),
    }


def text_of(outcome: Outcome) -> str:
    """The replies as plain text; what can be pressed follows in brackets."""
    return "\n\n".join(_text(reply, plain(reply.html)) for reply in outcome.replies)


def shown(outcome: Outcome) -> str:
    """Like ``text_of``, with what pictures show and what files are called."""
    return "\n\n".join(_text(reply, _words(reply)) for reply in outcome.replies)


def _text(reply: Reply, words: str) -> str:
    rows = ("  ".join(f"[{button.label}]" for button in row) for row in reply.buttons)
    return "\n".join((words, "", *rows)).rstrip()


def _words(reply: Reply) -> str:
    words = [plain(reply.html)]
    if reply.picture:
        words.append(word("console.picture", alt=reply.picture.alt))
    if reply.document:
        words.append(word("console.document", name=reply.document.name))
    return "\n\n".join(words)


def keep(outcome: Outcome, folder: Path) -> list[Path]:
    """Write the pictures and files of ``outcome`` into ``folder``; where they are. Raises UserError."""
    files = [(f"hinh-{n}.png", r.picture.png) for n, r in enumerate(outcome.replies, 1) if r.picture]
    files += [(reply.document.name, reply.document.data) for reply in outcome.replies if reply.document]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in files:
            (folder / name).write_bytes(data)
    except OSError as error:
        raise UserError(f"cannot write into {folder}: {error.strerror}") from error
    return [folder / name for name, _ in files]


async def answer_lines(assistant: Assistant, lines: Iterable[str], person: str, *, shared: bool) -> AsyncIterator[str]:
    """One JSON object for each line. Each line is a conversation of its own, or, when ``shared``, all lines up to an
    empty one are, which then is not answered."""
    number = 0
    for line in lines:
        query = line.rstrip("\r\n")
        if not shared or not query.strip():
            number += 1
        if shared and not query.strip():
            continue
        answer = await answer_one(assistant, query, person, f"{person}:{number}")
        yield json.dumps(answer, ensure_ascii=False)
