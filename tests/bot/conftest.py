"""Real databases; a real browser and a real server for the tests of the chat page."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels.web import WebChannel, create_app
from bot.config import Web
from bot.store.engine import upgrade
from tests.bot.databases import Place, Watch, place_for
from tests.chat_page import PHONE, Complaints, Street, Town, Visit, theirs

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(params=["sqlite", "postgresql"])
async def place(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Place]:
    async with place_for(request.param, tmp_path) as place:
        yield place


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
async def engine(place: Place) -> AsyncEngine:
    engine = place.open()
    await upgrade(engine)
    return engine


async def healthy() -> str | None:
    return None


def find_browser() -> str:
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None and os.environ.get("CI"):
        pytest.fail(f"no browser to test the chat page with: none of {', '.join(BROWSERS)} is installed")
    if path is None:
        pytest.skip(f"the chat page is tested in Chromium, and none of {', '.join(BROWSERS)} is installed")
    return path


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser() -> AsyncIterator[Browser]:
    path = find_browser()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def street(browser: Browser) -> AsyncIterator[Street]:
    street, stop = Street(), asyncio.Event()
    channel = WebChannel(Web(port=0), create_app(street, health=healthy))
    running = asyncio.create_task(channel.run(stop))
    await asyncio.sleep(0)
    street.url = f"http://127.0.0.1:{channel.port}/"
    yield street
    stop.set()
    await running


@pytest_asyncio.fixture(loop_scope="module")
async def town(street: Street) -> AsyncIterator[Town]:
    street.town = Town()
    yield street.town
    street.town.let.set()


@pytest.fixture
def complaints() -> Complaints:
    return Complaints()


@pytest_asyncio.fixture(loop_scope="module")
async def visit(browser: Browser, street: Street, town: Town, complaints: Complaints) -> AsyncIterator[Visit]:
    """Opens the page and waits for the welcome. At the end nothing may have been amiss."""
    contexts = []

    async def visit(*, prepare: Callable[[Page], Awaitable[object]] | None = None, **options: Any) -> Page:
        context = await browser.new_context(**({"viewport": PHONE, "reduced_motion": "reduce"} | options))
        contexts.append(context)
        page = await context.new_page()
        complaints.watch(page)
        if prepare:
            await prepare(page)
        await page.goto(street.url)
        if options.get("java_script_enabled", True) and not prepare:
            await expect(theirs(page)).to_have_count(1)
        return page

    yield visit
    for context in contexts:
        await context.close()
    assert (complaints.dialogs, complaints.errors, complaints.breaches) == ([], [], [])
