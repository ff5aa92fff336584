"""The Telegram channel: takes updates, has them answered, brings the answers back.

Of python-telegram-bot this uses the Bot, requests, errors and rate limiter, but not Application and Updater: those take
updates without bound, cannot be stopped while they wait to retry, and fetch an update they cannot read for ever.
"""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any, Protocol

import structlog
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot import config
from bot.channels.telegram_bot import ALLOWED_UPDATES, bot_of
from bot.channels.telegram_http import Requests, connect, hush
from bot.channels.telegram_profile import Menus, introduce
from bot.channels.telegram_read import CHANNEL, Question, Reader
from bot.channels.telegram_send import Place, Sender, Sleep, seconds_asked
from bot.errors import UserError
from handlers.model import Message, Reply, TooManyError
from handlers.subscriptions import Delivery

AT_ONCE = 256
WEBHOOK_CONNECTIONS = 100
POLL_SECONDS = 30
ANSWER_SECONDS = 60.0
FINISH_SECONDS = 6.0
CLOSE_SECONDS = 1.5
LONGEST_PAUSE = 60.0
CALM = 3
NAME_SECONDS = 5.0

log = structlog.get_logger()


class Answers(Protocol):
    """The assistant, as far as this channel knows it."""

    async def answer(self, message: Message) -> Sequence[Reply]: ...


