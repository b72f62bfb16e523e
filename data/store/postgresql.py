"""A connection to PostgreSQL whose waits end with the store's deadline."""

from collections.abc import Generator
from typing import Any

import psycopg

from data.store.deadline import seconds_left, without_deadline


class TimedConnection(psycopg.Connection[Any]):
    """Is closed when the server does not answer in time: the server then undoes what was begun.

    A server that stands still cannot be asked to stop; nothing is committed that it was not told
    to commit. Once told, its answer is waited for.
    """

    def wait(self, gen: Generator[Any, Any, Any], *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        """Wait for a step of the protocol."""
        kwargs["timeout"] = seconds_left()
        try:
            return super().wait(gen, *args, **kwargs)
        except psycopg.errors._WaitTimeout as error:
            self.pgconn.finish()
            raise psycopg.OperationalError("the server did not answer in time") from error

    def commit(self) -> None:
        """Commit, and wait for the outcome."""
        with without_deadline():
            super().commit()
