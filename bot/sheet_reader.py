"""Reads spreadsheets for the handlers, a few at a time."""

from __future__ import annotations

import asyncio

from bot.sheets import Limits, read_sheet
from knowledge.intake_model import Sheet

#: Each may take as much memory as ``Limits`` allow.
AT_ONCE = 2


class SheetReader:
    """Implements ``handlers.ports.SheetReader``, in threads."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._room = asyncio.Semaphore(AT_ONCE)

    @property
    def largest(self) -> int:
        return self._limits.size

    async def read(self, data: bytes, name: str) -> Sheet:
        async with self._room:
            return await asyncio.to_thread(read_sheet, data, name, self._limits)
