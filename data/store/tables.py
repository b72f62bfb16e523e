"""The tables of the store: events, and for the queue what was scored, suspected and shown."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column, Float, Identity, Integer, MetaData, Row, String, Table, Text

from data.judgements.event import Act, Event
from model.stance import Stance

METADATA = MetaData()
# data/store/migrations makes them; a test holds the two together
EVENTS = Table(
    "events",
    METADATA,
    Column("seq", Integer, Identity(always=True), primary_key=True),
    Column("id", String(64), nullable=False, unique=True),
    Column("content", String(64), nullable=False, index=True),
    Column("item", String(64), nullable=False, index=True),
    Column("act", String(16), nullable=False),
    Column("annotator", Text, nullable=False),
    Column("at", String(27), nullable=False),
    Column("labels", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("doc", Text, index=True),
    Column("n", Integer),
    Column("source", Text),
    Column("selected_by", Text),
    Column("suggested_by", Text),
    Column("details", Text, nullable=False),
)
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
_DERIVED = ("id", "content", "item")
_AS_THEY_ARE = ("annotator", "at", "text", "doc", "n", "source", "selected_by", "suggested_by")


def event_columns(event: Event) -> Mapping[str, Any]:
    """The values to insert."""
    return {
        **{name: getattr(event, name) for name in (*_DERIVED, *_AS_THEY_ARE)},
        "act": str(event.act),
        "labels": json.dumps([str(label) for label in event.labels]),
        "details": json.dumps(dict(event.details)),
    }


def event_from(row: Row[Any]) -> Event:
    """The event that was inserted."""
    return Event(
        **{name: getattr(row, name) for name in _AS_THEY_ARE},
        act=Act(row.act),
        labels=tuple(Stance(label) for label in json.loads(row.labels)),
        details=json.loads(row.details),
    )