class TelegramChannel:
    """One bot. ``requests``, ``sleep`` and ``finish_seconds`` are for tests."""

    name = CHANNEL

    def __init__(
        self,
        settings: config.Telegram,
        assistant: Answers,
        *,
        requests: Requests = connect,
        sleep: Sleep = asyncio.sleep,
        finish_seconds: float = FINISH_SECONDS,
    ) -> None:
        hush()
        self._settings = settings
        self._assistant = assistant
        self._bot = bot_of(settings, *requests(settings))
        self._sender = Sender(self._bot, sleep)
        self._menus = Menus(self._bot)
        self._line = Line(sleep)
        self._finish_seconds = finish_seconds
        self._reader: Reader | None = None
        self._open = False
        self._next_update: int | None = None
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._under_way: set[asyncio.Task[None]] = set()

    async def run(self, stop: asyncio.Event) -> None:
        """Answer until ``stop`` is set, then finish what is under way.

        Raises UserError when Telegram refuses the token.
        """
        work = asyncio.create_task(self._work())
        stopped = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait((work, stopped), return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                work.result()
        finally:
            await _cancel(work, stopped)
            await self._finish()

    @property
    def is_open(self) -> bool:
        """Whether Telegram was reached and nobody asked to stop."""
        return self._open

    async def push(self, chat: int, replies: Sequence[Reply]) -> Delivery:
        """Write to a chat that did not just ask."""
        if not self._open:
            return Delivery.LATER
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._sender.deliver(replies, Place(chat))
        except (Forbidden, ChatMigrated):
            return Delivery.GONE
        except (TelegramError, TimeoutError) as error:
            if isinstance(error, BadRequest) and "chat not found" in error.message.lower():
                return Delivery.GONE
            log.warning("telegram notice is not delivered", error=str(error))
            return Delivery.LATER
        return Delivery.SENT

    async def receive(self, body: bytes, secret: str | None) -> int:
        """Take one update from the webhook; the HTTP status to answer."""
        if not hmac.compare_digest((secret or "").encode(), self._secret.encode()):
            return 403
        try:
            data = json.loads(body)
        except ValueError:
            return 400
        if not isinstance(data, dict) or not isinstance(data.get("update_id"), int):
            return 400
        return 200 if self._open and await self._take(data) else 503

    @property
    def _secret(self) -> str:
        return hmac.new(self._bot.token.encode(), b"telegram webhook", "sha256").hexdigest()

    async def _work(self) -> None:
        if not await self._is_admitted():
            raise UserError("Telegram refuses the bot's token: check telegram.token and telegram.base_url")
        self._reader = Reader(self._bot.id, self._bot.username, self._bot.fetch_file)
        self._open = True
        introduction = asyncio.create_task(introduce(self._bot))
        try:
            if self._settings.webhook_url:
                await self._line.insist(self._set_webhook)
                log.info("telegram started", bot=self._bot.username, updates="webhook")
                await asyncio.Event().wait()
            await self._line.insist(self._bot.delete_webhook)
            log.info("telegram started", bot=self._bot.username, updates="polling")
            await self._poll()
        finally:
            await _cancel(introduction)

    async def _is_admitted(self) -> bool:
        try:
            await self._line.insist(self._bot.initialize, forgive_token=False)
        except InvalidToken:  # its text is the token, so it goes no further
            return False
        return True

    async def _set_webhook(self) -> None:
        await self._bot.set_webhook(
            self._settings.webhook_url,
            max_connections=WEBHOOK_CONNECTIONS,
            allowed_updates=ALLOWED_UPDATES,
            secret_token=self._secret,
        )

    async def _poll(self) -> None:
        while True:
            await self._line.insist(self._fetch)

    async def _fetch(self) -> None:
        seconds = 0 if self._line.is_down else POLL_SECONDS
        for data in await self._bot.fetch_updates(self._next_update, seconds):
            update_id = data["update_id"]
            await self._take(data)
            self._next_update = update_id + 1

    async def _take(self, data: dict[str, Any]) -> bool:
        """Start on an update as soon as there is room for it. False when the channel closed meanwhile."""
        await self._slots.acquire()
        if not self._open:
            self._slots.release()
            return False
        task = asyncio.create_task(self._serve(data))
        self._under_way.add(task)
        task.add_done_callback(self._done)
        return True

    def _done(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self._slots.release()

    async def _serve(self, data: dict[str, Any]) -> None:
        """Answer one update. Whatever goes wrong ends here."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._respond(data)
        except Forbidden as error:
            log.info("telegram answer is not wanted", error=error.message)
        except TelegramError as error:
            log.warning("telegram answer is not delivered", error=error.message)
        except TimeoutError:
            log.warning("telegram answer is not delivered", error=f"not done in {ANSWER_SECONDS:.0f} s")
        except Exception:
            log.exception("telegram update is not answered", update_id=data.get("update_id"))

    async def _respond(self, update: dict[str, Any]) -> None:
        assert self._reader is not None
        question = self._reader.read(update)
        if "callback_query" not in update:
            await self._answer(question)
            return
        # Both at once: the button stops spinning while the answer is on its way, and whatever becomes of that.
        acknowledged = self._sender.acknowledge(update["callback_query"]["id"])
        _, failure = await asyncio.gather(acknowledged, self._answer(question), return_exceptions=True)
        if failure is not None:
            raise failure

    async def _answer(self, question: Question | None) -> None:
        if question is None:
            return
        try:
            replies = await self._assistant.answer(question.message)
        except TooManyError as error:
            replies = () if error.reply is None else (error.reply,)
        await self._sender.deliver(replies, question.place)
        if not question.message.in_group:
            await self._menus.follow(replies, question.place.chat)

    async def _finish(self) -> None:
        """Let answers under way arrive, tell Telegram what was taken, close."""
        self._open = False
        answers, confirmed = set(self._under_way), asyncio.create_task(self._confirm())
        _, late = await asyncio.wait({*answers, confirmed}, timeout=self._finish_seconds)
        if cut_off := len(answers & late):
            log.warning("telegram answers are cut off by the stop", count=cut_off)
        await _cancel(*late)
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS):
                await self._bot.shutdown()

    async def _confirm(self) -> None:
        """Without this the updates taken last would come again after a restart."""
        if self._next_update is None:
            return
        try:
            await self._bot.fetch_updates(self._next_update, 0, limit=1)
        except TelegramError as error:
            log.warning("telegram may bring the last messages again", error=error.message)


class Line:
    """The line to Telegram: tells once when it breaks and once when it holds again, waits longer from try to try."""

    def __init__(self, sleep: Sleep) -> None:
        self._sleep = sleep
        self._told = ""
        self._failures = 0
        self._successes = 0

    @property
    def is_down(self) -> bool:
        return self._told not in ("", _CONFLICT)

    async def insist(self, call: Callable[[], Awaitable[Any]], *, forgive_token: bool = True) -> None:
        """Call until it works."""
        while True:
            try:
                await call()
            except Exception as error:
                if isinstance(error, InvalidToken) and not forgive_token:
                    raise
                await self._broke(error)
            else:
                return self._held()

    async def _broke(self, error: Exception) -> None:
        trouble = _TROUBLES.get(type(error), "telegram is out of reach")
        if trouble != self._told:
            log.warning(trouble, error=error.message if isinstance(error, TelegramError) else type(error).__name__)
        self._told = trouble
        self._successes = 0
        pause = min(2.0 ** min(self._failures, 10), LONGEST_PAUSE)
        self._failures += 1
        await self._sleep(max(pause, seconds_asked(error)) if isinstance(error, RetryAfter) else pause)

    def _held(self) -> None:
        self._successes += 1
        # Two programs with one token take turns, so a single success says nothing then.
        if not self._told or (self._told == _CONFLICT and self._successes < CALM):
            return
        log.info("telegram is reached again")
        self._told = ""
        self._failures = 0


_CONFLICT = "telegram gives the messages to another program that uses the same token"
_TROUBLES: dict[type[Exception], str] = {
    Conflict: _CONFLICT,
    InvalidToken: "telegram refuses the token",
    RetryAfter: "telegram asks to slow down",
}


async def username(settings: config.Telegram, requests: Requests = connect) -> str | None:
    """The bot's name as it stands in links; None when Telegram does not tell it soon."""
    hush()
    bot = bot_of(settings, *requests(settings))
    try:
        async with asyncio.timeout(NAME_SECONDS):
            await bot.initialize()
            return bot.username
    except (TelegramError, TimeoutError):
        return None
    finally:
        await bot.shutdown()


async def _cancel(*tasks: asyncio.Task[Any]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
