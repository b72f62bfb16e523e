"""Annotations are kept: added once, never changed, there after a kill; on every database."""

import dataclasses
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Row, column, insert, table, text

from data.annotation.annotation import hash_of
from data.judgements.event import Act, Event
from data.judgements.resolve import Status, to_annotations
from data.judgements.rows_to_events import SourceRow, parse_rows
from data.store.database import open_database, transaction
from data.store.store import AnnotationStore, Appended, open_store
from data.store.tables import METADATA, event_from
from model.errors import StoreError
from model.stance import Stance

ROOT = Path(__file__).parents[3]
NOW = datetime(2026, 11, 26, tzinfo=UTC)
DEMAND = Stance.DEMAND
FULL = Event(
    Act.LABEL,
    "They must\u2028leave; “now”. 🕊",
    "Jörg",
    "2026-11-01T00:00:00.000000Z",
    labels=(Stance.CRITICISM, DEMAND),
    doc="d1",
    n=3,
    source="api",
    selected_by="random",
    suggested_by="v7",
    details={"year": 1999, "note": "\x00\ud800", "stances": []},
)


def said(number: int, *labels: Stance, annotator: str = "anna", day: int = 1) -> Event:
    text = f"Sentence {number}."
    return Event(Act.LABEL, text, annotator, f"2026-11-{day:02}", labels, doc=f"d{number % 2}")


def undated(*labels: str, annotator: str = "anna", now: datetime = NOW) -> list[Event]:
    row = {"text": "They must leave.", "labels": list(labels), "annotator": annotator}
    return parse_rows([SourceRow(1, row)], file="rows", now=now).events


def test_what_is_added_comes_back_as_it_was(store: AnnotationStore):
    skip = dataclasses.replace(FULL, act=Act.SKIP, labels=(), details={})

    store.append([FULL, skip])

    assert store.events() == [FULL, skip]
    assert [each.id for each in store.events()] == [FULL.id, skip.id]


def test_the_same_event_twice_is_one(store: AnnotationStore):
    assert store.append([FULL, FULL]) == Appended(1, 1, 0)
    assert store.append([FULL, said(1)]) == Appended(1, 1, 0)
    assert len(store.events()) == 2


def test_what_comes_without_a_time_is_known_if_it_was_ever_said(store: AnnotationStore):
    store.append(undated("demand"))

    later = NOW.replace(day=27)
    assert store.append(undated("demand", now=later)) == Appended(0, 1, 0)
    assert store.append(undated(now=later)) == Appended(1, 0, 0)
    assert store.append(undated("demand", now=NOW.replace(day=28))) == Appended(0, 1, 1)
    assert store.resolved()[0].labels == ()


def test_annotations_for_training_come_from_the_store(store: AnnotationStore):
    store.append([said(1, DEMAND), said(2, DEMAND), said(2, annotator="ben")])

    (annotation,) = to_annotations(store.resolved())

    assert (annotation.text, annotation.labels) == ("Sentence 1.", (DEMAND,))


def test_many_events_go_in_and_are_found_at_once(store: AnnotationStore):
    events = [said(number) for number in range(1_203)]

    store.append(events[:700])

    assert store.append(events) == Appended(503, 700, 0)
    assert len(store.about(each.item for each in events)) == 1_203


def test_pages_go_through_every_sentence_once(store: AnnotationStore):
    store.append([said(number) for number in (1, 2, 3)])
    store.append([said(1, DEMAND, annotator="ben"), said(4), said(2, annotator="ben", day=2)])

    pages: list[list[str]] = []
    after: int | None = 0
    while after is not None:
        found, after = store.page(after=after, limit=2)
        pages.append([each.origin.text for each in found])

    assert pages[:2] == [["Sentence 1.", "Sentence 2."], ["Sentence 3.", "Sentence 4."]]
    assert [each for page in pages[2:] for each in page] == []


