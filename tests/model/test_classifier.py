"""The path as a whole, on an engine whose answers show every mix-up."""

import math
from collections.abc import Sequence

import numpy as np
import pytest

from model.classifier import StanceClassifier
from model.engines.protocol import Logits
from model.errors import EngineFailure
from model.text.tokens import SentenceEncoder, TokenBatch
from tests.conftest import WORDS, tiny_tokenizer
from tests.fakes import FakeEngine, manifest


def classifier(engine: FakeEngine | None = None) -> StanceClassifier:
    encoder = SentenceEncoder(tiny_tokenizer(), max_window=16, pad_id=0)
    return StanceClassifier(encoder, engine or FakeEngine(), manifest())


def sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z))


def test_scores_come_back_in_the_order_of_the_sentences():
    texts = [" ".join(["peace"] * n) for n in (9, 1, 5, 2, 13)]

    scored = classifier().classify_each(texts)

    assert [row.sentence.text for row in scored] == texts
    # the fake's second logit is the number of tokens, special ones included
    assert [row.scores[1] for row in scored] == pytest.approx(
        [sigmoid(n + 2) for n in (9, 1, 5, 2, 13)]
    )


def test_the_strongest_window_speaks_for_a_long_sentence():
    ids = tiny_tokenizer().get_vocab()
    strongest = max(WORDS, key=ids.__getitem__)
    text = " ".join([*["the"] * 40, strongest])

    (row,) = classifier().classify_each([text])

    assert row.windows > 1
    assert row.scores[0] == pytest.approx(sigmoid(ids[strongest]))


def test_a_statement_is_split_and_offsets_refer_to_it():
    text = "  We welcome peace.  They condemn the truce. "

    scored = classifier().classify(text)

    assert [text[r.sentence.start : r.sentence.end] for r in scored] == [
        "We welcome peace.",
        "They condemn the truce.",
    ]


def test_no_sentences_give_no_scores():
    assert classifier().classify_each([]) == []


class Broken(FakeEngine):
    """Spoils the honest answer in the way asked for."""

    def __init__(self, spoil: str) -> None:
        super().__init__()
        self.spoil = spoil

    def logits(self, batches: Sequence[TokenBatch]) -> list[Logits]:
        answers = super().logits(batches)
        if self.spoil == "short":
            return [answer[:-1] for answer in answers]
        if self.spoil == "fewer":
            return answers[:-1]
        return [np.full_like(answer, np.nan) for answer in answers]


@pytest.mark.parametrize("spoil", ["short", "fewer", "nan"])
def test_an_engine_that_answers_nonsense_is_an_error_never_a_score(spoil: str):
    with pytest.raises(EngineFailure):
        classifier(Broken(spoil)).classify_each(["peace", "the truce"])
