"""Stand-ins that behave like the real thing, small enough to see through."""

from collections.abc import Sequence
from threading import Event

import numpy as np

from model.artifact.manifest import Careful, Manifest
from model.classifier import StanceClassifier
from model.decide.calibration import Platt
from model.decide.labels import Decision
from model.decide.second_opinion import Blend, Effort
from model.engines.protocol import Engine, Logits
from model.network import Network
from model.stance import STANCES
from model.text.tokens import SentenceEncoder, TokenBatch, Windows

DECISIONS = (Decision(0.5, 0.4, 0.6, 0.75),) * 3


def manifest(**changes: object) -> Manifest:
    """A valid manifest, with the fields named changed."""
    fields: dict[str, object] = {
        "version": "v1",
        "engine": "openvino-fp32",
        "max_window": 16,
        "pad_id": 0,
        "normalisation": "tokenizer.json",
        "calibration": (Platt(1.0, 0.0),) * 3,
        "decisions": DECISIONS,
        "score_tolerance": 0.02,
        "provenance": {"base_model": "tiny", "started": "2026-01-01T00:00:00+00:00"},
        "metrics": {"sentences": 0},
        "files": {},
    }
    return Manifest(**{**fields, **changes})  # type: ignore[arg-type]


class SpellingEncoder(SentenceEncoder):
    """Makes of each sentence one window with a token a character, and of each window one batch."""

    def __init__(self) -> None:
        pass  # it needs no tokenizer

    def encode(self, sentences: Sequence[str]) -> Windows:
        return Windows([[ord(c) for c in each] for each in sentences], [1] * len(sentences))

    def batches(self, windows: Sequence[list[int]], *, token_budget: int) -> list[TokenBatch]:  # noqa: ARG002
        rows = [np.array([ids], dtype=np.int64) for ids in windows]
        return [TokenBatch(ids, np.ones_like(ids), [row]) for row, ids in enumerate(rows)]


class NamingEngine:
    """Finds a stance where the window spells it; "BOOM" makes it fail.

    `calls` holds the texts of every call, in order.
    """

    concurrency = 1

    def __init__(self) -> None:
        self.calls: list[list[str]] = []

    def logits(self, batches: Sequence[TokenBatch]) -> list[Logits]:
        texts = ["".join(map(chr, batch.input_ids[0])) for batch in batches]
        self.calls.append(texts)
        return [self.score(text) for text in texts]

    def score(self, text: str) -> Logits:
        if "BOOM" in text:
            raise RuntimeError("the engine blew up over secret text")
        odds = np.array([[9.0 if stance in text else 1 / 9 for stance in STANCES]])
        return np.log(odds).astype(np.float32)


class FakeClassifier(StanceClassifier):
    """The real path around an engine that reads.

    Not a model: it lets tests of the service say what each sentence should come back with.
    """

    def __init__(self, engine: NamingEngine | None = None, *, version: str = "v1") -> None:
        self.engine = engine or NamingEngine()
        super().__init__(SpellingEncoder(), self.engine, manifest(version=version))


class DoubtingEngine(NamingEngine):
    """Gives every stance of a text with "perhaps" a logit of 0, and else reads as NamingEngine."""

    def score(self, text: str) -> Logits:
        return np.zeros((1, 3), np.float32) if "perhaps" in text else super().score(text)


SECOND = Careful(
    engine="openvino-fp32",
    max_window=16,
    pad_id=0,
    cost=4.0,
    share=0.25,
    blend=Blend(0.3, 1.0, (Platt(2.0, 0.0),) * 3, (Decision(0.5, 0.3, 0.9, 0.75),) * 3),
    provenance={"version": "second", "base_model": "larger"},
)


class TwoNetworks(StanceClassifier):
    """The real path around an engine that doubts what says "perhaps", and one that reads it.

    The blend has the careful network's logits alone, with a slope of 2.
    """

    def __init__(
        self,
        fast: Engine | None = None,
        careful: NamingEngine | None = None,
        *,
        effort: Effort = Effort.BALANCED,
        version: str = "v1",
    ) -> None:
        self.second = careful or NamingEngine()
        super().__init__(
            SpellingEncoder(),
            fast or DoubtingEngine(),
            manifest(version=version, careful=SECOND),
            careful=Network(SpellingEncoder(), self.second, cost=SECOND.cost),
            effort=effort,
        )


class GatedEngine(NamingEngine):
    """Scores only while its gate is open; `entered` is set once a call stands at the shut gate."""

    def __init__(self) -> None:
        super().__init__()
        self.entered, self.gate = Event(), Event()
        self.gate.set()

    def shut(self) -> None:
        """Shut the gate and forget the calls until now."""
        self.gate.clear()
        self.entered.clear()
        self.calls.clear()

    def logits(self, batches: Sequence[TokenBatch]) -> list[Logits]:
        self.entered.set()
        assert self.gate.wait(120)
        return super().logits(batches)


class ManualClock:
    """A clock that only moves when a test advances it."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


class FakeEngine:
    """Answers each window with logits made of its own token ids, so that mix-ups show.

    The three logits of a window are its largest token id, its number of tokens, and 1.
    """

    concurrency = 1

    def __init__(self) -> None:
        self.batches: list[TokenBatch] = []

    def logits(self, batches: Sequence[TokenBatch]) -> list[Logits]:
        self.batches += batches
        return [
            np.stack(
                [
                    batch.input_ids.max(axis=1),
                    batch.attention_mask.sum(axis=1),
                    np.ones(len(batch.rows)),
                ],
                axis=1,
            ).astype(np.float32)
            for batch in batches
        ]
