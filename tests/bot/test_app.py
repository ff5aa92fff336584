"""The whole program: it starts, answers, stops, and remembers."""

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

import httpx
import pytest

from bot import app
from bot.config import Settings, Web
from bot.errors import UserError
from bot.store.engine import opened
from bot.store.officers import StoredOfficers
from bot.store.questions import StoredQuestions
from handlers.model import Menu, Message
from handlers.officers import CONSOLE, INVITATION_LASTS, Role
from knowledge.model import Knowledge
from tests.fakes import Easel

PATIENCE = 60


class Program:
    """``dvcbot run`` as a process, with its data in ``folder``."""

    def __init__(self, folder: Path, port: int) -> None:
        self.errors = folder / "stderr"
        settings = {
            "DVCBOT_WEB__PORT": str(port),
            "DVCBOT_DATABASE__URL": f"sqlite+aiosqlite:///{folder}/data/x.sqlite3",
            "DVCBOT_LOG__FORMAT": "json",
            "PYTHONPATH": os.pathsep.join(sys.path),
        }
        around = {name: value for name, value in os.environ.items() if not name.upper().startswith("DVCBOT_")}
        with self.errors.open("wb") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot", "run"], cwd=folder, env=around | settings, stderr=errors
            )
        self.web = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10)

    @property
    def log(self) -> str:
        return self.errors.read_text(encoding="utf-8")

    def wait_until_it_serves(self) -> None:
        give_up = time.monotonic() + PATIENCE
        while time.monotonic() < give_up:
            assert self.process.poll() is None, self.log
            try:
                assert self.web.get("/healthz").json() == {"status": "ok"}
            except httpx.TransportError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError(self.log)

    def send(self, **message: object) -> dict[str, Any]:
        answer = self.web.post("/api/messages", json=message)
        assert answer.status_code == 200, answer.text
        return answer.json()  # type: ignore[no-any-return]

    def stop(self, how: signal.Signals) -> int:
        self.web.close()
        self.process.send_signal(how)
        return self.process.wait(10)


@contextmanager
def running(folder: Path, port: int) -> Iterator[Program]:
    program = Program(folder, port)
    try:
        program.wait_until_it_serves()
        yield program
    finally:
        program.web.close()
        program.process.kill()
        program.process.wait()


def test_it_serves_stops_and_remembers(tmp_path: Path, unused_tcp_port: int) -> None:
    with running(tmp_path, unused_tcp_port) as program:
        assert "telegram is off: no token is set" in program.log
        first = program.send(conversation=None, text="1.001193")
        conversation = first["conversation"]
        assert "1.001193" in first["replies"][0]["text"]
        facet = program.send(conversation=conversation, action="facet:1.001193:documents")
        assert facet["replies"][0]["html"] != first["replies"][0]["html"]
        other = program.send(conversation=None, action="back")
        assert "dvcbot_messages_total" in program.web.get("/metrics").text
        assert program.stop(signal.SIGTERM) == 0
        assert re.search(r"Traceback|error", program.log, re.IGNORECASE) is None, program.log
        assert conversation not in program.log
    with running(tmp_path, unused_tcp_port) as program:
        back = program.send(conversation=conversation, action="back")
        assert back["replies"][0]["html"] == first["replies"][0]["html"]
        home = program.send(conversation=other["conversation"], action="back")
        assert home["replies"][0]["html"] == other["replies"][0]["html"]
        assert program.stop(signal.SIGINT) == 0


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch, small_knowledge: Knowledge) -> None:
    """The program in this process, with the small content."""
    monkeypatch.setattr(app, "read_knowledge", lambda: small_knowledge)


def settings(folder: Path, **changes: object) -> Settings:
    values: dict[str, Any] = {"database": {"url": f"sqlite+aiosqlite:///{folder}/x.sqlite3"}, **changes}
    return Settings.model_validate(values)


async def test_a_port_that_is_taken_is_told_in_one_line(tmp_path: Path, quick: None) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UserError, match=rf"^cannot serve the web chat on 127\.0\.0\.1:{port}: .+$") as caught:
            await app.run(settings(tmp_path, web=Web(port=port)))
    assert "\n" not in str(caught.value)


async def test_nothing_to_run(tmp_path: Path, quick: None) -> None:
    with pytest.raises(UserError, match=r"^nothing to run"):
        await app.run(settings(tmp_path, web=Web(enabled=False)))


async def test_content_with_mistakes_does_not_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("knowledge.load.content_root", lambda: tmp_path / "empty")
    with pytest.raises(UserError, match=r"^the content has mistakes:\nhotline\.toml: is missing"):
        await app.run(settings(tmp_path))


@asynccontextmanager
async def web_at(port: int, running: asyncio.Task[None]) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the program that is starting as ``running``."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=10) as web:
        while not running.done():
            try:
                await web.get("/healthz")
            except httpx.TransportError:
                await asyncio.sleep(0.01)
            else:
                break
        yield web


async def test_it_stops_when_asked(tmp_path: Path, quick: None, unused_tcp_port: int) -> None:
    running = asyncio.create_task(app.run(settings(tmp_path, web=Web(port=unused_tcp_port))))
    async with web_at(unused_tcp_port, running) as web:
        assert (await web.get("/healthz")).status_code == 200
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(running, 10)


def test_today_is_told_in_vietnam() -> None:
    assert app.now().utcoffset() == app.ZONE.utcoffset(app.now())
    assert str(app.ZONE) == "Asia/Ho_Chi_Minh"


async def test_an_invitation_of_the_console_is_redeemed_in_chat(tmp_path: Path, small_knowledge: Knowledge) -> None:
    chosen = settings(tmp_path)
    async with opened(chosen.database.url.get_secret_value()) as engine:
        code, _ = await StoredOfficers(engine, app.now).invite(Role.ADMIN, None, by=CONSOLE, lasts=INVITATION_LASTS)
        assistant = app.served(chosen, engine, small_knowledge, Easel()).assistant
        (reply,) = await assistant.answer(Message("telegram", "telegram:7", "telegram:7", f"/start {code}"))
        assert reply.menu == Menu(Role.ADMIN)
        (reply,) = await assistant.answer(Message("telegram", "telegram:7", "telegram:7", "/canbo"))
        assert "Quản trị viên" in str(reply.buttons)


@pytest.mark.parametrize(("keep", "kept"), [(365, 1), (0, 0)])
async def test_missed_questions_outlive_the_program(
    tmp_path: Path, quick: None, unused_tcp_port: int, keep: int, kept: int
) -> None:
    chosen = settings(tmp_path, web=Web(port=unused_tcp_port), questions={"keep_days": keep})
    running = asyncio.create_task(app.run(chosen))
    async with web_at(unused_tcp_port, running) as web:
        await web.post("/api/messages", json={"text": "nuôi mèo được không"})
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(running, 10)
    async with opened(chosen.database.url.get_secret_value()) as engine:
        found = await StoredQuestions(engine, app.now, timedelta(days=365)).most_frequent(10)
    assert [one.missed.sample for one in found] == ["nuôi mèo được không"] * kept


def test_units_come_with_the_plan() -> None:
    class Units:
        by_id: ClassVar[dict[str, str]] = {"unit:x": "X"}

    class Plan:
        units = Units

    class WithPlan:
        plan = Plan

    assert app.units_of(WithPlan()) == {"unit:x": "X"}  # type: ignore[arg-type]
