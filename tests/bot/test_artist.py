"""The artist: the same picture only once, and ready by itself."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot import artist
from bot.artist import StudioArtist, drawing, warm_up
from handlers.pictures import Bar, Headline, SummaryRow

BARS = [Bar("Xã Quảng An", Decimal("42.9"), Decimal(90))]


class Pencil:
    """Writes down what it was asked to draw."""

    def __init__(self, *_: object) -> None:
        self.drawn: list[tuple[Any, ...]] = []
        self.error: Exception | None = None
        self.closed = False
        self.began = threading.Event()

    def trend(self, title: str, points: Sequence[object], target: object, footer: str) -> bytes:
        return self._note("trend", title, points, target, footer)

    def bars(self, title: str, rows: Sequence[Bar], footer: str) -> bytes:
        return self._note("bars", title, rows, footer)

    def summary(self, title: str, headlines: Sequence[Headline], rows: Sequence[SummaryRow], footer: str) -> bytes:
        return self._note("summary", title, headlines, rows, footer)

    def close(self) -> None:
        self.closed = True

    def _note(self, *arguments: Any) -> bytes:
        self.drawn.append(arguments)
        self.began.set()
        if self.error:
            raise self.error
        return str(arguments[0]).encode()


async def test_each_kind_is_drawn_once() -> None:
    pencil = Pencil()
    made = StudioArtist(pencil)
    for _ in range(2):
        assert await made.trend("a", [(date(2023, 8, 23), Decimal(1))], None, "b") == b"trend"
        assert await made.bars("a", BARS, "b") == b"bars"
        assert await made.summary("a", [Headline("1", "c")], [SummaryRow(BARS[0], 1, 1, None)], "b") == b"summary"
    assert [name for name, *_ in pencil.drawn] == ["trend", "bars", "summary"]
    made.close()


async def test_what_drawing_raises_is_passed_on() -> None:
    pencil = Pencil()
    pencil.error = ValueError("no ink")
    made = StudioArtist(pencil)
    with pytest.raises(ValueError, match="no ink"):
        await made.bars("a", BARS, "b")
    made.close()


@pytest.fixture
def pencil(monkeypatch: pytest.MonkeyPatch) -> Pencil:
    made = Pencil()
    monkeypatch.setattr(artist, "Easel", lambda: made)
    return made


async def test_it_gets_ready_by_itself(pencil: Pencil) -> None:
    async with drawing(0.0):
        assert await asyncio.to_thread(pencil.began.wait, 10)
    assert pencil.drawn
    assert pencil.closed


async def test_it_waits_until_the_start_is_over(pencil: Pencil) -> None:
    async with drawing(3600.0) as made:
        await asyncio.sleep(0)
        assert not pencil.drawn
        assert await made.bars("a", BARS, "b") == b"bars", "who asks before is served"
    assert pencil.closed


async def test_a_machine_that_cannot_draw_says_so_once(pencil: Pencil) -> None:
    pencil.error = RuntimeError("no fonts")
    with capture_logs() as lines:
        await warm_up(StudioArtist(pencil), 0.0)
    assert [(line["event"], line["error"]) for line in lines] == [("pictures cannot be drawn", "no fonts")]


async def test_a_real_picture_comes_through() -> None:
    async with drawing(3600.0) as made:
        assert (await made.bars("a", BARS, "b")).startswith(b"\x89PNG")


def test_the_bot_starts_without_matplotlib() -> None:
    code = "import sys, bot.app, bot.artist, bot.easel; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
