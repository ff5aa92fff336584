"""Brings replies to a chat, in spite of what may go wrong on the way."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from telegram import Bot, InlineKeyboardMarkup, LinkPreviewOptions, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.channels.telegram_markup import keyboard, split, split_plain
from handlers.model import Reply

PAUSES = (0.5, 1.0, 2.0)
LONGEST_WAIT = 60.0

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

log = structlog.get_logger()

Sleep = Callable[[float], Awaitable[Any]]


@dataclass(slots=True)
class Place:
    """Where an answer belongs. ``edit`` is the message with the pressed button."""

    chat: int
    thread: int | None = None
    reply_to: int | None = None
    edit: int | None = None


class Sender:
    """``sleep`` is how it waits between two tries."""

    def __init__(self, bot: Bot, sleep: Sleep) -> None:
        self._bot = bot
        self._sleep = sleep

    async def deliver(self, replies: Sequence[Reply], place: Place) -> None:
        """Show ``replies`` at ``place``, in order. What cannot be delivered raises TelegramError."""
        pressed = place.edit
        for reply in replies:
            place.edit = pressed if reply.replaces else None
            pressed = None if reply.replaces else pressed
            for piece, buttons in _with_buttons_last(split(reply.html), keyboard(reply.buttons)):
                await self._show(piece, buttons, place)

    async def acknowledge(self, query_id: str) -> None:
        """Stop the pressed button from spinning. Nothing is lost when that fails."""
        try:
            await self._insist(lambda: self._bot.answer_callback_query(query_id), repeatable=True)
        except TelegramError as error:
            log.debug("telegram button spins on", error=error.message)

    async def _show(self, html: str, buttons: InlineKeyboardMarkup | None, place: Place) -> None:
        try:
            await self._put(html, ParseMode.HTML, buttons, place)
        except BadRequest as error:
            if "can't parse entities" not in error.message.lower():
                raise
            log.error("telegram refused the markup of an answer", error=error.message)
            for piece, below in _with_buttons_last(split_plain(html), buttons):
                await self._put(piece, None, below, place)

    async def _put(self, text: str, mode: str | None, buttons: InlineKeyboardMarkup | None, place: Place) -> None:
        """Edit the message in place, once; where that cannot be done, send a new one."""
        if place.edit is not None and await self._edit(text, mode, buttons, place, place.edit):
            place.edit = None
            return
        try:
            await self._send(text, mode, buttons, place)
        except ChatMigrated as moved:
            place.chat, place.thread, place.reply_to = moved.new_chat_id, None, None
            await self._send(text, mode, buttons, place)

    async def _edit(
        self, text: str, mode: str | None, buttons: InlineKeyboardMarkup | None, place: Place, message_id: int
    ) -> bool:
        async def edit() -> None:
            await self._bot.edit_message_text(
                text,
                place.chat,
                message_id,
                parse_mode=mode,
                reply_markup=buttons,
                link_preview_options=_NO_PREVIEW,
            )

        try:
            await self._insist(edit, repeatable=True)
        except ChatMigrated:
            place.edit = None
            return False
        except BadRequest as error:
            problem = error.message.lower()
            if "can't parse entities" in problem:
                raise
            if "message is not modified" not in problem:
                place.edit = None
                return False
        return True

    async def _send(self, text: str, mode: str | None, buttons: InlineKeyboardMarkup | None, place: Place) -> None:
        question = ReplyParameters(place.reply_to, allow_sending_without_reply=True) if place.reply_to else None

        async def send() -> None:
            await self._bot.send_message(
                place.chat,
                text,
                parse_mode=mode,
                reply_markup=buttons,
                message_thread_id=place.thread,
                link_preview_options=_NO_PREVIEW,
                reply_parameters=question,
            )

        await self._insist(send, repeatable=False)

    async def _insist(self, call: Callable[[], Awaitable[Any]], *, repeatable: bool) -> None:
        """Try again what failed on the way. What may have arrived is not sent again unless it is ``repeatable``."""
        for pause in PAUSES:
            try:
                await call()
                return
            except RetryAfter as error:
                if (asked := seconds_asked(error)) > LONGEST_WAIT:
                    raise
                await self._sleep(asked)
            except NetworkError as error:
                if isinstance(error, BadRequest) or (isinstance(error, TimedOut) and not repeatable):
                    raise
                await self._sleep(pause)
        await call()


def _with_buttons_last(
    pieces: list[str], buttons: InlineKeyboardMarkup | None
) -> Iterator[tuple[str, InlineKeyboardMarkup | None]]:
    for left, piece in zip(range(len(pieces) - 1, -1, -1), pieces, strict=True):
        yield piece, None if left else buttons


def seconds_asked(error: RetryAfter) -> float:
    asked = error.retry_after
    return asked.total_seconds() if isinstance(asked, timedelta) else float(asked)
