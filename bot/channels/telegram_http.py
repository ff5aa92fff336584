"""The way to Telegram's servers: aiohttp as a request class of python-telegram-bot.

The library's own request class over an aiohttp transport for httpx does the same at two thirds more CPU a message.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from typing import Any

import httpx
from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientPayloadError,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    DummyCookieJar,
    FormData,
    TCPConnector,
)
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, HTTPXRequest, RequestData
from yarl import URL

from bot import config
from bot.errors import UserError

CONNECTIONS = 256
KEEP_ALIVE_SECONDS = 30.0
SECONDS = 10.0
FORM = {"Content-Type": "application/x-www-form-urlencoded"}

Requests = Callable[[config.Telegram], tuple[BaseRequest, BaseRequest]]

# Makes the library give waiting times as timedelta, which it will always do one day; until then it warns otherwise.
os.environ["PTB_TIMEDELTA"] = "true"


def connect(settings: config.Telegram) -> tuple[BaseRequest, BaseRequest]:
    """A request for all calls, and one of its own for getUpdates, which waits for long."""
    if settings.proxy.startswith("socks5:"):
        return _through_socks(settings.proxy, CONNECTIONS), _through_socks(settings.proxy, 1)
    return AiohttpRequest(settings.proxy, CONNECTIONS), AiohttpRequest(settings.proxy, 1)


def hush() -> None:
    """Keep the libraries' own log lines out: they show the token, texts and names. What matters is logged here."""
    logging.getLogger("telegram").setLevel(logging.CRITICAL + 1)
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)


class AiohttpRequest(BaseRequest):
    """Calls over one aiohttp session. Errors tell "no connection" from "no answer in time" and never the address."""

    def __init__(self, proxy: str, connections: int) -> None:
        self._proxy = proxy or None
        self._connections = connections
        self._session: ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return SECONDS

    async def initialize(self) -> None:
        if self._session is None or self._session.closed:
            connector = TCPConnector(limit=self._connections, keepalive_timeout=KEEP_ALIVE_SECONDS)
            self._session = ClientSession(connector=connector, cookie_jar=DummyCookieJar())

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def do_request(  # noqa: PLR0913, PLR0917 the signature is the library's
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = None,
        write_timeout: Any = None,  # noqa: ARG002 aiohttp has none
        connect_timeout: Any = None,
        pool_timeout: Any = None,
    ) -> tuple[int, bytes]:
        if self._session is None:
            raise RuntimeError("the request is not initialized")
        timeout = ClientTimeout(
            # Waiting for a free connection and connecting count together.
            connect=_seconds(pool_timeout, 2 * SECONDS),
            sock_connect=_seconds(connect_timeout, SECONDS),
            sock_read=_seconds(read_timeout, SECONDS),
        )
        body, headers = _body(request_data)
        try:
            async with self._session.request(
                method, url, data=body, headers=headers, timeout=timeout, proxy=self._proxy
            ) as answer:
                return answer.status, await answer.read()
        except (ClientError, OSError) as error:
            raise _plainly(error) from None


def _seconds(given: Any, usual: float) -> float:
    """What the library gives, unless that is one of its stand-ins for no value."""
    return float(given) if isinstance(given, int | float) else usual


def _body(request_data: RequestData | None) -> tuple[bytes | FormData | None, dict[str, str] | None]:
    if request_data is None or not request_data.parameters:
        return None, None
    if not request_data.contains_files:
        # yarl quotes in C, at a third of what the library spends on it
        return URL.build(query=request_data.json_parameters).raw_query_string.encode(), FORM
    form = FormData(request_data.json_parameters, quote_fields=False)
    for name, (filename, content, kind) in request_data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return form, None


def _plainly(error: Exception) -> TelegramError:
    if isinstance(error, ConnectionTimeoutError):
        return NetworkError("no connection in time")
    if isinstance(error, TimeoutError | ClientPayloadError):
        return TimedOut()
    # aiohttp words this one itself, with host, port and the system's reason, and without the path.
    return NetworkError(str(error) if isinstance(error, ClientConnectorError) else type(error).__name__)


class SocksRequest(HTTPXRequest):
    """aiohttp speaks no SOCKS, httpx does. The same errors as above."""

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        try:
            return await super().do_request(*args, **kwargs)
        except Exception as error:
            cause = error.__cause__ if isinstance(error, TelegramError) else error
            if isinstance(cause, httpx.ReadTimeout | httpx.ReadError):
                raise TimedOut from None
            raise NetworkError(type(cause or error).__name__) from None


def _through_socks(proxy: str, connections: int) -> SocksRequest:
    try:
        return SocksRequest(connections, SECONDS, SECONDS, SECONDS, 2 * SECONDS, proxy=proxy)
    except RuntimeError:
        raise UserError(
            "telegram.proxy: a socks5 proxy needs one more package: pip install 'python-telegram-bot[socks]'"
        ) from None
