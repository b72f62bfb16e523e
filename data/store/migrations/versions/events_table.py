"""The table of events."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make it."""
    op.create_table(
        "events",
        sa.Column("seq", sa.Integer, sa.Identity(always=True), primary_key=True),
        sa.Column("id", sa.String(64), nullable=False, unique=True),
        sa.Column("content", sa.String(64), nullable=False, index=True),
        sa.Column("item", sa.String(64), nullable=False, index=True),
        sa.Column("act", sa.String(16), nullable=False),
        sa.Column("annotator", sa.Text, nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("labels", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("doc", sa.Text, index=True),
        sa.Column("n", sa.Integer),
        sa.Column("source", sa.Text),
        sa.Column("selected_by", sa.Text),
        sa.Column("suggested_by", sa.Text),
        sa.Column("details", sa.Text, nullable=False),
    )


def downgrade() -> None:
    """Drop it, with everything in it."""
    op.drop_table("events")
