"""The annotation store, opened when it is first used."""

from threading import Lock

from data.store.store import AnnotationStore, open_store


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
        with self._lock:
            self._store = self._store or open_store(self._location)
            return self._store

    def close(self) -> None:
        """Close it if it was opened."""
        with self._lock:
            if self._store:
                self._store.close()
            self._store = None