def test_pages_can_be_of_a_document_or_a_status(store: AnnotationStore):
    retracted = dataclasses.replace(said(8), act=Act.RETRACT, at="2026-11-02")
    store.append([said(n) for n in range(1, 9)] + [said(7, DEMAND, annotator="ben"), retracted])

    conflicts, _ = store.page(after=0, limit=5, status=Status.CONFLICT)
    document, _ = store.page(after=0, limit=10, doc="d0")

    assert [each.origin.text for each in conflicts] == ["Sentence 7."]
    assert [each.origin.text for each in document] == [f"Sentence {n}." for n in (2, 4, 6)]


def test_pages_of_a_status_go_on_where_the_one_before_was_full(store: AnnotationStore):
    numbers = (2, 3, 7)
    store.append([said(n) for n in range(1, 9)])
    store.append([said(n, DEMAND, annotator="ben") for n in numbers])

    first, after = store.page(after=0, limit=2, status=Status.CONFLICT)
    assert after is not None
    second, end = store.page(after=after, limit=2, status=Status.CONFLICT)

    assert [each.origin.text for each in first + second] == [f"Sentence {n}." for n in numbers]
    assert (len(first), end) == (2, None)


def test_the_tables_that_migrations_make_are_those_the_store_uses(location: Callable[[], str]):
    engine = open_database(location())

    with transaction(engine, writes=False) as connection:
        differences = compare_metadata(MigrationContext.configure(connection), METADATA)
    engine.dispose()

    assert differences == []


def test_a_store_of_a_newer_version_is_refused(location: Callable[[], str]):
    place = location()
    engine = open_database(place)
    with transaction(engine, writes=True) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()

    with pytest.raises(StoreError, match="newer version"):
        open_store(place)


