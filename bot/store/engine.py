"""The database: SQLite in a file by default, PostgreSQL when one machine is not enough."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg  # type: ignore[import-untyped]  # it brings no types
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.errors import UserError

#: asyncpg's own errors come unwrapped while connecting, alembic's when the schema is newer than the program.
_FAILURES = (SQLAlchemyError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError, CommandError)
_SQLITE_PRAGMAS = ("journal_mode = WAL", "synchronous = NORMAL", "busy_timeout = 5000", "foreign_keys = ON")


def create_engine(url: str) -> AsyncEngine:
    """An engine for ``url``; the folder of an SQLite file is made."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_async_engine(parsed, pool_pre_ping=True, hide_parameters=True)
    if parsed.database and parsed.database != ":memory:":
        try:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UserError(f"cannot make the folder of {parsed.database}: {error.strerror}") from error
        _try_to_open(parsed.database)
    engine = create_async_engine(parsed, hide_parameters=True)
    event.listen(engine.sync_engine, "connect", _tune)
    return engine


def _try_to_open(path: str) -> None:
    """aiosqlite's thread outlives a connection that cannot be opened, and would complain of it on stderr."""
    try:
        sqlite3.connect(path).close()
    except sqlite3.Error as error:
        raise UserError(f"cannot use the database {path}: {error}") from error


def _tune(connection: Any, _: object) -> None:
    cursor = connection.cursor()
    for pragma in _SQLITE_PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def require_file(url: str) -> Path | None:
    """The file of an SQLite database, None for a server. Raises UserError when there is no such file."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return None
    path = Path(parsed.database or "")
    if not path.is_file():
        raise UserError(f"there is no database at {path}")
    return path


async def upgrade(engine: AsyncEngine) -> None:
    """Bring the schema to the newest revision. Raises UserError when the database cannot be used."""
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_migrate)
    except _FAILURES as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise UserError(f"cannot use the database {engine.url.render_as_string()}: {reason}") from error


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[AsyncEngine]:
    """An engine on an up-to-date database, closed at the end. Raises UserError when the database cannot be used."""
    engine = create_engine(url)
    try:
        await upgrade(engine)
        yield engine
    finally:
        await engine.dispose()


def _migrate(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


async def problem(engine: AsyncEngine) -> str | None:
    """Why the database does not answer, or None."""
    try:
        async with engine.connect() as connection:
            await connection.execute(text("SELECT 1"))
    except _FAILURES as error:
        return f"database: {type(error).__name__}"
    return None
