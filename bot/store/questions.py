"""Missed questions, for the editors: counted, without any person or conversation."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Row, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.tables import missed_questions
from handlers.missed import Counted, Missed, MissedKind

#: Seconds that notes are gathered, so that writing them never stands in the way of answering.
PAUSE = 3.0
#: So many different questions wait at most while the database is away.
MOST_WAITING = 10_000

log = structlog.get_logger()

Key = tuple[str, str, str]


class StoredQuestions:
    """Implements ``handlers.ports.Questions``. Notes are written together, a little later; ``close`` writes the last.
    What was not seen again for ``keep`` is forgotten."""

    def __init__(
        self, engine: AsyncEngine, now: Callable[[], datetime], keep: timedelta, *, pause: float = PAUSE
    ) -> None:
        self._engine = engine
        self._now = now
        self._keep = keep
        self._pause = pause
        self._waiting: dict[Key, Counted] = {}
        self._task: asyncio.Task[None] | None = None
        self._closing = asyncio.Event()
        self._forgot: date | None = None
        insert = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert
        row = insert(missed_questions)
        self._upsert = row.on_conflict_do_update(
            index_elements=list(missed_questions.primary_key),
            set_={
                "count": missed_questions.c["count"] + row.excluded["count"],
                "last_seen": row.excluded.last_seen,
                "sample": row.excluded.sample,
            },
        )

    def note(self, missed: Missed, day: date) -> None:
        self._add(Counted(missed, 1, day, day))
        if self._task is None:
            self._task = asyncio.create_task(self._write_later())

    async def most_frequent(self, most: int, since: date | None = None) -> list[Counted]:
        await self._write()
        table = missed_questions.c
        query = select(missed_questions).order_by(table["count"].desc(), table.last_seen.desc(), table.form).limit(most)
        async with self._engine.connect() as connection:
            rows = await connection.execute(query.where(table.last_seen >= since) if since else query)
            return list(map(_counted, rows))

    async def forget(self) -> int:
        """Delete what was not seen again for too long; return how many questions."""
        async with self._engine.begin() as connection:
            return (await connection.execute(self._forgetting())).rowcount

    async def close(self) -> None:
        """Write what waits, at once."""
        self._closing.set()
        if self._task is not None:
            await self._task

    def _add(self, counted: Counted) -> None:
        key = _key(counted.missed)
        before = self._waiting.get(key)
        if before is not None:
            counted = replace(counted, count=before.count + counted.count, first_seen=before.first_seen)
        elif len(self._waiting) >= MOST_WAITING:
            return
        self._waiting[key] = counted

    async def _write_later(self) -> None:
        while self._waiting:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), self._pause)
            if not await self._write() and self._closing.is_set():
                break
        self._task = None

    async def _write(self) -> bool:
        """Whether what waited is stored. What could not be stored goes on waiting."""
        taken, self._waiting = self._waiting, {}
        try:
            await self._store(taken)
        except Exception as error:  # nobody asked for it just now: the next attempt may do better
            log.warning("missed questions are not stored", questions=len(taken), error=type(error).__name__)
            newer, self._waiting = self._waiting, taken
            for counted in newer.values():
                self._add(counted)
            return False
        return True

    async def _store(self, taken: Mapping[Key, Counted]) -> None:
        """Always in the same order, so that two programs never wait for each other."""
        today = self._now().date()
        if not taken and self._forgot == today:
            return
        async with self._engine.begin() as connection:
            if taken:
                await connection.execute(self._upsert, [_row(taken[key]) for key in sorted(taken)])
            if self._forgot != today:
                await connection.execute(self._forgetting())
        self._forgot = today

    def _forgetting(self) -> Any:
        return delete(missed_questions).where(missed_questions.c.last_seen <= self._now().date() - self._keep)


def _key(missed: Missed) -> Key:
    return missed.form, missed.kind.value, missed.item


def _row(counted: Counted) -> dict[str, object]:
    form, kind, item = _key(counted.missed)
    seen = {"first_seen": counted.first_seen, "last_seen": counted.last_seen}
    return {"form": form, "kind": kind, "item": item, "count": counted.count, "sample": counted.missed.sample} | seen


def _counted(row: Row[Any]) -> Counted:
    missed = Missed(MissedKind(row.kind), row.form, row.sample, row.item)
    return Counted(missed, row._mapping["count"], row.first_seen, row.last_seen)
