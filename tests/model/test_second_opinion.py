"""Two networks: the second reads what the first one doubts, and both say it together."""

import random
from collections.abc import Sequence

import pytest

from model.classifier import SecondReading, StanceClassifier
from model.decide.second_opinion import Effort
from model.engines.protocol import Logits
from model.network import Network
from model.text.tokens import SentenceEncoder, TokenBatch
from model.text.units import Sentence
from tests.conftest import WORDS, tiny_tokenizer
from tests.fakes import SECOND, FakeClassifier, FakeEngine, TwoNetworks, manifest

SURE, DOUBTED = "agreement", "perhaps a demand"


def test_only_what_the_fast_network_doubts_is_asked_twice():
    model = TwoNetworks()

    sure, doubted = model.classify_each([SURE, DOUBTED])

    assert model.second.calls == [[DOUBTED]]
    assert (sure.asked_twice, doubted.asked_twice) == (False, True)
    assert (sure.labels, doubted.labels) == (("agreement",), ("demand",))
    # logits of ln 9 and -ln 9: as they are, and with the blend's slope of 2
    assert sure.scores == pytest.approx((0.9, 0.1, 0.1))
    assert doubted.scores == pytest.approx((1 / 82, 1 / 82, 81 / 82))


def test_the_blends_own_thresholds_and_bands_decide_what_is_asked_twice():
    model = TwoNetworks(careful=Halfhearted())

    sure, doubted = model.classify_each([SURE, DOUBTED])

    assert sure.uncertain == ()
    assert doubted.uncertain == ("agreement", "criticism", "demand")


class Halfhearted(type(TwoNetworks().second)):  # type: ignore[misc]
    """Gives every stance a logit of 0."""

    def score(self, text: str):
        return 0 * super().score(text)


def test_effort_says_how_much_is_asked_twice():
    for effort, asked in ((Effort.FAST, []), (Effort.CAREFUL, [[SURE], [DOUBTED]])):
        model = TwoNetworks(effort=effort)

        model.classify_each([SURE, DOUBTED])

        assert [[text] for call in model.second.calls for text in call] == asked
        assert model.effort == effort


def test_a_model_with_one_network_is_fast_and_answers_as_it_always_did():
    plain = FakeClassifier()

    assert plain.effort == Effort.FAST
    assert plain.at(Effort.CAREFUL).effort == Effort.FAST
    assert plain.classify_each([SURE]) == TwoNetworks(effort=Effort.FAST).classify_each([SURE])
    assert plain.foreseen == 1


def test_the_work_of_a_token_is_foreseen_by_the_share_that_is_asked_twice():
    foreseen = {effort: TwoNetworks(effort=effort).foreseen for effort in Effort}

    assert foreseen == {Effort.FAST: 1.0, Effort.BALANCED: 2.0, Effort.CAREFUL: 5.0}


def test_what_claims_nothing_is_never_asked_twice():
    model = TwoNetworks(effort=Effort.CAREFUL)
    text = "perhaps"
    furniture = Sentence(0, 0, len(text), text, kind="furniture")

    (row,) = model.score([furniture])

    assert not row.asked_twice
    assert model.second.calls == []


def test_the_stages_one_by_one_give_what_score_gives():
    model = TwoNetworks()
    sentences = [Sentence(i, 0, len(t), t) for i, t in enumerate([DOUBTED, SURE, DOUBTED])]
    windows = model.tokenise(sentences)
    logits = model.logits(windows.ids)

    rows = model.asked_twice(sentences, windows.counts, logits)
    second = SecondReading(rows, model.careful.read([sentences[row] for row in rows]))

    assert rows == [0, 2]
    assert model.decide(sentences, windows.counts, logits, second) == model.score(sentences)


def test_a_sentence_gets_the_same_answer_alone_and_in_any_company():
    """Of a fast network whose doubt depends on the words, with windows and batches."""
    generator = random.Random(1)
    texts = [" ".join(generator.choices(WORDS, k=generator.randint(1, 40))) for _ in range(60)]
    model = with_windows()

    together = {row.sentence.text: row for row in model.classify_each(texts)}
    alone = {text: model.classify_each([text])[0] for text in texts}

    assert {row.asked_twice for row in together.values()} == {True, False}
    for text, row in alone.items():
        assert row.scores == together[text].scores
        assert row.asked_twice == together[text].asked_twice


def with_windows() -> StanceClassifier:
    def encoder() -> SentenceEncoder:
        return SentenceEncoder(tiny_tokenizer(), max_window=16, pad_id=0)

    class Unsure(FakeEngine):
        def logits(self, batches: Sequence[TokenBatch]) -> list[Logits]:
            return [(answer % 7 - 3) * 2 for answer in super().logits(batches)]

    careful = Network(encoder(), FakeEngine(), cost=4)
    return StanceClassifier(encoder(), Unsure(), manifest(careful=SECOND), careful=careful)
