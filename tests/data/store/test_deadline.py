"""A write is refused in time or done; it is never done after it was refused."""

import contextvars
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from data.judgements.event import Event, parse_event
from data.store.deadline import seconds_left, set_deadline
from data.store.store import AnnotationStore, open_store
from model.errors import StoreError


def judgement(text: str) -> Event:
    row = {"text": text, "labels": [], "annotator": "anna"}
    return parse_event(row, file="rows", line=1, now=datetime.now(UTC))


@contextmanager
def somebody_writing(location: str) -> Iterator[None]:
    """Another process in the middle of a transaction."""
    if "://" in location:
        url = make_url(location).set(drivername="postgresql")
        with psycopg.connect(url.render_as_string(hide_password=False)) as other:
            other.execute("LOCK TABLE events IN EXCLUSIVE MODE")
            yield
    else:
        with closing(sqlite3.connect(location, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield


def within(seconds: float, call: Callable[[], object]) -> object:
    def limited() -> object:
        set_deadline(seconds)
        return call()

    return contextvars.copy_context().run(limited)


def test_a_write_that_has_to_wait_is_refused_in_time_and_not_done_later(
    location: Callable[[], str],
):
    place = location()
    with closing(open_store(place)) as store:
        store.append([judgement("We thank them.")])
        with somebody_writing(place), pytest.raises(StoreError):
            within(0.3, lambda: store.append([judgement("They must go.")]))

        assert [each.text for each in store.events()] == ["We thank them."]
        store.append([judgement("They must go.")])
        assert len(store.events()) == 2


def test_after_the_deadline_nothing_begins(location: Callable[[], str]):
    with closing(open_store(location())) as store:
        for call in (store.events, lambda: store.append([judgement("They must go.")])):
            with pytest.raises(StoreError, match="in time"):
                within(0, call)
        assert store.events() == []


def test_a_deadline_that_passes_while_it_works_undoes_the_work(
    location: Callable[[], str], monkeypatch: pytest.MonkeyPatch
):
    with closing(open_store(location())) as store:
        left = iter([1.0] * 3)
        monkeypatch.setattr("data.store.deadline.seconds_left", lambda: next(left, 0.0))

        def write_on() -> None:
            for n in range(9):
                store.append([judgement(f"They must go {n}.")])

        with pytest.raises(StoreError, match="in time"):
            write_on()
        monkeypatch.undo()

        assert len(store.events()) < 3


def test_without_a_deadline_it_waits_as_long_as_ever():
    assert seconds_left() == 30


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "annotations.db"


@pytest.fixture
def store(path: Path) -> Iterator[AnnotationStore]:
    with closing(open_store(path)) as opened:
        opened.append([judgement("We thank them.")])
        yield opened


def deleted(path: Path) -> None:
    path.unlink()


def replaced(path: Path) -> None:
    other = path.with_name("other.db")
    open_store(other).close()
    other.replace(path)


def emptied(path: Path) -> None:
    path.unlink()
    path.touch()


def moved(path: Path) -> None:
    path.rename(path.with_name("moved.db"))


def without_its_log(path: Path) -> None:
    path.with_name(f"{path.name}-wal").unlink()


@pytest.mark.parametrize("harm", [deleted, replaced, emptied, moved, without_its_log])
def test_nothing_is_acknowledged_that_goes_into_a_file_that_is_gone(
    store: AnnotationStore, path: Path, harm: Callable[[Path], None]
):
    harm(path)

    with pytest.raises(StoreError, match="put the file back"):
        store.append([judgement("They must go.")])


def test_a_file_that_is_put_back_is_used_again(store: AnnotationStore, path: Path):
    away = path.with_name("away")
    path.rename(away)
    with pytest.raises(StoreError):
        store.events()
    away.rename(path)

    store.append([judgement("They must go.")])
    assert len(store.events()) == 2
