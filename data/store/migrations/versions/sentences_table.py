"""Sentences by their document, names however they are written, the table of sentences, leases.

An event is now known by its document and its annotator's name in one spelling, so the ids of events
that name a document, or whose name has capitals or odd spaces, change. No event is changed or lost.
"""

import hashlib
import json
import unicodedata
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u2060\ufeff"))


def upgrade() -> None:
    """Add columns and tables, and compute them. Sentences are filled when the store is opened."""
    for name, kind in (("text_hash", sa.String(64)), ("person", sa.Text)):
        op.add_column("events", sa.Column(name, kind, nullable=False, server_default=""))
    connection = op.get_bind()
    connection.execute(sa.text("UPDATE events SET text_hash = item, person = annotator"))
    _recompute(connection)
    op.create_index("ix_events_text_hash_person", "events", ["text_hash", "person"])
    op.create_index("ix_events_person_annotator", "events", ["person", "annotator"])
    op.create_table(
        "sentences",
        sa.Column("item", sa.String(64), primary_key=True),
        sa.Column("text_hash", sa.String(64), nullable=False, index=True),
        sa.Column("doc", sa.Text),
        sa.Column("first", sa.Integer, nullable=False, unique=True),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("readings", sa.Integer, nullable=False),
        sa.Column("contested", sa.Boolean, nullable=False),
    )
    for name in ("doc", "status", "contested"):
        op.create_index(f"ix_sentences_{name}_first", "sentences", [name, "first"])
    op.create_table(
        "leases",
        sa.Column("text_hash", sa.String(64), primary_key=True),
        sa.Column("person", sa.Text, primary_key=True),
        sa.Column("until", sa.String(27), nullable=False, index=True),
    )
    # suspects are known by ids of events, and are found anew by the next retraining
    connection.execute(sa.text("DELETE FROM suspects"))


def _recompute(connection: sa.Connection) -> None:
    rows = connection.execute(sa.text("SELECT * FROM events ORDER BY seq")).all()
    changed = [new for row in rows if (new := _derived(row))]
    used = {row.id for row in rows} - {new["old"] for new in changed}
    for new in changed:
        if new["id"] in used:  # the same act by "Anna" and "anna" at one moment; both stay
            new["id"] = _digest(new["id"], new["seq"])
        used.add(new["id"])
    if changed:
        # in two steps, as an id may be taken until the row that has it gets its own
        connection.execute(sa.text("UPDATE events SET id = 'old' || seq WHERE seq = :seq"), changed)
        connection.execute(
            sa.text(
                "UPDATE events SET id = :id, content = :content, item = :item, person = :person "
                "WHERE seq = :seq"
            ),
            changed,
        )


def _derived(row: sa.Row[Any]) -> dict[str, Any] | None:
    name = unicodedata.normalize("NFC", row.annotator.translate(_INVISIBLE))
    person = unicodedata.normalize("NFC", " ".join(name.split()).casefold())
    if row.doc is None and person == row.annotator:
        return None
    stances = json.loads(row.details).get("stances")
    place = [] if row.doc is None else [row.doc]
    said = [row.text_hash, row.act, json.loads(row.labels), person, stances, *place]
    content = _digest(*said)
    item = row.text_hash
    if row.doc is not None:
        doc = row.doc.encode("utf-8", "surrogatepass")
        item = hashlib.sha256(f"{row.text_hash} ".encode() + doc).hexdigest()
    made = {"id": _digest(content, row.at), "content": content, "item": item, "person": person}
    return {"seq": row.seq, "old": row.id, **made}


def _digest(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def downgrade() -> None:
    """Drop the tables and columns; the ids of events stay as they are."""
    for name in ("leases", "sentences"):
        op.drop_table(name)
    for index in ("ix_events_text_hash_person", "ix_events_person_annotator"):
        op.drop_index(index, "events")
    with op.batch_alter_table("events") as events:
        for name in ("text_hash", "person"):
            events.drop_column(name)
