"""An echo bot on python-telegram-bot: as it comes, or with ``--aiohttp`` on the whole bot's transport."""

from __future__ import annotations

import os
import sys
from typing import Any

import uvloop
from aiohttp import ClientSession, DummyCookieJar, TCPConnector
from httpx_aiohttp import AiohttpTransport
from telegram import Update
from telegram.ext import Application, ApplicationBuilder, ContextTypes, MessageHandler, filters
from telegram.request import HTTPXRequest

AT_ONCE = 256


async def echo(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message is not None
    await update.message.reply_text(update.message.text or "")


def request(connections: int) -> HTTPXRequest:
    def session() -> ClientSession:
        return ClientSession(connector=TCPConnector(limit=connections), cookie_jar=DummyCookieJar())

    return HTTPXRequest(pool_timeout=20, httpx_kwargs={"transport": AiohttpTransport(client=session)})


def build(*, on_aiohttp: bool) -> Application[Any, Any, Any, Any, Any, Any]:
    builder = ApplicationBuilder().token(os.environ["BENCHMARK_TOKEN"])
    builder = builder.base_url(os.environ["BENCHMARK_SERVER"] + "/bot")
    if on_aiohttp:
        builder = builder.request(request(AT_ONCE)).get_updates_request(request(1)).concurrent_updates(AT_ONCE)
    application = builder.build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    return application


def main() -> None:
    on_aiohttp = "--aiohttp" in sys.argv
    if on_aiohttp:
        uvloop.install()
    build(on_aiohttp=on_aiohttp).run_polling()


if __name__ == "__main__":
    main()
