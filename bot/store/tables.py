"""The schema, in one place. Changes need a migration in ``migrations/versions``."""

from __future__ import annotations

from sqlalchemy import JSON, Column, DateTime, MetaData, String, Table

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

conversations = Table(
    "conversations",
    metadata,
    Column("key", String(32), primary_key=True, comment="hash of the channel's conversation id"),
    Column("trail", JSON, nullable=False, comment="actions of the screens on the way to the present one"),
    Column("updated_at", DateTime(timezone=True), nullable=False, index=True),
)
