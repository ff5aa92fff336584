"""The way to Telegram's servers: python-telegram-bot's requests, with aiohttp doing the HTTP."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from functools import partial
from ssl import SSLContext
from typing import Any

import httpx
from aiohttp import ClientConnectorError, ClientSession, DummyCookieJar, TCPConnector
from httpx_aiohttp import AiohttpTransport
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, HTTPXRequest

from bot import config
from bot.errors import UserError

CONNECTIONS = 256
KEEP_ALIVE_SECONDS = 30.0
SECONDS = 10.0

Requests = Callable[[config.Telegram], tuple[BaseRequest, BaseRequest]]

# Makes the library give waiting times as timedelta, which it will always do one day; until then it warns otherwise.
os.environ["PTB_TIMEDELTA"] = "true"


def connect(settings: config.Telegram) -> tuple[BaseRequest, BaseRequest]:
    """A request for all calls, and one of its own for getUpdates, which waits for long."""
    if settings.proxy.startswith("socks5:"):
        return _through_socks(settings.proxy, CONNECTIONS), _through_socks(settings.proxy, 1)
    trusted = httpx.create_ssl_context()
    return _request(settings.proxy, trusted, CONNECTIONS), _request(settings.proxy, trusted, 1)


def hush() -> None:
    """Keep the libraries' own log lines out: they show the token, texts and names. What matters is logged here."""
    logging.getLogger("telegram").setLevel(logging.CRITICAL + 1)
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)


class Request(HTTPXRequest):
    """Tells "no connection" from "no answer in time", and keeps addresses, which hold the token, out of errors."""

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        try:
            return await super().do_request(*args, **kwargs)
        except Exception as error:
            raise _plainly(error) from None


def _plainly(error: Exception) -> TelegramError:
    cause = error.__cause__ if isinstance(error, TelegramError) else error
    if isinstance(cause, httpx.ReadTimeout | httpx.ReadError):
        return TimedOut()
    root = cause.__cause__ if cause and cause.__cause__ else cause
    # aiohttp words this one itself, with host, port and the system's reason, and without the path.
    return NetworkError(str(root) if isinstance(root, ClientConnectorError) else type(root or error).__name__)


def _request(proxy: str, trusted: SSLContext, connections: int) -> Request:
    session = partial(_session, proxy, trusted, connections)
    transport = AiohttpTransport(verify=trusted, client=session)
    return Request(
        read_timeout=SECONDS,
        write_timeout=SECONDS,
        connect_timeout=SECONDS,
        # aiohttp counts connecting in as well, so the library's one second would cut slow lines off.
        pool_timeout=2 * SECONDS,
        httpx_kwargs={"transport": transport},
    )


def _session(proxy: str, trusted: SSLContext, connections: int) -> ClientSession:
    connector = TCPConnector(limit=connections, keepalive_timeout=KEEP_ALIVE_SECONDS, ssl=trusted)
    return ClientSession(connector=connector, cookie_jar=DummyCookieJar(), proxy=proxy or None)


def _through_socks(proxy: str, connections: int) -> Request:
    """aiohttp speaks no SOCKS, httpx does when ``socksio`` is there."""
    try:
        return Request(connections, SECONDS, SECONDS, SECONDS, 2 * SECONDS, proxy=proxy)
    except RuntimeError:
        raise UserError(
            "telegram.proxy: a socks5 proxy needs one more package: pip install 'python-telegram-bot[socks]'"
        ) from None
