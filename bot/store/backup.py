"""A copy of the embedded database while it is in use."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from bot.errors import UserError
from bot.store.engine import require_file


def backup(url: str, target: Path) -> None:
    """Copy the SQLite database of ``url`` to the new file ``target``. Raises UserError when that cannot be done."""
    source = require_file(url)
    if source is None:
        raise UserError("only the embedded SQLite database is copied here; for PostgreSQL use pg_dump")
    if target.exists():
        raise UserError(f"{target} exists already: choose a new name")
    try:
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
            old.backup(new)
    except sqlite3.Error as error:
        target.unlink(missing_ok=True)
        raise UserError(f"cannot copy {source} to {target}: {error}") from error
