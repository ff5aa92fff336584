"""The bots under test, each a process of its own."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import psutil

from benchmarks.fake_bot_api import Account, FakeBotApi
from benchmarks.questions import Updates

ROOT = Path(__file__).parent.parent
WHOLE_BOT = "whole bot"
ON_AIOHTTP = "echo PTB aiohttp"
DEFAULT_PTB = "echo PTB default"
ON_AIOGRAM = "echo aiogram"
START_SECONDS = 60.0
SETTLE_SECONDS = 15.0
QUIET_SECONDS = 0.5
STEP_SECONDS = 0.01
STOP_SECONDS = 15.0


class StartError(Exception):
    """A bot ended, or did not answer, before anything was measured."""


@dataclass(frozen=True)
class Kind:
    """A bot that can be started: its module and its arguments, in which {folder} is a folder of its own."""

    name: str
    module: str
    arguments: tuple[str, ...] = ()


RUN = ("--config", "{folder}/config.toml", "run")
ECHOES = (
    Kind(DEFAULT_PTB, "benchmarks.echo_ptb"),
    Kind(ON_AIOGRAM, "benchmarks.echo_aiogram"),
    # next to the whole bot, so that the two are compared in the same moment
    Kind(ON_AIOHTTP, "benchmarks.echo_ptb", ("--aiohttp",)),
)
WHOLE = Kind(WHOLE_BOT, "bot", RUN)
PROFILED = Kind("profiled bot", "benchmarks.profiled", ("{folder}/profile.json", *RUN))


@dataclass(frozen=True)
class Start:
    """Seconds from the start of the process to its first answer, and those of CPU that it spent."""

    seconds: float
    cpu_seconds: float


class RunningBot:
    """A bot and its account. ``started`` tells how it came up."""

    def __init__(self, kind: Kind, api: FakeBotApi, folder: Path) -> None:
        self.kind = kind
        self.account: Account = api.account()
        self.started = Start(0.0, 0.0)
        self._server = api.base_url
        self.folder = folder
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> RunningBot:
        self.folder.mkdir(parents=True)
        (self.folder / "config.toml").touch()
        try:
            await self._start()
        except BaseException:
            await self._stop()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stop()

    @property
    def is_alive(self) -> bool:
        return self._process is not None and self._process.returncode is None

    @property
    def cpu_seconds(self) -> float:
        times = self._measured().cpu_times()
        return float(times.user + times.system)

    @property
    def rss_mb(self) -> float:
        return float(self._measured().memory_info().rss) / 1e6

    def send_signal(self, number: int) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def _measured(self) -> psutil.Process:
        assert self._process is not None
        return psutil.Process(self._process.pid)

    async def _start(self) -> None:
        update = Updates().text()
        self.account.put(update)
        started = time.perf_counter()
        with self._log.open("wb") as log:
            arguments = [argument.format(folder=self.folder) for argument in self.kind.arguments]
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", self.kind.module, *arguments),
                cwd=ROOT,
                env=self._environment(),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        await self._first_answer()
        self.started = Start(next(iter(self.account.answers.values())) - started, self.cpu_seconds)
        await self._settle()

    async def _first_answer(self) -> None:
        for _ in range(int(START_SECONDS / STEP_SECONDS)):
            if self.account.answers or not self.is_alive:
                break
            await asyncio.sleep(STEP_SECONDS)
        if not self.account.answers:
            raise StartError(f"{self.kind.name} does not answer:\n{self._last_lines()}")

    async def _settle(self) -> None:
        """Let the bot finish what it does at its start."""
        for _ in range(int(SETTLE_SECONDS / STEP_SECONDS)):
            if time.perf_counter() - self.account.last_call > QUIET_SECONDS:
                return
            await asyncio.sleep(STEP_SECONDS)

    async def _stop(self) -> None:
        if self._process is None or not self.is_alive:
            return
        self._process.terminate()
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()

    @property
    def _log(self) -> Path:
        return self.folder / "log.txt"

    def _last_lines(self) -> str:
        return "\n".join(self._log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:])

    def _environment(self) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.upper().startswith("DVCBOT_") and not name.lower().endswith("_proxy")
        }
        kept.pop("PYTHONDONTWRITEBYTECODE", None)
        return kept | {
            # An installed bot has compiled modules; here they are compiled in the run's own folder, not in the tree.
            "PYTHONPYCACHEPREFIX": str(self.folder.parent / "bytecode"),
            "BENCHMARK_SERVER": self._server,
            "BENCHMARK_TOKEN": self.account.token,
            "DVCBOT_TELEGRAM__BASE_URL": f"{self._server}/bot",
            "DVCBOT_TELEGRAM__TOKEN": self.account.token,
            "DVCBOT_DATABASE__URL": f"sqlite+aiosqlite:///{self.folder}/bot.sqlite3",
            "DVCBOT_LIMITS__MESSAGES_PER_MINUTE": "0",
            "DVCBOT_WEB__ENABLED": "false",
            "DVCBOT_LOG__LEVEL": "info",
        }
