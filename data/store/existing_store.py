"""Commands that only read, or take back, must not make a store because its name was mistyped."""

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from model.errors import StoreError


def store_file(location: str) -> Path | None:
    """The file of a store of SQLite, given by path or URL; None for a server's."""
    if "://" not in location:
        return Path(location)
    try:
        url = make_url(location)
    except (SQLAlchemyError, ValueError):
        return None  # opening it will tell
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def is_there(location: str) -> bool:
    """Whether a store is at a path; of a server's URL only opening it can tell."""
    path = store_file(location)
    return path is None or (path.is_file() and path.stat().st_size > 0)


def require_store(location: str) -> None:
    """Refuse a place where no store is.

    Raises:
        StoreError: nothing is there, or another program's database.
    """
    if not is_there(location):
        raise StoreError(f"no annotation store is at {location}: make import makes one; or STORE=")
    path = store_file(location)
    if path and _is_of_another(path):
        raise StoreError(f"{location} is a database of another program, not an annotation store")


def _is_of_another(path: Path) -> bool:
    """Whether it is a database without our tables; what is none at all, opening it tells."""
    names = "SELECT name FROM sqlite_master WHERE name = 'alembic_version'"
    try:
        address = f"file:{quote(str(path.absolute()))}?mode=ro"
        with closing(sqlite3.connect(address, uri=True)) as connection:
            return connection.execute(names).fetchone() is None
    except sqlite3.Error:
        return False
