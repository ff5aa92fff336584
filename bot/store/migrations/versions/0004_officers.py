"""Officers, their links and invitations, and the audit trail."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "officers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(32), nullable=False, comment="hash of the channel's person id"),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("unit", sa.String(128), nullable=True, comment="id of the unit, for roles that have one"),
        sa.Column("since", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_officers"),
        sa.UniqueConstraint("person", name="uq_officers_person"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "officer_links",
        sa.Column(
            "person", sa.String(32), nullable=False, comment="hash of the conversation that acts for the officer"
        ),
        sa.Column("officer", sa.Integer(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("person", name="pk_officer_links"),
        sa.ForeignKeyConstraint(
            ["officer"], ["officers.id"], name="fk_officer_links_officer_officers", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_officer_links_officer", "officer_links", ["officer"])
    op.create_table(
        "invitations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(64), nullable=False, comment="hash of the code"),
        sa.Column("role", sa.String(16), nullable=True, comment="empty: the code links a conversation to the officer"),
        sa.Column("unit", sa.String(128), nullable=True),
        sa.Column("officer", sa.Integer(), nullable=True, comment="who made it; empty: console"),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_invitations"),
        sa.UniqueConstraint("code", name="uq_invitations_code"),
        sa.ForeignKeyConstraint(
            ["officer"], ["officers.id"], name="fk_invitations_officer_officers", ondelete="CASCADE"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_invitations_officer", "invitations", ["officer"])
    op.create_table(
        "code_tries",
        sa.Column("person", sa.String(32), nullable=False, comment="hash of who types codes"),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("person", name="pk_code_tries"),
    )
    op.create_index("ix_code_tries_since", "code_tries", ["since"])
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor", sa.String(32), nullable=False, comment="hash of who did it, officer:id, or console"),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("object", sa.String(128), nullable=False, comment="what it was done to, as kind:id"),
        sa.Column("detail", sa.Text(), nullable=False, comment="nothing personal"),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_at", "audit", ["at"])


def downgrade() -> None:
    for table in ("audit", "code_tries", "invitations", "officer_links", "officers"):
        op.drop_table(table)
