"""Commands that only read, or take back, must not make a store because its name was mistyped."""

from pathlib import Path

from model.errors import StoreError

_SQLITE = "sqlite:///"


def is_there(location: str) -> bool:
    """Whether a store is at a path; of a server's URL only opening it can tell."""
    path = location.removeprefix(_SQLITE)
    return "://" in path or (Path(path).is_file() and Path(path).stat().st_size > 0)


def require_store(location: str) -> None:
    """Refuse a place where no store is.

    Raises:
        StoreError: nothing is there.
    """
    if not is_there(location):
        raise StoreError(f"no annotation store is at {location}: make import makes one; or STORE=")
