"""A copy of the embedded database while it is in use."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import make_url

from bot.errors import UserError


def backup(url: str, target: Path) -> None:
    """Copy the SQLite database of ``url`` to the new file ``target``. Raises UserError when that cannot be done."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        raise UserError("only the embedded SQLite database is copied here; for PostgreSQL use pg_dump")
    source = Path(parsed.database or "")
    if not source.is_file():
        raise UserError(f"there is no database at {source}")
    if target.exists():
        raise UserError(f"{target} exists already: choose a new name")
    try:
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
            old.backup(new)
    except sqlite3.Error as error:
        target.unlink(missing_ok=True)
        raise UserError(f"cannot copy {source} to {target}: {error}") from error
