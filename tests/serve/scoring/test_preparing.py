"""A text is split only as long as somebody waits for it."""

import asyncio
from collections.abc import Iterator
from time import monotonic

from model.text.units import Sentence
from serve.scoring.preparing import Preparation
from tests.fakes import FakeClassifier


def test_a_text_that_nobody_waits_for_any_more_is_not_read_to_its_end():
    read: list[int] = []

    def endless() -> Iterator[Sentence]:
        while True:
            read.append(len(read))
            yield Sentence(len(read), 0, 9, "They met.")

    async def prepare() -> int:
        preparation = Preparation(monotonic)
        ready = await preparation.prepare(
            FakeClassifier(), endless, 10_000, over=lambda: len(read) > 3
        )
        preparation.close()
        return len(ready.sentences)

    assert asyncio.run(prepare()) == 3
    assert len(read) == 4
