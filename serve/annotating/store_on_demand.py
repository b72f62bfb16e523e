"""The annotation store, opened when it is first used."""

from threading import Lock

from data.store.deadline import seconds_left
from data.store.store import AnnotationStore, open_store
from model.errors import StoreError


class StoreOnDemand:
    """Opens the store at its first use, so that a service that only scores needs none."""

    def __init__(self, location: str) -> None:
        self._location, self._lock = location, Lock()
        self._store: AnnotationStore | None = None

    def __call__(self) -> AnnotationStore:
        """The store, opened once.

        Raises:
            StoreError: it cannot be opened; the next use tries again.
        """
        if not self._lock.acquire(timeout=seconds_left()):
            raise StoreError("the store is still being opened: nothing was changed")
        try:
            self._store = self._store or open_store(self._location)
            return self._store
        finally:
            self._lock.release()

    def close(self) -> None:
        """Close it if it was opened."""
        with self._lock:
            if self._store:
                self._store.close()
            self._store = None
