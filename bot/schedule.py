"""What is done at its time: one round after the other. Due times stand in the database, so nothing is lost when the
program stops, and several processes may go round at once; that is why no scheduler keeps times in memory here."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog

SECONDS = 30.0

log = structlog.get_logger()


async def go_round(work: Callable[[], Awaitable[None]], stop: asyncio.Event, seconds: float = SECONDS) -> None:
    """Do ``work`` every ``seconds`` until ``stop`` is set. What fails is logged and tried again next time."""
    while not stop.is_set():
        try:
            await work()
        except Exception:
            log.exception("a round failed")
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await stop.wait()
