"""Brings replies to a chat, in spite of what may go wrong on the way."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from html import escape
from typing import Any

import structlog
from telegram import InputFile
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.channels.telegram_bot import Bot
from bot.channels.telegram_markup import Keyboard, keyboard, length, split, split_plain
from handlers.model import Reply

PAUSES = (0.5, 1.0, 2.0)
LONGEST_WAIT = 60.0
MAX_CAPTION = 1024
PHOTO_NAME = "hinh.png"

_NO_PREVIEW = {"is_disabled": True}

log = structlog.get_logger()

Sleep = Callable[[float], Awaitable[Any]]


@dataclass(slots=True)
class Place:
    """Where an answer belongs. ``edit`` is the message with the pressed button."""

    chat: int
    thread: int | None = None
    reply_to: int | None = None
    edit: int | None = None


@dataclass(frozen=True, slots=True)
class File:
    """What is sent as a photo or a document. ``alt``: words for who cannot see it."""

    name: str
    data: bytes
    alt: str = ""
    is_photo: bool = False


class Sender:
    """``sleep`` is how it waits between two tries."""

    def __init__(self, bot: Bot, sleep: Sleep) -> None:
        self._bot = bot
        self._sleep = sleep

    async def deliver(self, replies: Sequence[Reply], place: Place) -> None:
        """Show ``replies`` at ``place``, in order. What cannot be delivered raises TelegramError."""
        pressed = place.edit
        for reply in replies:
            if (files := files_of(reply)) and await self._attach(files, reply, place):
                continue
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

    async def _attach(self, files: Sequence[File], reply: Reply, place: Place) -> bool:
        """Send ``files``, with the words as caption of the first where they fit and below otherwise, the buttons last.
        False when Telegram does not take the files here: then the words come alone."""
        fits = length(reply.html) <= MAX_CAPTION
        words = [] if fits else split(reply.html)
        shown = keyboard(reply.buttons)
        try:
            for number, file in enumerate(files):
                caption = reply.html if fits and number == 0 else escape(file.alt, quote=False)
                last = not words and number == len(files) - 1
                await self._upload(file, caption, shown if last else None, place)
        except BadRequest as error:
            log.warning("telegram takes no file here", error=error.message)
            return False
        place.edit = None
        for piece, buttons in _with_buttons_last(words, shown):
            await self._show(piece, buttons, place)
        return True

    async def _upload(self, file: File, caption: str, buttons: Keyboard | None, place: Place) -> None:
        try:
            await self._bring(lambda: self._send_file(file, caption, ParseMode.HTML, buttons, place), place)
        except BadRequest as error:
            if "can't parse entities" not in error.message.lower():
                raise
            log.error("telegram refused the markup of an answer", error=error.message)
            plain = split_plain(caption, MAX_CAPTION)[0]
            await self._bring(lambda: self._send_file(file, plain, None, buttons, place), place)

    async def _send_file(
        self, file: File, caption: str, mode: str | None, buttons: Keyboard | None, place: Place
    ) -> None:
        name = "photo" if file.is_photo else "document"
        await self._bot.tell(
            f"send{name.capitalize()}",
            chat_id=place.chat,
            caption=caption or None,
            parse_mode=mode,
            reply_markup=buttons,
            message_thread_id=place.thread,
            reply_parameters=_question(place),
            **{name: InputFile(file.data, file.name)},
        )

    async def _show(self, html: str, buttons: Keyboard | None, place: Place) -> None:
        try:
            await self._put(html, ParseMode.HTML, buttons, place)
        except BadRequest as error:
            if "can't parse entities" not in error.message.lower():
                raise
            log.error("telegram refused the markup of an answer", error=error.message)
            for piece, below in _with_buttons_last(split_plain(html), buttons):
                await self._put(piece, None, below, place)

    async def _put(self, text: str, mode: str | None, buttons: Keyboard | None, place: Place) -> None:
        """Edit the message in place, once; where that cannot be done, send a new one."""
        if place.edit is not None and await self._edit(text, mode, buttons, place, place.edit):
            place.edit = None
            return
        await self._bring(lambda: self._send(text, mode, buttons, place), place)

    async def _bring(self, send: Callable[[], Awaitable[Any]], place: Place) -> None:
        """``send`` what is new, and to where the chat has moved when it has."""
        try:
            await self._insist(send, repeatable=False)
        except ChatMigrated as moved:
            place.chat, place.thread, place.reply_to = moved.new_chat_id, None, None
            await self._insist(send, repeatable=False)

    async def _edit(self, text: str, mode: str | None, buttons: Keyboard | None, place: Place, message_id: int) -> bool:
        async def edit() -> None:
            await self._bot.tell(
                "editMessageText",
                chat_id=place.chat,
                message_id=message_id,
                text=text,
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

    async def _send(self, text: str, mode: str | None, buttons: Keyboard | None, place: Place) -> None:
        await self._bot.tell(
            "sendMessage",
            chat_id=place.chat,
            text=text,
            parse_mode=mode,
            reply_markup=buttons,
            message_thread_id=place.thread,
            link_preview_options=_NO_PREVIEW,
            reply_parameters=_question(place),
        )

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


def files_of(reply: Reply) -> list[File]:
    """The picture, then the document of ``reply``."""
    files = []
    if reply.picture:
        alt = split_plain(escape(reply.picture.alt, quote=False), MAX_CAPTION)[0] if reply.picture.alt else ""
        files.append(File(PHOTO_NAME, reply.picture.png, alt, is_photo=True))
    if reply.document:
        files.append(File(reply.document.name, reply.document.data))
    return files


def _question(place: Place) -> dict[str, Any] | None:
    return {"message_id": place.reply_to, "allow_sending_without_reply": True} if place.reply_to else None


def _with_buttons_last(pieces: list[str], buttons: Keyboard | None) -> Iterator[tuple[str, Keyboard | None]]:
    for left, piece in zip(range(len(pieces) - 1, -1, -1), pieces, strict=True):
        yield piece, None if left else buttons


def seconds_asked(error: RetryAfter) -> float:
    asked = error.retry_after
    return asked.total_seconds() if isinstance(asked, timedelta) else float(asked)
