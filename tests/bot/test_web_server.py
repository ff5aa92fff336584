"""The web server: it starts, tells who asks, finishes what it began and stops."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from bot.channels.web import WebChannel
from bot.config import Web
from bot.errors import UserError


async def address(request: Request) -> PlainTextResponse:
    return PlainTextResponse(request.client.host if request.client else "")


APP = Starlette(routes=[Route("/", address)])


@asynccontextmanager
async def serve(app: Starlette, stop: asyncio.Event, settings: Web) -> AsyncIterator[httpx.AsyncClient]:
    """A visitor of the running server, which has stopped when this ends."""
    channel = WebChannel(settings, app)
    running = asyncio.create_task(channel.run(stop))
    await asyncio.sleep(0)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{channel.port}", timeout=10) as web:
        yield web
    stop.set()
    await asyncio.wait_for(running, 10)


async def test_it_finishes_what_it_began() -> None:
    stop, asked, let = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def slow(request: Request) -> PlainTextResponse:
        asked.set()
        await let.wait()
        return PlainTextResponse("done")

    async with serve(Starlette(routes=[Route("/", slow)]), stop, Web(port=0)) as web:
        asking = asyncio.create_task(web.get("/"))
        await asyncio.wait_for(asked.wait(), 10)
        stop.set()
        let.set()
        assert (await asking).text == "done"


async def test_an_idle_visitor_does_not_hold_it_up() -> None:
    stop = asyncio.Event()
    async with serve(APP, stop, Web(port=0)) as web:
        await web.get("/")
        stop.set()
        while True:
            try:
                await web.get("/")
            except httpx.TransportError:
                break


async def test_it_does_not_name_its_make() -> None:
    async with serve(APP, asyncio.Event(), Web(port=0)) as web:
        assert "server" not in (await web.get("/")).headers


@pytest.mark.parametrize(("trusted", "seen"), [("127.0.0.1", "198.51.100.9"), ("192.0.2.1", "127.0.0.1")])
async def test_only_a_trusted_proxy_tells_who_asks(trusted: str, seen: str) -> None:
    async with serve(APP, asyncio.Event(), Web(port=0, trusted_proxies=trusted)) as web:
        assert (await web.get("/", headers={"X-Forwarded-For": "198.51.100.9"})).text == seen


async def test_a_port_that_is_taken_is_told_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        channel = WebChannel(Web(port=port), APP)
        with pytest.raises(UserError, match=rf"^cannot serve the web chat on 127\.0\.0\.1:{port}: .+$") as caught:
            await channel.run(asyncio.Event())
    assert "\n" not in str(caught.value)


async def test_when_cancelled_it_leaves_its_port() -> None:
    channel = WebChannel(Web(port=0), APP)
    running = asyncio.create_task(channel.run(asyncio.Event()))
    await asyncio.sleep(0)
    async with httpx.AsyncClient() as web:
        assert (await web.get(f"http://127.0.0.1:{channel.port}/")).status_code == 200
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    socket.create_server(("127.0.0.1", channel.port)).close()
