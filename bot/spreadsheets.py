"""Spreadsheets for the handlers: read and written in threads, a few at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.sheets import Limits, read_sheet
from bot.sheets_write import Caption, Line, write_template
from knowledge.intake_model import Sheet
from knowledge.kpi_model import Target

#: Each may take as much memory as ``Limits`` allow.
AT_ONCE = 2


class Spreadsheets:
    """Implements ``handlers.ports.SheetReader`` and ``TemplateWriter``."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._room = asyncio.Semaphore(AT_ONCE)

    @property
    def largest(self) -> int:
        return self._limits.size

    async def read(self, data: bytes, name: str) -> Sheet:
        async with self._room:
            return await asyncio.to_thread(read_sheet, data, name, self._limits)

    async def template(self, title: str, rows: Sequence[tuple[str, Target | None]]) -> bytes:
        lines = [Line(name, target=target.percent, keep=target.keep) if target else Line(name) for name, target in rows]
        return await asyncio.to_thread(write_template, Caption(title), lines)
