"""Spreadsheets for the handlers, off the event loop."""

import asyncio
import threading

import pytest

import bot.sheet_reader
from bot.sheet_reader import AT_ONCE, SheetReader
from bot.sheets import Limits
from knowledge.intake_model import Refusal, Sheet, SheetError


async def test_a_table_is_read() -> None:
    assert await SheetReader().read(b"a,b\n1,2\n", "a.csv") == Sheet((("a", "b"), ("1", "2")))


async def test_limits_are_kept_and_told() -> None:
    small = SheetReader(Limits(size=4))
    assert small.largest == 4
    with pytest.raises(SheetError) as caught:
        await small.read(b"12345", "a.csv")
    assert caught.value.reason is Refusal.TOO_BIG


async def test_a_few_files_are_read_at_once_off_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    most, now, lock = 0, 0, threading.Lock()
    here = threading.get_ident()

    def slow(data: bytes, name: str, limits: Limits) -> Sheet:
        nonlocal most, now
        assert threading.get_ident() != here
        with lock:
            now += 1
            most = max(most, now)
        threading.Event().wait(0.02)
        with lock:
            now -= 1
        return Sheet(((name,),))

    monkeypatch.setattr(bot.sheet_reader, "read_sheet", slow)
    sheets = SheetReader()
    found = await asyncio.gather(*(sheets.read(b"", f"{n}.csv") for n in range(6)))
    assert [sheet.rows[0][0] for sheet in found] == [f"{n}.csv" for n in range(6)]
    assert most == AT_ONCE
