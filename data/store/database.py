"""A database by path or URL: opened with durable settings and brought to this version's tables."""

import math
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import SQLAlchemyError

from data.store.deadline import check_deadline, seconds_left
from data.store.place import Place
from model.errors import StoreError

_MIGRATIONS = Path(__file__).parent / "migrations"
_BATCH = 500  # values in one IN (...): every database takes at least 999
_CONNECT_SECONDS = 10  # for a server to answer; psycopg's own limit is 130
_MIGRATION_LOCK = 7_236_125  # any number that nobody else takes in the same PostgreSQL database


def open_database(location: str | Path) -> Engine:
    """Open a SQLite file (made if there is none) or a `postgresql://` URL; tables are made in it.

    Raises:
        StoreError: it cannot be opened, or was written by a newer version.
    """
    text = str(location)
    engine = _engine(text)
    try:
        with transaction(engine, writes=True) as connection:
            _migrate(connection)
    except CommandError as error:
        engine.dispose()
        raise StoreError(
            f"{engine.url!r} has tables of a newer version of Demarche: use that version ({error})"
        ) from error
    except StoreError:
        engine.dispose()
        raise
    return engine


@contextmanager
def transaction(engine: Engine, *, writes: bool) -> Iterator[Connection]:
    """Do all of what is done in the block, or nothing; those that write come one after another.

    Raises:
        StoreError: the database cannot be reached, read or written, did not answer in time (see
            data/store/deadline.py), or its file is no longer the one that was opened.
    """
    check_deadline()
    place: Place | None = engine.get_execution_options().get("place")
    try:
        with engine.connect().execution_options(writes=writes) as connection:
            with connection.begin():
                if place:
                    place.check()
                yield connection
                check_deadline()
            if place and writes:
                place.check(written=True)
    except SQLAlchemyError as error:
        cause = str(getattr(error, "orig", None) or error).strip() or type(error).__name__
        # the lines after the first may quote the row
        raise StoreError(f"{engine.url!r} cannot be used: {cause.splitlines()[0]}") from error


def in_batches(values: Iterable[str]) -> Iterator[list[str]]:
    """Yield the values in lists short enough for one IN (...)."""
    ordered = list(values)
    for start in range(0, len(ordered), _BATCH):
        yield ordered[start : start + _BATCH]


def _engine(location: str) -> Engine:
    if "://" not in location:
        return _file(Path(location))
    place, valid = location.partition("@")[2], "a path, or postgresql://user@host/database"
    unusable = StoreError(f"{place or repr(location)} is no database: give {valid}")
    try:
        url = make_url(location)
        kind = url.get_backend_name()
        if kind in ("postgres", "postgresql"):
            return _server(url)
    except (SQLAlchemyError, ImportError, ValueError) as error:
        raise unusable from error
    if kind != "sqlite" or not url.database:
        raise unusable
    return _file(Path(url.database))


def _server(url: URL) -> Engine:
    if url.drivername in ("postgres", "postgresql"):
        url = url.set(drivername="postgresql+psycopg")
    engine = create_engine(
        url, pool_pre_ping=True, pool_timeout=_CONNECT_SECONDS, hide_parameters=True
    )

    def connect(_: object, __: object, arguments: list[str], named: dict[str, Any]) -> object:
        from data.store.postgresql import TimedConnection  # noqa: PLC0415 - SQLite needs no psycopg

        seconds = max(2, math.ceil(min(_CONNECT_SECONDS, seconds_left())))  # 1 means 2 to libpq
        return TimedConnection.connect(*arguments, **{**named, "connect_timeout": seconds})

    event.listen(engine, "do_connect", connect)
    return engine


def _file(path: Path) -> Engine:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{path.parent} cannot be made: {error.strerror}") from error
    engine = create_engine(
        f"sqlite:///{path}",
        hide_parameters=True,
        pool_timeout=_CONNECT_SECONDS,
        execution_options={"place": Place(path)},
    )
    event.listen(engine, "connect", _durable)
    event.listen(engine, "begin", _begin)
    return engine


def _durable(connection: sqlite3.Connection, _: object) -> None:
    # Python's sqlite3 would begin transactions late and its own way; _begin does it instead
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {_milliseconds_left()}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")


def _begin(connection: Connection) -> None:
    # a transaction that reads first and writes then could fail between the two; IMMEDIATE waits
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {_milliseconds_left()}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _milliseconds_left() -> int:
    return max(1, int(seconds_left() * 1000))


def _migrate(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})")
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    command.upgrade(config, "head")
