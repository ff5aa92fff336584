"""Subscriptions of officers, and the notices that wait to be sent."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("address", sa.String(64), nullable=False, comment="the channel's conversation id: it is written to"),
        sa.Column("digest_at", MOMENT, nullable=True, comment="when the next digest is due; empty: none"),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("alerts", sa.Boolean(), nullable=False),
        sa.Column("drop", sa.Integer(), nullable=False, comment="percentage points"),
        sa.Column("reminders", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("address", name="pk_subscriptions"),
    )
    op.create_index("ix_subscriptions_digest_at", "subscriptions", ["digest_at"])
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("key", sa.String(128), nullable=False, comment="what is sent to an address once"),
        sa.Column("about", sa.JSON(), nullable=False, comment="ids of units or tasks"),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("claimed_until", MOMENT, nullable=True, comment="a process is sending it"),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
        sa.ForeignKeyConstraint(
            ["address"], ["subscriptions.address"], name="fk_notices_address_subscriptions", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("address", "key", name="uq_notices_address"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_notices_due_at", "notices", ["due_at"])
    op.create_index("ix_notices_sent_at", "notices", ["sent_at"])


def downgrade() -> None:
    for table in ("notices", "subscriptions"):
        op.drop_table(table)
