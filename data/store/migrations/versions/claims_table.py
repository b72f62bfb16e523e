"""Which files an event was in, so that taking one back leaves what another says."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the table; of earlier events their source is all that is known."""
    op.create_table(
        "claims",
        sa.Column("event", sa.String(64), primary_key=True),
        sa.Column("origin", sa.Text, primary_key=True),
    )


def downgrade() -> None:
    """Drop it; no annotation is in it."""
    op.drop_table("claims")
