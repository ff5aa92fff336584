from __future__ import annotations

import asyncio
import importlib.util
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from pydantic import SecretStr
from telegram import Bot
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest

from bot import config
from bot.channels.telegram import TelegramChannel
from bot.channels.telegram_http import SocksRequest, connect, hush
from bot.errors import UserError
from tests.bot.telegram.running import SETTINGS, FakeAssistant, FakeSleep
from tests.fake_telegram import BOT, TOKEN, FakeTelegram, message


def _read(value: Any) -> Any:
    """A file's name and content; they are gone once the answer is given."""
    return (value.filename, value.file.read()) if isinstance(value, web.FileField) else value


class RealServer:
    """Telegram on 127.0.0.1, with one update to bring."""

    def __init__(self, *updates: dict[str, Any]) -> None:
        self.requests: list[str] = []
        self.headers: list[Any] = []
        self.posted: list[dict[str, Any]] = []
        self.sent: asyncio.Queue[dict[str, str]] = asyncio.Queue()
        self.updates = list(updates)
        self.broken: list[str] = []

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(f"{request.url.host}{request.path}")
        self.headers.append(request.headers)
        data = dict(await request.post())
        self.posted.append({name: _read(value) for name, value in data.items()})
        if "/file/" in request.path:
            return web.Response(body=b"a;b\n")
        method = request.path.rsplit("/", 1)[1]
        if method in self.broken:
            self.broken.remove(method)
            assert request.transport is not None
            request.transport.close()
        return web.json_response({"ok": True, "result": await self.result(method, data)})

    async def result(self, method: str, data: dict[str, Any]) -> Any:
        match method:
            case "getMe":
                return BOT
            case "getUpdates":
                if not self.updates and data.get("timeout") not in (None, "0"):
                    await asyncio.sleep(30)
                updates, self.updates = self.updates, []
                return updates
            case "sendDocument":
                return message("sent")
            case "sendMessage":
                self.sent.put_nowait(data)
                return message("sent")
            case _:
                return True

    @asynccontextmanager
    async def at(self) -> AsyncIterator[str]:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self.answer)
        server = TestServer(app, handler_cancellation=True)
        await server.start_server(access_log=None)  # it would show the token
        try:
            yield f"127.0.0.1:{server.port}"
        finally:
            await server.close()


@asynccontextmanager
async def really_running(settings: config.Telegram) -> AsyncIterator[None]:
    stop = asyncio.Event()
    run = asyncio.create_task(TelegramChannel(settings, FakeAssistant(), sleep=FakeSleep()).run(stop))
    try:
        yield
    finally:
        stop.set()
        async with asyncio.timeout(5):
            await run


async def test_base_url_end_to_end() -> None:
    words = "chào & a+b=c;d 100% #?/\n\t\"'🙏"
    server = RealServer({"update_id": 1, "message": message(words)})
    async with server.at() as address:
        settings = config.Telegram(token=SecretStr(TOKEN), base_url=f"http://{address}/bot")
        async with really_running(settings), asyncio.timeout(5):
            sent = await server.sent.get()
    assert (sent["chat_id"], sent["text"]) == ("7", f"<b>{words}</b>")
    assert server.requests[0] == f"127.0.0.1/bot{TOKEN}/getMe"


async def test_a_connection_that_breaks_is_made_again(logs: list[Any]) -> None:
    server = RealServer({"update_id": 1, "message": message("a")})
    server.broken = ["getMe", "sendMessage"]
    async with server.at() as address:
        settings = config.Telegram(token=SecretStr(TOKEN), base_url=f"http://{address}/bot")
        async with really_running(settings), asyncio.timeout(5):
            await server.sent.get()
    assert [line["error"] for line in logs if "out of reach" in line["event"]] == ["ServerDisconnectedError"]


