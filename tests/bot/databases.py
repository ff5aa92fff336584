"""Real databases to test on, and a clock."""

import os
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.app import ZONE
from bot.store.engine import create_engine

POSTGRES = os.environ.get("TEST_POSTGRES_URL", "")
NOON = datetime(2026, 11, 23, 12, tzinfo=ZONE)


class Place:
    """Somewhere to keep data. Each ``open`` is a new start of the program."""

    def __init__(self, url: str, schema: str | None = None) -> None:
        self.url = url
        self._schema = schema
        self._engines: list[AsyncEngine] = []

    def open(self) -> AsyncEngine:
        engine = create_engine(self.url)
        if self._schema:
            event.listen(engine.sync_engine, "connect", self._enter_schema, insert=True)
        self._engines.append(engine)
        return engine

    def _enter_schema(self, connection: Any, _: object) -> None:
        connection.autocommit = True
        with closing(connection.cursor()) as cursor:
            cursor.execute(f"SET SESSION search_path = {self._schema}")
        connection.autocommit = False

    async def close(self) -> None:
        for engine in self._engines:
            await engine.dispose()


@asynccontextmanager
async def place_for(database: str, folder: Path) -> AsyncIterator[Place]:
    """A place on ``database``, in ``folder`` or in a schema of its own. Skips when there is no server."""
    if database == "sqlite":
        place = Place(sqlite_url(folder))
        yield place
        await place.close()
        return
    if not POSTGRES:
        pytest.skip("TEST_POSTGRES_URL names no server to test on")
    schema = f"test_{uuid.uuid4().hex}"
    around = create_engine(POSTGRES)
    async with around.begin() as connection:
        await connection.execute(text(f"CREATE SCHEMA {schema}"))
    place = Place(POSTGRES, schema)
    yield place
    await place.close()
    async with around.begin() as connection:
        await connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    await around.dispose()


def sqlite_url(folder: Path) -> str:
    return f"sqlite+aiosqlite:///{folder / 'data' / 'dvcbot.sqlite3'}"


class Watch:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now
