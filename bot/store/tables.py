"""The schema, in one place. Changes need a migration in ``migrations/versions``."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """A point in time. SQLite keeps no zone: there it is stored in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return value and (value if value.tzinfo else value.replace(tzinfo=UTC))


conversations = Table(
    "conversations",
    metadata,
    Column("key", String(32), primary_key=True, comment="hash of the channel's conversation id"),
    Column("trail", JSON, nullable=False, comment="actions of the screens on the way to the present one"),
    Column("question", Text, nullable=False, comment="the last question, personal data masked"),
    Column("updated_at", Moment, nullable=False, index=True),
    Column("answer", Text, nullable=False, server_default="", comment="the screen that answered it, see State"),
)

missed_questions = Table(
    "missed_questions",
    metadata,
    Column("form", String(200), primary_key=True, comment="normalised words, personal data left out"),
    Column("kind", String(8), primary_key=True, comment="none or wrong"),
    Column("item", Text, primary_key=True, comment="ids of what was shown, empty for none"),
    Column("count", Integer, nullable=False),
    Column("first_seen", Date, nullable=False),
    Column("last_seen", Date, nullable=False, index=True),
    Column("sample", Text, nullable=False, comment="how it was last typed, personal data masked"),
)

officers = Table(
    "officers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person", String(32), nullable=False, unique=True, comment="hash of the channel's person id"),
    Column("role", String(16), nullable=False),
    Column("unit", String(128), comment="id of the unit, for roles that have one"),
    Column("since", Moment, nullable=False),
    sqlite_autoincrement=True,  # an id on an old button never becomes another officer's
)

officer_links = Table(
    "officer_links",
    metadata,
    Column("person", String(32), primary_key=True, comment="hash of the conversation that acts for the officer"),
    Column("officer", ForeignKey("officers.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("made_at", Moment, nullable=False),
)

invitations = Table(
    "invitations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("code", String(64), nullable=False, unique=True, comment="hash of the code"),
    Column("role", String(16), comment="empty: the code links a conversation to the officer"),
    Column("unit", String(128)),
    Column("officer", ForeignKey("officers.id", ondelete="CASCADE"), index=True, comment="who made it; empty: console"),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
    sqlite_autoincrement=True,
)

code_tries = Table(
    "code_tries",
    metadata,
    Column("person", String(32), primary_key=True, comment="hash of who types codes"),
    Column("tries", Integer, nullable=False),
    Column("since", Moment, nullable=False, index=True),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False, index=True),
    Column("actor", String(32), nullable=False, comment="hash of who did it, officer:id, or console"),
    Column("action", String(32), nullable=False),
    Column("object", String(128), nullable=False, comment="what it was done to, as kind:id"),
    Column("detail", Text, nullable=False, comment="nothing personal"),
    sqlite_autoincrement=True,
)

reports = Table(
    "reports",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("as_of", Date, nullable=False, index=True),
    Column("source", Text, nullable=False),
    Column("published", Boolean, nullable=False, comment="otherwise for those in scope only"),
    Column("imported_by", String(32), nullable=False, comment="hash of the person"),
    Column("imported_at", Moment, nullable=False),
    Column("digest", String(32), nullable=False, comment="of day, figures and targets"),
    Column("rolled_back_at", Moment, comment="empty: the report stands"),
    sqlite_autoincrement=True,  # an id on an old button never becomes another report's
)

figures = Table(
    "figures",
    metadata,
    Column("report", ForeignKey("reports.id", ondelete="CASCADE"), primary_key=True),
    Column("unit", String(128), primary_key=True, index=True),
    Column("total", Integer, nullable=False, comment="dossiers"),
    Column("online", Integer, nullable=False, comment="of them filed online"),
    Column("row", String(32), nullable=False, comment="where it stands in the source"),
    Column("note", Text, nullable=False),
)

targets = Table(
    "targets",
    metadata,
    Column("report", ForeignKey("reports.id", ondelete="CASCADE"), primary_key=True),
    Column("unit", String(128), primary_key=True),
    Column("percent", String(32), nullable=False, comment="exact, as decimal text"),
    Column("due", Date, nullable=False),
    Column("keep", Boolean, nullable=False, comment="the rate reached is to be kept"),
    Column("source", Text, nullable=False),
)

imports = Table(
    "imports",
    metadata,
    Column("token", String(32), primary_key=True, comment="hash of what confirms the import"),
    Column("staged_by", String(32), nullable=False, comment="hash of the person"),
    Column("draft", JSON, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
    Column("used", Boolean, nullable=False),
    Column("report", Integer, comment="what the content stands in since it was confirmed"),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("address", String(64), primary_key=True, comment="the channel's conversation id: it is written to"),
    Column("digest_at", Moment, index=True, comment="when the next digest is due; empty: none"),
    Column("weekday", Integer, nullable=False),
    Column("hour", Integer, nullable=False),
    Column("alerts", Boolean, nullable=False),
    Column("drop", Integer, nullable=False, comment="percentage points"),
    Column("reminders", Boolean, nullable=False),
)

notices = Table(
    "notices",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("address", ForeignKey("subscriptions.address", ondelete="CASCADE"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("key", String(128), nullable=False, comment="what is sent to an address once"),
    Column("about", JSON, nullable=False, comment="ids of units or tasks"),
    Column("due_at", Moment, nullable=False, index=True),
    Column("claimed_until", Moment, comment="a process is sending it"),
    Column("tries", Integer, nullable=False),
    Column("sent_at", Moment, index=True),
    UniqueConstraint("address", "key", name="uq_notices_address"),
    sqlite_autoincrement=True,
)
