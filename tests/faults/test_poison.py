"""A sentence that the engine fails at harms nobody but its sender."""

import asyncio
from collections.abc import Sequence

import numpy as np
import pytest

from model.engines.protocol import Logits
from model.text.tokens import TokenBatch
from serve.app import create_app
from serve.settings import Settings
from tests.asgi import Call, backlog_of, started, until
from tests.fakes import FakeClassifier, GatedEngine


class Spoiled(GatedEngine):
    """Fails in the way asked for whenever a call holds the word POISON."""

    def __init__(self, how: str) -> None:
        super().__init__()
        self.how = how

    def logits(self, batches: Sequence[TokenBatch]) -> list[Logits]:
        answers = super().logits(batches)
        if not any("POISON" in text for text in self.calls[-1]):
            return answers
        if self.how == "raises":
            raise MemoryError
        return answers[1:] if self.how == "too few" else [each * np.nan for each in answers]


@pytest.mark.parametrize("how", ["raises", "nan", "too few"])
def test_everyone_in_the_step_but_its_sender_gets_scores(how: str):
    asyncio.run(poison(how))


async def poison(how: str) -> None:
    engine = Spoiled(how)
    app = create_app(Settings(), FakeClassifier(engine))
    async with started(app) as client:
        engine.shut()
        calls = [Call(app, {"text": f"A demand {n}. An agreement."}) for n in range(16)]
        calls[7] = Call(app, {"text": "A demand. POISON."})
        tasks = [Call(app, {"text": "First."}).start()]
        await asyncio.to_thread(engine.entered.wait, 30)
        tasks += [call.start() for call in calls]
        await until(lambda: backlog_of(app).windows == 32)

        engine.gate.set()
        await asyncio.gather(*tasks)

        assert calls[7].status == 500
        assert calls[7].answer["code"] == "inference_failed"
        for call in calls[:7] + calls[8:]:
            assert call.status == 200
            assert [each["labels"] for each in call.answer["sentences"]] == [
                ["demand"],
                ["agreement"],
            ]
        assert (await client.get("/livez")).status_code == 200
        assert "demarche_engine_failures_total 1.0" in (await client.get("/metrics")).text