def test_stores_opened_at_once_make_the_tables_once(location: Callable[[], str]):
    place = location()
    opened: list[AnnotationStore] = []
    threads = [threading.Thread(target=lambda: opened.append(open_store(place))) for _ in range(4)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(opened) == 4
    for each in opened:
        each.close()


def test_writers_at_once_lose_nothing_and_repeat_nothing(location: Callable[[], str]):
    stores = [open_store(place) for place in [location()] for _ in range(4)]
    events = [said(number) for number in range(40)]

    def write(store: AnnotationStore) -> None:
        for start in range(0, 40, 5):
            store.append(events[start : start + 5])

    threads = [threading.Thread(target=write, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(each.id for each in stores[0].events()) == sorted(each.id for each in events)
    for store in stores:
        store.close()


def test_a_sqlite_url_is_its_path(tmp_path: Path):
    with closing(open_store(f"sqlite:///{tmp_path}/annotations.db")):
        assert (tmp_path / "annotations.db").exists()


@pytest.mark.parametrize(
    "place",
    [
        "sqlite://",
        "mysql://x@y/z",
        "postgresql://nobody@/x?host=/nowhere",
        "postgresql://[",
        "nope://",
    ],
)
def test_a_database_that_cannot_be_used_is_told(place: str):
    with pytest.raises(StoreError, match=r"cannot be used|is no database"):
        open_store(place)


def test_a_password_is_never_told():
    with pytest.raises(StoreError) as caught:
        open_store("postgresql://me:hunter2@/x?host=/nowhere")

    assert "hunter2" not in str(caught.value)


def test_a_file_that_is_no_database_is_told_and_left_alone(tmp_path: Path):
    (tmp_path / "a.db").write_text("not a database, but something that somebody needs" * 99)

    with pytest.raises(StoreError, match="not a database"):
        open_store(tmp_path / "a.db")
    with pytest.raises(StoreError, match="cannot be made"):
        open_store(tmp_path / "a.db" / "b.db")

    assert (tmp_path / "a.db").read_text().startswith("not a database")


def test_sqlite_is_set_to_lose_nothing(tmp_path: Path):
    engine = open_database(tmp_path / "a.db")

    with transaction(engine, writes=False) as connection:
        assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
        assert connection.scalar(text("PRAGMA synchronous")) == 2  # FULL
    engine.dispose()


WRITER = """
import sys
from data.judgements.event import Act, Event
from data.store.store import open_store

store = open_store(sys.argv[1])
for number in range(100_000):
    store.append([Event(Act.LABEL, f"{number}-{k}", "anna", "2026-11-01") for k in range(3)])
    print(number, flush=True)
"""


def test_what_was_acknowledged_is_there_after_a_kill_and_nothing_is_half(
    location: Callable[[], str],
):
    place = location()
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, place], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    acknowledged = [writer.stdout.readline() for _ in range(7)]
    writer.send_signal(signal.SIGKILL)
    writer.stdout.close()
    writer.wait()

    store = open_store(place)
    numbers = [each.text.partition("-")[0] for each in store.events()]
    store.close()

    assert [line.strip() for line in acknowledged] == list(dict.fromkeys(numbers))[:7]
    assert all(numbers.count(number) == 3 for number in numbers)


def test_lists_of_a_status_or_document_do_not_read_the_other_sentences(
    store: AnnotationStore, monkeypatch: pytest.MonkeyPatch
):
    store.append([said(number) for number in range(600)])
    store.append([said(7, DEMAND, annotator="ben")])
    read: list[object] = []

    def counted(row: Row) -> Event:
        read.append(row)
        return event_from(row)

    monkeypatch.setattr("data.store.sentences.event_from", counted)

    conflicts, _ = store.page(after=0, limit=100, status=Status.CONFLICT)
    skipped, _ = store.page(after=0, limit=100, status=Status.SKIPPED)

    assert (len(conflicts), skipped, len(read)) == (1, [], 2)


def test_a_list_can_be_of_what_was_contradicted_after_its_adjudication(store: AnnotationStore):
    final = dataclasses.replace(said(1, annotator="eva", day=2), act=Act.ADJUDICATE)
    store.append([said(1), final, said(2), said(1, DEMAND, annotator="ben", day=3)])

    contested, _ = store.page(after=0, limit=10, contested=True)
    others, _ = store.page(after=0, limit=10, contested=False)

    assert [each.origin.text for each in contested] == ["Sentence 1."]
    assert [event.annotator for event in contested[0].contrary] == ["ben"]
    assert [each.origin.text for each in others] == ["Sentence 2."]


def test_what_lists_say_is_what_the_events_say(store: AnnotationStore):
    skip = dataclasses.replace(said(3), act=Act.SKIP)
    retracted = dataclasses.replace(said(4, day=2), act=Act.RETRACT)
    docs = [dataclasses.replace(said(5), doc=doc) for doc in (None, "x", "y")]
    store.append([said(n) for n in range(5)] + [skip, retracted, *docs])
    store.append([said(0, DEMAND, annotator="ben"), dataclasses.replace(docs[1], annotator="ben")])

    page, _ = store.page(after=0, limit=100)

    assert {each.item: each for each in page} == {each.item: each for each in store.resolved()}


def test_a_store_of_the_version_before_keeps_every_judgement(location: Callable[[], str]):
    place = location()
    engine = open_database(place)
    with transaction(engine, writes=True) as connection:
        downgrade(connection, "0002")
        rows = [
            ("anna", "d1", "demand"),
            ("Anna", "d2", ""),
            ("anna", None, ""),
            ("Anna ", None, ""),
        ]
        for number, (name, doc, label) in enumerate(rows):
            labels = f'["{label}"]' if label else "[]"
            row: dict[str, object] = {
                "id": str(number),
                "content": "c",
                "item": hash_of("They met."),
                "act": "label",
            }
            row |= {"annotator": name, "at": "2026-01-01T00:00:00.000000Z", "labels": labels}
            row |= {"text": "They met.", "doc": doc, "details": "{}"}
            connection.execute(insert(table("events", *map(column, row))), row)
    engine.dispose()

    with closing(open_store(place)) as store:
        assert len(store.events()) == 4
        held = {each.origin.doc: each.labels for each in store.resolved()}
        page, _ = store.page(after=0, limit=10)
        known = store.append([event for event in store.events() if event.doc])
    assert held == {"d1": (DEMAND,), "d2": ()}
    assert len(page) == 2
    assert (known.added, known.known) == (0, 2)


def downgrade(connection: Connection, revision: str) -> None:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(ROOT / "data" / "store" / "migrations"))
    command.downgrade(config, revision)