async def test_proxy_is_used() -> None:
    proxy = RealServer({"update_id": 1, "message": message("a")})
    async with proxy.at() as address:
        settings = config.Telegram(
            token=SecretStr(TOKEN), base_url="http://telegram.invalid/bot", proxy=f"http://me:p%40ss@{address}"
        )
        async with really_running(settings), asyncio.timeout(5):
            await proxy.sent.get()
    assert proxy.requests[0] == f"telegram.invalid/bot{TOKEN}/getMe"
    assert proxy.headers[0]["Proxy-Authorization"] == "Basic bWU6cEBzcw=="


@asynccontextmanager
async def speaking(answer: bytes | None) -> AsyncIterator[str]:
    """A server that answers anything with ``answer``, or not at all."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        if answer is None:
            await reader.read()
        else:
            writer.write(answer)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/bot{TOKEN}/getMe"
    finally:
        server.close()


@asynccontextmanager
async def request_of_its_own() -> AsyncIterator[BaseRequest]:
    general, _ = connect(SETTINGS)
    async with general:
        yield general


@pytest.fixture
async def request_() -> AsyncIterator[BaseRequest]:
    async with request_of_its_own() as general:
        yield general


@pytest.mark.parametrize("answer", [b"nonsense\r\n\r\n", b"", b"HTTP/1.1 502 Bad Gateway\r\n\r\n<html>"])
async def test_errors_of_real_requests_do_not_show_the_token(request_: BaseRequest, answer: bytes) -> None:
    async with speaking(answer) as url:
        with pytest.raises(NetworkError) as raised:
            await request_.post(url)
    assert not isinstance(raised.value, TimedOut)
    assert TOKEN not in str(raised.value)


async def test_no_connection_is_told_with_its_reason(request_: BaseRequest, unused_tcp_port: int) -> None:
    with pytest.raises(NetworkError, match=f"127.0.0.1:{unused_tcp_port}") as raised:
        await request_.post(f"http://127.0.0.1:{unused_tcp_port}/bot{TOKEN}/getMe")
    assert not isinstance(raised.value, TimedOut)
    assert TOKEN not in str(raised.value)


@pytest.mark.parametrize("answer", [None, b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"])
async def test_an_answer_that_stays_away_is_a_time_out(request_: BaseRequest, answer: bytes | None) -> None:
    async with speaking(answer) as url:
        with pytest.raises(TimedOut):
            await request_.post(url, read_timeout=0.05)


async def test_a_file_is_sent_with_its_name_and_the_words_beside_it() -> None:
    hush()
    server = RealServer()
    async with server.at() as address, request_of_its_own() as general:
        bot = Bot(TOKEN, base_url=f"http://{address}/bot", request=general)
        await bot.send_document(7, b"a;b\n", filename="số liệu.csv", caption="x & y")
    assert ("số liệu.csv", b"a;b\n") in server.posted[-1].values()
    assert server.posted[-1]["caption"] == "x & y"


async def test_a_file_comes_down_whole() -> None:
    server = RealServer()
    async with server.at() as address, request_of_its_own() as general:
        assert await general.retrieve(f"http://{address}/file/bot{TOKEN}/documents/a.csv") == b"a;b\n"


async def test_nothing_is_asked_before_the_start() -> None:
    with pytest.raises(RuntimeError, match="not initialized"):
        await connect(SETTINGS)[0].do_request("http://127.0.0.1/", "GET")


async def test_files_come_from_the_same_server(telegram: FakeTelegram) -> None:
    settings = config.Telegram(token=SecretStr(TOKEN), base_url="https://local/x/bot")
    channel = TelegramChannel(settings, FakeAssistant(), requests=telegram.requests)
    assert channel._bot.base_file_url == f"https://local/x/file/bot{TOKEN}"


async def test_socks_works_or_tells_what_is_missing() -> None:
    settings = config.Telegram(token=SecretStr(TOKEN), proxy="socks5://127.0.0.1:1080")
    if importlib.util.find_spec("socksio"):
        assert all(isinstance(request, SocksRequest) for request in connect(settings))
    else:
        with pytest.raises(UserError, match="socks"):
            connect(settings)
