"""Spreadsheets for the handlers, off the event loop."""

import asyncio
import threading
from datetime import date
from decimal import Decimal

import pytest

import bot.spreadsheets
from bot.sheets import Limits, read_sheet
from bot.spreadsheets import AT_ONCE, Spreadsheets
from knowledge.intake_model import Refusal, Sheet, SheetError
from knowledge.kpi_model import Target

DUE = date(2026, 12, 31)


async def test_a_table_is_read() -> None:
    assert await Spreadsheets().read(b"a,b\n1,2\n", "a.csv") == Sheet((("a", "b"), ("1", "2")))


async def test_limits_are_kept_and_told() -> None:
    small = Spreadsheets(Limits(size=4))
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

    monkeypatch.setattr(bot.spreadsheets, "read_sheet", slow)
    sheets = Spreadsheets()
    found = await asyncio.gather(*(sheets.read(b"", f"{n}.csv") for n in range(6)))
    assert [sheet.rows[0][0] for sheet in found] == [f"{n}.csv" for n in range(6)]
    assert most == AT_ONCE


async def test_a_blank_table() -> None:
    targets = (Target("a", Decimal(90), DUE), Target("b", Decimal("99.5"), DUE, keep=True), None)
    made = await Spreadsheets().template("Mẫu", list(zip(("Xã A", "Xã B", "=Xã C"), targets, strict=True)))
    rows = read_sheet(made, "m.xlsx").rows
    assert rows[0][0] == "Mẫu"
    assert [(row[1], row[5]) for row in rows[-3:]] == [
        ("Xã A", 0.9),
        ("Xã B", "Duy trì kết quả đạt được (99,5%)"),
        ("=Xã C", ""),
    ]
