"""The tables of the queue: what was scored, which labels are suspected, which suggestions shown."""

from sqlalchemy import Column, Float, Identity, Integer, String, Table, Text

from data.event_table import METADATA

# data/migrations makes them; a test holds the two together
SCORED = Table(
    "scored",
    METADATA,
    Column("seq", Integer, Identity(always=True), primary_key=True),
    Column("item", String(64), nullable=False, unique=True),
    Column("text", Text, nullable=False),
    Column("doc", Text),
    Column("n", Integer),
    Column("version", Text, nullable=False),
    Column("labels", Text, nullable=False),
    Column("scores", Text, nullable=False),
    Column("margin", Float, nullable=False, index=True),
)
SUSPECTS = Table(
    "suspects",
    METADATA,
    Column("item", String(64), primary_key=True),
    Column("judgements", String(64), nullable=False),
    Column("version", Text, nullable=False),
    Column("quality", Float, nullable=False),
)
SHOWN = Table(
    "shown",
    METADATA,
    Column("seq", Integer, Identity(always=True), primary_key=True),
    Column("item", String(64), nullable=False, index=True),
    Column("version", Text, nullable=False),
    Column("annotator", Text),
    Column("at", String(27), nullable=False),
)
