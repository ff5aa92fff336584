"""The library's bot, with the calls of every message as plain data.

The library would make objects of each keyboard, and of each message that comes back, of which nothing is needed: that
costs as much as finding the answer.
"""

from __future__ import annotations

from typing import Any

import structlog
from telegram import Update
from telegram.error import TelegramError
from telegram.ext import AIORateLimiter, ExtBot
from telegram.request import BaseRequest

from bot import config
from bot.channels.telegram_http import SECONDS
from handlers.model import UploadError

FILE_SECONDS = 20.0
ALLOWED_UPDATES = (Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY)


log = structlog.get_logger()


class Bot(ExtBot[int]):
    """Its errors are the library's."""

    __slots__ = ()

    async def fetch_updates(self, offset: int | None, seconds: int, limit: int = 100) -> list[dict[str, Any]]:
        """``get_updates`` as data, so that one update that cannot be read does not hold up the others."""
        waiting = {"offset": offset, "timeout": seconds, "limit": limit, "allowed_updates": ALLOWED_UPDATES}
        updates: list[dict[str, Any]] = await self._post("getUpdates", waiting, read_timeout=seconds + SECONDS)
        return updates

    async def tell(self, method: str, **parameters: Any) -> None:
        """Call ``method`` of the Bot API; None is left out, and what it answers."""
        await self._post(method, parameters)

    async def fetch_file(self, file_id: str) -> bytes:
        """What a person sent; up to 20 MB, more Telegram does not give. Raises UploadError."""
        try:
            file = await self.get_file(file_id)
            return bytes(await file.download_as_bytearray(read_timeout=FILE_SECONDS))
        except (TelegramError, OSError, RuntimeError) as error:
            log.warning("telegram file is not fetched", error=type(error).__name__)
            raise UploadError from None


def bot_of(settings: config.Telegram, general: BaseRequest, polling: BaseRequest) -> Bot:
    """The bot whose token and server ``settings`` name."""
    base = settings.base_url or "https://api.telegram.org/bot"
    return Bot(
        settings.token.get_secret_value(),
        base_url=base,
        base_file_url=base.removesuffix("/bot") + "/file/bot",
        request=general,
        get_updates_request=polling,
        # It paces groups. Its own retries would hold up every chat because of one, so the sender retries.
        rate_limiter=AIORateLimiter(overall_max_rate=0, max_retries=0),
    )
