"""Pictures for the handlers: drawn one at a time, off the event loop, remembered for a while."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date
from decimal import Decimal
from typing import Protocol

import structlog

from bot import charts
from bot.charts import Studio
from bot.easel import Easel
from handlers.pictures import Bar, Headline, SummaryRow

#: Seconds: the start and the first answers come first.
WARM_UP_AFTER = 4.0

log = structlog.get_logger()


class Drawing(Protocol):
    """Who draws: ``bot.charts`` itself, or ``bot.easel.Easel``, which does it in another process."""

    def trend(
        self, title: str, points: Sequence[tuple[date, Decimal]], target: tuple[date, Decimal] | None, footer: str
    ) -> bytes: ...

    def bars(self, title: str, rows: Sequence[Bar], footer: str) -> bytes: ...

    def summary(self, title: str, headlines: Sequence[Headline], rows: Sequence[SummaryRow], footer: str) -> bytes: ...


class StudioArtist:
    """Implements ``handlers.ports.Artist``. Passes on what the drawing raises."""

    def __init__(self, drawing: Drawing = charts) -> None:
        self._drawing = drawing
        self._studio = Studio()

    async def trend(
        self, title: str, points: Sequence[tuple[date, Decimal]], target: tuple[date, Decimal] | None, footer: str
    ) -> bytes:
        return await self._studio.drawn(self._drawing.trend, title, tuple(points), target, footer)

    async def bars(self, title: str, rows: Sequence[Bar], footer: str) -> bytes:
        return await self._studio.drawn(self._drawing.bars, title, tuple(rows), footer)

    async def summary(
        self, title: str, headlines: Sequence[Headline], rows: Sequence[SummaryRow], footer: str
    ) -> bytes:
        return await self._studio.drawn(self._drawing.summary, title, tuple(headlines), tuple(rows), footer)

    async def warm_up(self) -> None:
        """Import matplotlib and find its fonts before the first picture is wanted."""
        await self.trend("0", ((date(2000, 1, 1), Decimal(0)),), None, "0")

    def close(self) -> None:
        """Drop what is not yet begun. Does not wait."""
        self._studio.close()


@asynccontextmanager
async def drawing(warm_up_after: float = WARM_UP_AFTER) -> AsyncIterator[StudioArtist]:
    """Who draws in a process of its own. It gets ready by itself, ``warm_up_after`` seconds from now."""
    easel = Easel()
    artist = StudioArtist(easel)
    warming = asyncio.create_task(warm_up(artist, warm_up_after))
    try:
        yield artist
    finally:
        warming.cancel()
        artist.close()
        easel.close()


async def warm_up(artist: StudioArtist, after: float) -> None:
    """Get ``artist`` ready ``after`` so many seconds; a machine that cannot draw is told of in one line."""
    await asyncio.sleep(after)
    try:
        await artist.warm_up()
    except Exception as error:
        log.warning("pictures cannot be drawn", error=str(error))
