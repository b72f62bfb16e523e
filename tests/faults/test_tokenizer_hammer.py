"""One tokenizer under many threads, and while requests run beside each other."""

from concurrent.futures import ThreadPoolExecutor

from fastapi.testclient import TestClient

from model.classifier import StanceClassifier
from model.text.sentences import Sentence
from model.text.tokens import SentenceEncoder
from serve.app import create_app
from serve.settings import Settings
from tests.conftest import WORDS, tiny_tokenizer
from tests.fakes import FakeEngine, manifest

THREADS, ROUNDS = 32, 25


def text(n: int) -> str:
    return " ".join(WORDS[(n * 7 + k) % len(WORDS)] for k in range(n % 60 + 1))


def classifier() -> StanceClassifier:
    encoder = SentenceEncoder(tiny_tokenizer(), max_window=16, pad_id=0)
    return StanceClassifier(encoder, FakeEngine(), manifest())


def test_thirty_two_threads_get_the_windows_that_one_gets():
    shared = classifier()
    sentences = [Sentence(n, 0, 1, text(n)) for n in range(120)]
    alone = {n: shared.tokenise(sentences[n:]) for n in range(0, 120, 10)}

    def hammer(worker: int) -> bool:
        return all(
            shared.tokenise(sentences[n:]) == alone[n]
            for n in ((worker + k) % 12 * 10 for k in range(ROUNDS))
        )

    with ThreadPoolExecutor(THREADS) as pool:
        assert all(pool.map(hammer, range(THREADS)))


def test_thirty_two_clients_at_once_get_the_scores_that_one_gets():
    texts = [text(n) for n in range(64)]
    with TestClient(create_app(Settings(), classifier())) as client:

        def post(sentence: str) -> list[dict[str, object]]:
            body = {"sentences": [sentence]}
            return client.post("/v1/classify", json=body).json()["sentences"]

        alone = [post(each) for each in texts]
        with ThreadPoolExecutor(THREADS) as pool:
            assert list(pool.map(post, texts)) == alone
