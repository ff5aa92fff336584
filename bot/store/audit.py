"""The audit trail: who changed what, and when. Nothing in it names a person."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import audit


async def note(  # noqa: PLR0913, PLR0917 one for each column
    connection: AsyncConnection, at: datetime, actor: str, action: str, what: str, detail: str = ""
) -> None:
    """Add a line within the transaction of the change itself. ``actor`` is a hash, an officer's id
    ("officer:5") or "console"; ``what`` is "kind:id"."""
    line = {"at": at, "actor": actor, "action": action, "object": what, "detail": detail}
    await connection.execute(insert(audit).values(line))
