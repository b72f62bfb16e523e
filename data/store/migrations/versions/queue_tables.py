"""The tables of the queue."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "scored",
        sa.Column("seq", sa.Integer, sa.Identity(always=True), primary_key=True),
        sa.Column("item", sa.String(64), nullable=False, unique=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("doc", sa.Text),
        sa.Column("n", sa.Integer),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("labels", sa.Text, nullable=False),
        sa.Column("scores", sa.Text, nullable=False),
        sa.Column("margin", sa.Float, nullable=False, index=True),
    )
    op.create_table(
        "suspects",
        sa.Column("item", sa.String(64), primary_key=True),
        sa.Column("judgements", sa.String(64), nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("quality", sa.Float, nullable=False),
    )
    op.create_table(
        "shown",
        sa.Column("seq", sa.Integer, sa.Identity(always=True), primary_key=True),
        sa.Column("item", sa.String(64), nullable=False, index=True),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("annotator", sa.Text),
        sa.Column("at", sa.String(27), nullable=False),
    )


def downgrade() -> None:
    """Drop them; no annotation is in them."""
    for name in ("shown", "suspects", "scored"):
        op.drop_table(name)
