"""Scored sentences on their way into the store: bounded in memory, and never silently lost."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from data.store.offers import Asker
from data.store.store import AnnotationStore, open_store
from model.errors import StoreError
from serve.annotating.recorder import ScoredRecorder
from serve.scoring.result import ScoringResult, Timing
from tests.fakes import FakeClassifier

CLASSIFIER = FakeClassifier()


def result(first: int, sentences: int) -> ScoringResult:
    """One request's sentences, each with a number of its own."""
    texts = [f"This is an agreement about number {first + n}." for n in range(sentences)]
    scored = CLASSIFIER.classify_each(texts)
    return ScoringResult(CLASSIFIER.manifest, scored, 1, Timing(0, 0, 0, 0))


def unreachable() -> AnnotationStore:
    raise StoreError("the database does not answer")


@pytest.mark.parametrize(("limit", "max_pending"), [(1_000_000, 40), (40, 1_000_000)])
def test_what_waits_to_be_written_is_bounded_by_the_smaller_limit_plus_one_request(
    limit: int, max_pending: int
):
    recorder = ScoredRecorder(unreachable, limit=limit, max_pending=max_pending)

    with capture_logs() as lines:
        for n in range(50):
            recorder.record(result(7 * n, 7))

    assert 40 <= recorder.pending < 40 + 7
    dropped = [line["sentences"] for line in lines if line["event"] == "scored_not_kept"]
    assert recorder.pending + sum(dropped) == 50 * 7


def test_a_write_makes_room_again(tmp_path: Path):
    store = open_store(tmp_path / "annotations.db")
    recorder = ScoredRecorder(lambda: store, limit=100, max_pending=5)

    for n in range(4):
        recorder.record(result(5 * n, 5))
        recorder.flush()
        assert recorder.pending == 0

    assert len(store.offers.at_random(Asker(None, 1, datetime.now(UTC)), 100)) == 20


def test_a_store_that_cannot_be_used_is_logged_with_the_number_of_sentences_and_no_text():
    recorder = ScoredRecorder(unreachable, limit=100)
    recorder.record(result(0, 3))

    with capture_logs() as lines:
        recorder.flush()

    (line,) = lines
    assert (line["event"], line["sentences"]) == ("scored_not_kept", 3)
    assert "agreement" not in str(line)
    assert recorder.pending == 0


def test_with_a_limit_of_none_nothing_is_put_in_memory():
    recorder = ScoredRecorder(unreachable, limit=0)

    recorder.record(result(0, 3))

    assert recorder.pending == 0
