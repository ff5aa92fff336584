"""Missed questions, and what answered the last question of a conversation."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "conversations",
        sa.Column(
            "answer", sa.Text(), nullable=False, server_default="", comment="the screen that answered it, see State"
        ),
    )
    op.create_table(
        "missed_questions",
        sa.Column("form", sa.String(200), nullable=False, comment="normalised words, personal data left out"),
        sa.Column("kind", sa.String(8), nullable=False, comment="none or wrong"),
        sa.Column("item", sa.Text(), nullable=False, comment="ids of what was shown, empty for none"),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("first_seen", sa.Date(), nullable=False),
        sa.Column("last_seen", sa.Date(), nullable=False),
        sa.Column("sample", sa.Text(), nullable=False, comment="how it was last typed, personal data masked"),
        sa.PrimaryKeyConstraint("form", "kind", "item", name="pk_missed_questions"),
    )
    op.create_index("ix_missed_questions_last_seen", "missed_questions", ["last_seen"])


def downgrade() -> None:
    op.drop_table("missed_questions")
    op.drop_column("conversations", "answer")
