"""The file of a database, watched: what is written to one that is gone would be lost."""

from pathlib import Path

from model.errors import StoreError


class Place:
    """Remembers which file a path led to when the database was opened."""

    def __init__(self, path: Path) -> None:
        self._path, self._file = path, None
        self._log = path.with_name(f"{path.name}-wal")

    _file: tuple[int, int] | None

    def check(self, *, written: bool = False) -> None:
        """Raise StoreError if the path leads to another file by now, or to none.

        Args:
            written: a transaction was committed, so that its log must be there, too.
        """
        found = _identity(self._path)
        self._file = self._file or found
        if found is None or found != self._file or (written and _identity(self._log) is None):
            raise StoreError(
                f"{self._path} was deleted or replaced while it was open, and what is written now "
                "would be lost: put the file back, or start again to use what is there now"
            )


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
