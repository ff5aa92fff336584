"""Subscriptions and notices. A notice is claimed by a conditional update that one process wins, for LEASE: what a
process that died had claimed is sent by another one later, and nothing is sent by two at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, literal, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.store.tables import notices, subscriptions
from handlers.subscriptions import Claimed, Notice, NoticeKind, Subscription

LEASE = timedelta(minutes=5)
#: So long a sent notice is remembered, that it is not sent anew.
REMEMBERED = timedelta(days=400)


class StoredSubscriptions:
    """Implements ``handlers.ports.Subscriptions``."""

    def __init__(self, engine: AsyncEngine, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._now = now
        self._insert = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert

    async def of(self, address: str) -> Subscription | None:
        return next(iter(await self._found(subscriptions.c.address == address)), None)

    async def save(self, subscription: Subscription) -> None:
        values = {column.name: getattr(subscription, column.name) for column in subscriptions.c}
        query = self._insert(subscriptions).values(values)
        async with self._engine.begin() as connection:
            await connection.execute(query.on_conflict_do_update(index_elements=["address"], set_=values))

    async def end(self, address: str) -> None:
        async with self._engine.begin() as connection:
            await connection.execute(delete(notices).where(notices.c.address == address))
            await connection.execute(delete(subscriptions).where(subscriptions.c.address == address))

    async def everyone(self) -> list[Subscription]:
        return await self._found(subscriptions.c.address.is_not(None))

    async def due(self, now: datetime) -> list[Subscription]:
        return await self._found(subscriptions.c.digest_at <= now)

    async def queue(self, notices: Sequence[Notice]) -> None:
        if notices:
            async with self._engine.begin() as connection:
                await self._add(connection, notices)

    async def turn(self, subscription: Subscription, next_at: datetime, notice: Notice) -> bool:
        mine = (subscriptions.c.address == subscription.address) & (subscriptions.c.digest_at == subscription.digest_at)
        async with self._engine.begin() as connection:
            turned = await connection.execute(update(subscriptions).where(mine).values(digest_at=next_at))
            if turned.rowcount != 1:
                return False
            await self._add(connection, [notice])
        return True

    async def claim(self, now: datetime, most: int) -> list[Claimed]:
        free = or_(notices.c.claimed_until.is_(None), notices.c.claimed_until <= now)
        open_ones = (notices.c.due_at <= now) & notices.c.sent_at.is_(None) & free
        query = select(notices.c.id).where(open_ones).order_by(notices.c.due_at, notices.c.id).limit(most)
        async with self._engine.connect() as connection:
            numbers = (await connection.execute(query)).scalars().all()
        claimed = []
        async with self._engine.begin() as connection:
            for number in numbers:
                mine = update(notices).where(notices.c.id == number, open_ones).values(claimed_until=now + LEASE)
                row = (await connection.execute(mine.returning(notices))).one_or_none()
                claimed += [] if row is None else [_claimed(row)]
        return claimed

    async def done(self, notice: int) -> None:
        async with self._engine.begin() as connection:
            await connection.execute(update(notices).where(notices.c.id == notice).values(sent_at=self._now()))
            await connection.execute(delete(notices).where(notices.c.sent_at <= self._now() - REMEMBERED))

    async def put_off(self, notice: int, until: datetime) -> None:
        values = {"due_at": until, "claimed_until": None, "tries": notices.c.tries + 1}
        async with self._engine.begin() as connection:
            await connection.execute(update(notices).where(notices.c.id == notice).values(values))

    async def _found(self, which: ColumnElement[bool]) -> list[Subscription]:
        query = select(subscriptions).where(which).order_by(subscriptions.c.address)
        async with self._engine.connect() as connection:
            return [Subscription(**row._mapping) for row in await connection.execute(query)]

    async def _add(self, connection: AsyncConnection, added: Sequence[Notice]) -> None:
        """One statement each, so that what belongs to a subscription that ends meanwhile is dropped with it."""
        for notice in added:
            row = _row(notice)
            values = [literal(value, notices.c[name].type).label(name) for name, value in row.items()]
            chosen = select(*values).where(subscriptions.c.address == notice.address)
            query = self._insert(notices).from_select(list(row), chosen)
            await connection.execute(query.on_conflict_do_nothing(index_elements=["address", "key"]))


def _row(notice: Notice) -> dict[str, Any]:
    return {
        "address": notice.address,
        "kind": notice.kind.value,
        "key": notice.key,
        "about": list(notice.about),
        "due_at": notice.due_at,
        "tries": 0,
    }


def _claimed(row: Row[Any]) -> Claimed:
    notice = Notice(row.address, NoticeKind(row.kind), row.key, row.due_at, tuple(row.about))
    return Claimed(row.id, notice, row.tries)
