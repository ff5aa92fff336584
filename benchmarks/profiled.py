"""The whole bot with a sampler inside: SIGUSR1 starts it, SIGUSR2 ends it and writes what it saw.

Samples are taken by the clock and weighed with the CPU time the main thread spent since the last one. That distorts
far less than a tracing profiler, which makes small Python functions look expensive.
"""

from __future__ import annotations

import gc
import json
import signal
import sys
import time
from collections import defaultdict
from pathlib import Path
from types import FrameType

from bot.cli import main as run_bot

ROOT = Path(__file__).parent.parent
EVERY_SECONDS = 0.001
DEEPEST = 80

#: Parts of a file's path and the room it belongs to; the first that fits counts.
ROOMS = (
    ("/knowledge/", "knowledge: search, decide"),
    ("/handlers/", "handlers: route, render"),
    ("/jinja2/", "handlers: route, render"),
    ("/markupsafe/", "handlers: route, render"),
    ("/bot/store/", "store: sqlalchemy, sqlite"),
    ("/sqlalchemy/", "store: sqlalchemy, sqlite"),
    ("/aiosqlite/", "store: sqlalchemy, sqlite"),
    ("/bot/record.py", "log and counters"),
    ("/structlog/", "log and counters"),
    ("/prometheus_client/", "log and counters"),
    ("/logging/", "log and counters"),
    ("/json/", "json"),
    ("/bot/channels/", "telegram: own channel"),
    ("/telegram/", "telegram: library"),
    ("/aiolimiter/", "telegram: library"),
    ("/httpx/", "telegram: httpx"),
    ("/httpx_aiohttp/", "telegram: httpx"),
    ("/anyio/", "telegram: httpx"),
    ("/aiohttp/", "telegram: aiohttp"),
    ("/yarl/", "telegram: aiohttp"),
    ("/multidict/", "telegram: aiohttp"),
    ("/asyncio/", "event loop and other"),
)
OTHER = "event loop and other"
COLLECTION = "garbage collection"
THREADS = "store: SQLite's thread"


class Sampler:
    """Adds up CPU seconds by room and by function."""

    def __init__(self, target: Path) -> None:
        self._target = target
        self._rooms: dict[str, float] = defaultdict(float)
        self._spots: dict[str, float] = defaultdict(float)
        self._known: dict[str, str | None] = {}
        self._last = 0.0
        self._began = 0.0
        self._collecting: float | None = None

    def start(self, *_: object) -> None:
        self._last = time.thread_time()
        self._began = time.process_time() - self._last
        gc.callbacks.append(self._collect)
        signal.signal(signal.SIGALRM, self._sample)
        signal.setitimer(signal.ITIMER_REAL, EVERY_SECONDS, EVERY_SECONDS)

    def stop(self, *_: object) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)
        gc.callbacks.remove(self._collect)
        self._rooms[THREADS] = time.process_time() - time.thread_time() - self._began
        seen = {"rooms": self._rooms, "spots": self._spots}
        self._target.with_suffix(".part").write_text(json.dumps(seen), encoding="utf-8")
        self._target.with_suffix(".part").rename(self._target)

    def _collect(self, phase: str, _: dict[str, int]) -> None:
        """Collections strike anywhere, so they are a room of their own."""
        now = time.thread_time()
        if phase == "start":
            self._collecting = now
        elif self._collecting is not None:
            self._rooms[COLLECTION] += now - self._collecting
            self._last += now - self._collecting
            self._collecting = None

    def _sample(self, _: int, frame: FrameType | None) -> None:
        if self._collecting is not None:
            return
        now = time.thread_time()
        spent, self._last = now - self._last, now
        room, spot = self._place(frame)
        self._rooms[room] += spent
        self._spots[f"{room} | {spot}"] += spent

    def _place(self, frame: FrameType | None) -> tuple[str, str]:
        """The innermost function that belongs to a room: the standard library counts for its caller."""
        for _ in range(DEEPEST):
            if frame is None:
                break
            name = frame.f_code.co_filename
            if name not in self._known:
                self._known[name] = room_of(name)
            room = self._known[name]
            if room is not None:
                return room, f"{Path(name).parent.name}/{Path(name).name}:{frame.f_code.co_qualname}"
            frame = frame.f_back
        return OTHER, "outside of every room"


def room_of(path: str) -> str | None:
    path = path.removeprefix(str(ROOT))
    return next((room for part, room in ROOMS if part in path), None)


def main() -> None:
    sampler = Sampler(Path(sys.argv[1]))
    signal.signal(signal.SIGUSR1, sampler.start)
    signal.signal(signal.SIGUSR2, sampler.stop)
    run_bot(sys.argv[2:])


if __name__ == "__main__":
    main()
