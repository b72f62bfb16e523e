"""The tables of the store: events, what they add up to, and what the queue is made of."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    Identity,
    Index,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    Text,
)

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
    Column("text_hash", String(64), nullable=False),
    Column("item", String(64), nullable=False, index=True),
    Column("act", String(16), nullable=False),
    Column("person", Text, nullable=False),
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
    # of both: with one of the text alone, SQLite looks through all that a person has said
    Index("ix_events_text_hash_person", "text_hash", "person"),
    Index("ix_events_person_annotator", "person", "annotator"),
)
# What the events say of each sentence now; derived from them, and made anew where it is empty.
SENTENCES = Table(
    "sentences",
    METADATA,
    Column("item", String(64), primary_key=True),
    Column("text_hash", String(64), nullable=False, index=True),
    Column("doc", Text),
    Column("first", Integer, nullable=False, unique=True),  # seq of its first event
    Column("status", String(16), nullable=False),
    Column("readings", Integer, nullable=False),  # annotators whose label stands
    Column("contested", Boolean, nullable=False),  # labelled otherwise after its adjudication
    Index("ix_sentences_doc_first", "doc", "first"),
    Index("ix_sentences_status_first", "status", "first"),
    Index("ix_sentences_contested_first", "contested", "first"),
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
# Sentences that an annotator was given to read, so that nobody else is given them until then.
LEASES = Table(
    "leases",
    METADATA,
    Column("text_hash", String(64), primary_key=True),
    Column("person", Text, primary_key=True),
    Column("until", String(27), nullable=False, index=True),
)
# In which files an event was; see data/store/claims.py.
CLAIMS = Table(
    "claims",
    METADATA,
    Column("event", String(64), primary_key=True),
    Column("origin", Text, primary_key=True),
)
_CACHED = ("content", "text_hash", "item", "person")
_DERIVED = ("id", *_CACHED)
_AS_THEY_ARE = ("annotator", "at", "text", "doc", "n", "source", "selected_by", "suggested_by")


def event_columns(event: Event) -> Mapping[str, Any]:
    """Make the values to insert."""
    return {
        **{name: getattr(event, name) for name in (*_DERIVED, *_AS_THEY_ARE)},
        "act": str(event.act),
        "labels": json.dumps([str(label) for label in event.labels]),
        "details": json.dumps(dict(event.details)),
    }


def event_from(row: Row[Any]) -> Event:
    """Make the event that was inserted."""
    event = Event(
        **{name: getattr(row, name) for name in _AS_THEY_ARE},
        act=Act(row.act),
        labels=tuple(Stance(label) for label in json.loads(row.labels)),
        details=json.loads(row.details),
    )
    # cached properties, computed when it was stored: half the time of reading 100,000 events
    vars(event).update({name: getattr(row, name) for name in _CACHED})
    return event
