"""The last question of a conversation."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "conversations",
        sa.Column(
            "question", sa.Text(), nullable=False, server_default="", comment="the last question, personal data masked"
        ),
    )


def downgrade() -> None:
    op.drop_column("conversations", "question")
