"""Where each conversation stands. Its id is stored as a hash: the database alone names nobody."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.batch import Batch
from bot.store.tables import conversations
from handlers.state import State


class StoredConversations:
    """Implements ``handlers.ports.Conversations``. ``save`` returns when the state is on disk."""

    def __init__(self, engine: AsyncEngine, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._now = now
        self._read: Batch[str, State] = Batch(self._read_all)
        self._write: Batch[tuple[str, State], None] = Batch(self._write_all)
        insert = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert
        row = insert(conversations)
        self._upsert = row.on_conflict_do_update(
            index_elements=[conversations.c.key],
            set_={name: row.excluded[name] for name in ("trail", "question", "answer", "updated_at")},
        )

    async def load(self, conversation: str) -> State:
        return await self._read(key_of(conversation))

    async def save(self, conversation: str, state: State) -> None:
        await self._write((key_of(conversation), state))

    async def forget_before(self, age: timedelta) -> int:
        """Delete the states not touched for ``age``; return how many."""
        async with self._engine.begin() as connection:
            found = await connection.execute(
                delete(conversations).where(conversations.c.updated_at < self._now() - age)
            )
        return found.rowcount

    async def _read_all(self, keys: Sequence[str]) -> list[State]:
        query = select(conversations).where(conversations.c.key.in_(keys))
        async with self._engine.connect() as connection:
            found = await connection.execute(query)
            rows = {row.key: State(tuple(row.trail), row.question, row.answer, row.updated_at) for row in found}
        return [rows.get(key, State()) for key in keys]

    async def _write_all(self, states: Sequence[tuple[str, State]]) -> list[None]:
        rows = [
            {"key": key, "trail": list(state.trail), "question": state.question, "answer": state.answer}
            | {"updated_at": state.at}
            for key, state in states
        ]
        async with self._engine.begin() as connection:
            await connection.execute(self._upsert, rows)
        return [None] * len(states)


def key_of(conversation: str) -> str:
    return hashlib.blake2b(conversation.encode(), digest_size=16).hexdigest()
