"""Find the sentences that stood around one: what a reader needs to know whom a pronoun means."""

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import Engine, select

from data.store.database import in_batches, transaction
from data.store.tables import SCORED

Place = tuple[str, int]
Around = tuple[list[str], list[str]]


class Neighbours:
    """Texts around a place in a document, of those that were kept; raises StoreError."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def around(self, places: Iterable[Place], width: int) -> dict[Place, Around]:
        """Give up to `width` texts before and after each place, nearest last and first."""
        wanted = list(places) if width else []
        held: defaultdict[str, dict[int, str]] = defaultdict(dict)
        with transaction(self._engine, writes=False) as connection:
            for batch in in_batches({doc for doc, _ in wanted}):
                query = select(SCORED.c.doc, SCORED.c.n, SCORED.c.text)
                for row in connection.execute(query.where(SCORED.c.doc.in_(batch))):
                    held[row.doc][row.n] = row.text
        return {(doc, n): _sides(held[doc], n, width) for doc, n in wanted}


def _sides(texts: dict[int, str], n: int, width: int) -> Around:
    before = [texts[i] for i in range(n - width, n) if i in texts]
    return before, [texts[i] for i in range(n + 1, n + width + 1) if i in texts]
