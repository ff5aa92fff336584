"""How fast the whole bot is, beside bare echo bots in the same run: ``python -m benchmarks.speed``."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import uvloop

from benchmarks import report
from benchmarks.bots import DEFAULT_PTB, ECHOES, PROFILED, WHOLE, WHOLE_BOT, Kind, RunningBot, Start, StartError
from benchmarks.fake_bot_api import FakeBotApi
from benchmarks.loads import Figures, Load, put_on, until
from benchmarks.report import Row

LATENCY = 0.1
PROFILE = "profile"
NAMES = dict(zip(("ptb", "aiogram", "ptb-aiohttp", "whole"), (*ECHOES, WHOLE), strict=True))
PROFILE_SECONDS = 10.0


@dataclass(frozen=True)
class Size:
    """How much is put on the bots. ``slow_burst`` is for the bot that answers one update after the other."""

    burst: int = 1000
    slow_burst: int = 100
    per_second: float = 200
    seconds: float = 10
    warm_up: int = 100
    rounds: int = 5
    starts: int = 4
    profiled: int = 3000


QUICK = Size(burst=100, slow_burst=10, per_second=50, seconds=1, warm_up=20, rounds=1, starts=1, profiled=200)


@dataclass
class Run:
    """One benchmark: its bots side by side, all but one of them idle at any time."""

    api: FakeBotApi
    folder: Path
    size: Size
    bots: list[RunningBot] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    failed: int = 0
    starts: list[Start] = field(default_factory=list)
    memory_mb: float = 0.0

    async def compare(self, kinds: Sequence[Kind]) -> None:
        async with AsyncExitStack() as stack:
            for kind in kinds:
                await self._start(kind, stack)
            for bot in self.bots:
                await put_on(bot, Load(self.size.warm_up, 0.0))
            for latency in (0.0, LATENCY):
                await self._bursts(latency)
                await self._streams(latency)
            await self._presses()

    async def _start(self, kind: Kind, stack: AsyncExitStack) -> None:
        try:
            if kind is WHOLE:
                await self._try_starts()
            tell(f"starting {kind.name}")
            bot = await stack.enter_async_context(self._bot(kind, kind.name))
        except StartError as error:
            self.failed += 1
            print(error, file=sys.stderr)
            return
        self.bots.append(bot)
        if kind is WHOLE:
            self.starts.append(bot.started)

    async def _try_starts(self) -> None:
        for number in range(self.size.starts - 1):
            tell(f"start {number + 1} of the whole bot")
            async with self._bot(WHOLE, f"start {number}") as bot:
                self.starts.append(bot.started)

    def _bot(self, kind: Kind, folder: str) -> RunningBot:
        return RunningBot(kind, self.api, self.folder / folder.replace(" ", "-"))

    async def _bursts(self, latency: float) -> None:
        """All bots take turns, so that a slow moment of the machine does not hit one alone."""
        found: dict[str, list[Figures]] = {bot.kind.name: [] for bot in self.bots}
        for turn in range(self.size.rounds):
            for bot in self.bots:
                tell(f"burst {turn + 1} of {self.size.rounds} at {latency} s: {bot.kind.name}")
                found[bot.kind.name].append(await put_on(bot, self._burst(bot, latency)))
                self._remember_memory(bot)
        for bot in self.bots:
            load = self._burst(bot, latency)
            note = "fewer, it answers one after the other" if load.count < self.size.burst else ""
            self.rows.append(Row(bot.kind.name, load, found[bot.kind.name], note))

    def _burst(self, bot: RunningBot, latency: float) -> Load:
        one_by_one = latency and bot.kind.name == DEFAULT_PTB
        return Load(self.size.slow_burst if one_by_one else self.size.burst, latency)

    def _remember_memory(self, bot: RunningBot) -> None:
        if bot.kind.name == WHOLE_BOT and not self.memory_mb and bot.is_alive:
            self.memory_mb = bot.rss_mb

    async def _streams(self, latency: float) -> None:
        load = Load(int(self.size.per_second * self.size.seconds), latency, self.size.per_second)
        for bot in self.bots:
            if latency and bot.kind.name == DEFAULT_PTB:
                note = f"left out: one after the other it manages at most {1 / latency:.0f} a second"
                self.rows.append(Row(bot.kind.name, load, [], note))
                continue
            tell(f"{load.per_second:.0f} a second at {latency} s: {bot.kind.name}")
            self.rows.append(Row(bot.kind.name, load, [await put_on(bot, load)]))

    async def _presses(self) -> None:
        for bot in self.bots:
            if bot.kind.name == WHOLE_BOT:
                tell(f"pressed buttons: {bot.kind.name}")
                load = Load(self.size.burst, 0.0, buttons=True)
                found = [await put_on(bot, load) for _ in range(self.size.rounds)]
                self.rows.append(Row(bot.kind.name, load, found))

    async def profile(self) -> dict[str, dict[str, float]]:
        """CPU seconds of the whole bot by room and by function."""
        tell("profiling the whole bot")
        target = self.folder / "profiled" / "profile.json"
        async with self._bot(PROFILED, "profiled") as bot:
            await put_on(bot, Load(self.size.warm_up, 0.0))
            bot.send_signal(signal.SIGUSR1)
            found = await put_on(bot, Load(self.size.profiled, 0.0))
            bot.send_signal(signal.SIGUSR2)
            self.failed += int(found.lost)
            async with asyncio.timeout(PROFILE_SECONDS):
                await until(target.exists)
        seen: dict[str, dict[str, float]] = json.loads(target.read_text(encoding="utf-8"))
        return seen

    @property
    def lost(self) -> int:
        return self.failed + int(sum(row.figures.lost for row in self.rows if row.figures))


def tell(step: str) -> None:
    """What is going on, where somebody watches."""
    if sys.stderr.isatty():
        print(f"\r\033[K{step} ", end="", file=sys.stderr, flush=True)


@asynccontextmanager
async def started(size: Size) -> AsyncIterator[Run]:
    with tempfile.TemporaryDirectory(prefix="dvcbot-benchmark-") as folder:
        async with FakeBotApi() as api:
            yield Run(api, Path(folder), size)


async def work(arguments: argparse.Namespace) -> int:
    """Run what is asked for and print it. The exit code: 1 when messages were lost."""
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    size = QUICK if arguments.quick else Size()
    size = replace(size, rounds=arguments.rounds or size.rounds)
    names = arguments.only or [*NAMES, PROFILE]
    print(
        f"dvcbot beside bare echo bots; {report.machine()}; bursts: median of {size.rounds} rounds in turn", flush=True
    )
    async with started(size) as run:
        await run.compare([NAMES[name] for name in names if name in NAMES])
        if run.rows:
            show(run)
        if PROFILE in names:
            await show_profile(run, arguments.spots)
        tell("")
        print(f"\nlost: {run.lost}")
        return 1 if run.lost else 0


def show(run: Run) -> None:
    tell("")
    print(f"\n{report.table(run.rows)}\n\n{report.server(run.rows)}\n")
    if run.size.burst < Size.burst:
        print("goals are not judged by loads this small")
    else:
        print(report.goals(run.rows, run.starts, run.memory_mb, run.size.burst))


async def show_profile(run: Run, spots: int) -> None:
    try:
        seen = await run.profile()
    except StartError as error:
        run.failed += 1
        print(error, file=sys.stderr)
        return
    tell("")
    whole = sum(seen["rooms"].values()) or 1.0
    load = f"{1000 * whole / run.size.profiled:.2f} ms a message, {run.size.profiled:,} messages at once"
    print(f"\nwhere the whole bot's CPU goes ({load})\n{report.shares(seen['rooms'], whole)}")
    if spots:
        print(f"\nby function\n{report.shares(seen['spots'], whole, spots)}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small loads, to see that it works")
    parser.add_argument("--only", nargs="+", choices=[*NAMES, PROFILE], metavar="NAME", help="of: %(choices)s")
    parser.add_argument("--rounds", type=int, help="how many bursts each bot takes")
    parser.add_argument("--spots", type=int, default=0, metavar="N", help="list the N most costly functions as well")
    arguments = parser.parse_args()
    try:
        sys.exit(uvloop.run(work(arguments)))
    except (asyncio.CancelledError, KeyboardInterrupt):
        sys.exit(130)


if __name__ == "__main__":
    main()
