"""Loads put on a bot, and what is measured under them."""

from __future__ import annotations

import asyncio
import time
from bisect import bisect_right
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from statistics import median, quantiles
from typing import Any

from benchmarks.bots import RunningBot
from benchmarks.questions import Updates, chat_of

LONGEST_SECONDS = 120.0
STEP_SECONDS = 0.005
REST_SECONDS = 0.3


@dataclass(frozen=True)
class Load:
    """``count`` updates, at once or so many a second, with ``latency`` seconds on every call to the server."""

    count: int
    latency: float
    per_second: float | None = None
    buttons: bool = False


@dataclass(frozen=True)
class Figures:
    """What came of a load. ``server_share`` is the fake server's CPU, in parts of one core."""

    replies_per_second: float
    p50_ms: float
    p95_ms: float
    cpu_ms: float
    rss_mb: float
    lost: float
    server_share: float


async def put_on(bot: RunningBot, load: Load) -> Figures:
    """Put ``load`` on ``bot``; wait until all is answered, the bot ended or the time is up."""
    updates = Updates().make(load.count, buttons=load.buttons)
    account = bot.account
    account.forget()
    account.latency = load.latency
    cpu, own_cpu, started = bot.cpu_seconds, time.process_time(), time.perf_counter()
    due = {chat_of(update): started + _delay(load, place) for place, update in enumerate(updates)}
    with suppress(TimeoutError):
        async with asyncio.timeout(LONGEST_SECONDS):
            await _offer(bot, updates, list(due.values()))
            await until(lambda: not bot.is_alive or due.keys() <= account.answers.keys())
    own_cpu = time.process_time() - own_cpu
    await asyncio.sleep(REST_SECONDS + load.latency)
    return _figures(bot, due, cpu, own_cpu)


def _delay(load: Load, place: int) -> float:
    return place / load.per_second if load.per_second else 0.0


async def until(is_so: Callable[[], bool]) -> None:
    """Wait for what announces itself by no event."""
    while not is_so():  # noqa: ASYNC110
        await asyncio.sleep(STEP_SECONDS)


async def _offer(bot: RunningBot, updates: Sequence[dict[str, Any]], due: Sequence[float]) -> None:
    """Make each update available when it is due."""
    offered = 0
    while offered < len(updates) and bot.is_alive:
        ready = bisect_right(due, time.perf_counter())
        if ready > offered:
            bot.account.put(*updates[offered:ready])
            offered = ready
        await asyncio.sleep(STEP_SECONDS)


def _figures(bot: RunningBot, due: dict[int, float], cpu: float, own_cpu: float) -> Figures:
    answers = {chat: at for chat, at in bot.account.answers.items() if chat in due}
    lost = len(due) - len(answers)
    if len(answers) < 2 or not bot.is_alive:
        return Figures(0, 0, 0, 0, 0, lost, 0)
    waits = [1000 * (at - due[chat]) for chat, at in answers.items()]
    busy = max(answers.values()) - (bot.account.first_delivery or 0)
    percentiles = quantiles(waits, n=100, method="inclusive")
    return Figures(
        replies_per_second=len(answers) / busy,
        p50_ms=percentiles[49],
        p95_ms=percentiles[94],
        cpu_ms=1000 * (bot.cpu_seconds - cpu) / len(due),
        rss_mb=bot.rss_mb,
        lost=lost,
        server_share=own_cpu / busy,
    )


def middle(rounds: Sequence[Figures]) -> Figures:
    """The median of each figure; what was lost is added up."""
    figures = {field.name: median(getattr(one, field.name) for one in rounds) for field in fields(Figures)}
    return Figures(**figures | {"lost": sum(one.lost for one in rounds)})
