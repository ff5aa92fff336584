"""A Telegram channel at work, with fakes around it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from pydantic import SecretStr

from bot import config
from bot.channels.telegram import TelegramChannel
from handlers.model import Button, Message, Reply
from tests.fake_telegram import TOKEN, FakeTelegram, message

SETTINGS = config.Telegram(token=SecretStr(TOKEN))
WEBHOOK = config.Telegram(token=SecretStr(TOKEN), webhook_url="https://example.org/telegram")
BUTTONS = ((Button("Về", action="home"),),)
LINK = "https://t.me/DvcBot?start="
SECRET_WORDS = "xin chào bí mật"


class FakeAssistant:
    """Answers with ``replies``, or the words in bold."""

    def __init__(self, *replies: Reply, error: Exception | None = None) -> None:
        self.asked: list[Message] = []
        self.replies = replies
        self.error = error
        self.gate: asyncio.Event | None = None

    async def answer(self, message: Message) -> Sequence[Reply]:
        self.asked.append(message)
        if self.gate:
            await self.gate.wait()
        if self.error:
            raise self.error
        return self.replies or (Reply(f"<b>{message.text}</b>"),)


class FakeSleep:
    def __init__(self) -> None:
        self.slept: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.slept.append(seconds)
        await asyncio.sleep(0)


@asynccontextmanager
async def running(
    telegram: FakeTelegram, assistant: FakeAssistant, settings: config.Telegram = SETTINGS, **seams: Any
) -> AsyncIterator[TelegramChannel]:
    seams = {"requests": telegram.requests, "sleep": FakeSleep(), **seams}
    channel = TelegramChannel(settings, assistant, **seams)
    stop = asyncio.Event()
    run = asyncio.create_task(channel.run(stop))
    try:
        yield channel
    finally:
        stop.set()
        async with asyncio.timeout(5):
            await run


async def asked(telegram: FakeTelegram, *updates: dict[str, Any]) -> list[Message]:
    """What the assistant is asked for ``updates``. A last message of our own tells that all were seen."""
    assistant = FakeAssistant()
    async with running(telegram, assistant):
        for update in updates:
            telegram.feed(**update)
        telegram.feed(message=message("the last"))
        await telegram.until(lambda: "<b>the last</b>" in telegram.texts)
    assert assistant.asked[-1].text == "the last"
    return assistant.asked[:-1]


async def answered(telegram: FakeTelegram, update: dict[str, Any], *replies: Reply, **seams: Any) -> None:
    """Have ``update`` answered with ``replies``, all of it."""
    async with running(telegram, FakeAssistant(*replies), **seams):
        telegram.feed(**update)
        await telegram.called("getUpdates", 2)
