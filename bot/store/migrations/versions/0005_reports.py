"""Reports, their figures and targets, and imports that wait for a confirmation."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False, comment="otherwise for those in scope only"),
        sa.Column("imported_by", sa.String(32), nullable=False, comment="hash of the person"),
        sa.Column("imported_at", MOMENT, nullable=False),
        sa.Column("digest", sa.String(32), nullable=False, comment="of day, figures and targets"),
        sa.Column("rolled_back_at", MOMENT, nullable=True, comment="empty: the report stands"),
        sa.PrimaryKeyConstraint("id", name="pk_reports"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_reports_as_of", "reports", ["as_of"])
    op.create_table(
        "figures",
        sa.Column("report", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(128), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False, comment="dossiers"),
        sa.Column("online", sa.Integer(), nullable=False, comment="of them filed online"),
        sa.Column("row", sa.String(32), nullable=False, comment="where it stands in the source"),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("report", "unit", name="pk_figures"),
        sa.ForeignKeyConstraint(["report"], ["reports.id"], name="fk_figures_report_reports", ondelete="CASCADE"),
    )
    op.create_index("ix_figures_unit", "figures", ["unit"])
    op.create_table(
        "targets",
        sa.Column("report", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(128), nullable=False),
        sa.Column("percent", sa.String(32), nullable=False, comment="exact, as decimal text"),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("keep", sa.Boolean(), nullable=False, comment="the rate reached is to be kept"),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("report", "unit", name="pk_targets"),
        sa.ForeignKeyConstraint(["report"], ["reports.id"], name="fk_targets_report_reports", ondelete="CASCADE"),
    )
    op.create_table(
        "imports",
        sa.Column("token", sa.String(32), nullable=False, comment="hash of what confirms the import"),
        sa.Column("staged_by", sa.String(32), nullable=False, comment="hash of the person"),
        sa.Column("draft", sa.JSON(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used", sa.Boolean(), nullable=False),
        sa.Column("report", sa.Integer(), nullable=True, comment="what the content stands in since it was confirmed"),
        sa.PrimaryKeyConstraint("token", name="pk_imports"),
    )
    op.create_index("ix_imports_expires_at", "imports", ["expires_at"])


def downgrade() -> None:
    for table in ("imports", "targets", "figures", "reports"):
        op.drop_table(table)
