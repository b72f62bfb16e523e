"""Which ids came before, on disk: their number has no bound."""

import hashlib
import sqlite3
from pathlib import Path
from types import TracebackType
from typing import Self

Place = tuple[int, int]  # the number of a file, from 0, and of a record in it, from 1

_RECORD_BITS = 40
_TABLE = "create table if not exists seen (id blob primary key, place integer) without rowid"


class SeenIds:
    """Ids with the place of the first record that has each.

    What a killed run noted is no harm: an id is taken for repeated only if its record came earlier.
    """

    def __init__(self, path: Path | None = None) -> None:
        """`path` None keeps them in memory."""
        self._table = sqlite3.connect(path or ":memory:", isolation_level=None)
        self._table.execute("pragma journal_mode = wal")
        self._table.execute("pragma cache_size = -32000")  # KiB
        self._table.execute(_TABLE)
        self._table.execute("begin")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._table.close()

    def earlier(self, named: object, place: Place) -> Place | None:
        """Note an id; gives the place of an earlier record with the same."""
        key = hashlib.blake2b(str(named).encode("utf-8", "surrogatepass"), digest_size=16).digest()
        here = place[0] << _RECORD_BITS | place[1]
        added = self._table.execute("insert or ignore into seen values (?, ?)", (key, here))
        if added.rowcount:
            return None
        (there,) = self._table.execute("select place from seen where id = ?", (key,)).fetchone()
        if there < here:
            return int(there) >> _RECORD_BITS, int(there) & ((1 << _RECORD_BITS) - 1)
        self._table.execute("update seen set place = ? where id = ?", (here, key))
        return None

    def keep(self) -> None:
        """Put on disk what was noted so far; before a part is committed that depends on it."""
        self._table.execute("commit")
        self._table.execute("begin")
