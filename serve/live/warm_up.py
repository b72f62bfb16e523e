"""A loaded model's first calls, made before anyone waits for them."""

from itertools import cycle, islice

from model.engines.choose import TOKEN_BUDGET
from model.text.sentences import Sentence
from model.text.tokens import LENGTH_STEP
from serve.clock import Clock
from serve.scoring.job import Classifier

_TEXT = "We welcome the truce and urge both sides to release the prisoners."
_MEASURED_TOKENS, _MEASURED_LENGTH = 4 * TOKEN_BUDGET, 32


def warm_up(classifier: Classifier) -> None:
    """Score one window of every padded length: a length's first call builds its kernels."""
    longest = classifier.manifest.max_window
    classifier.logits([_window(classifier, n) for n in range(LENGTH_STEP, longest, LENGTH_STEP)])


def tokens_per_second(classifier: Classifier, clock: Clock) -> float:
    """Measure a full step of sentences of usual length."""
    windows = [_window(classifier, _MEASURED_LENGTH)] * (_MEASURED_TOKENS // _MEASURED_LENGTH)
    classifier.logits(windows)  # the first call of a batch's shape is slower
    began = clock()
    classifier.logits(windows)
    return _MEASURED_TOKENS / max(clock() - began, 1e-6)


def _window(classifier: Classifier, length: int) -> list[int]:
    ids = classifier.tokenise([Sentence(0, 0, len(_TEXT), _TEXT)]).ids[0]
    return list(islice(cycle(ids), min(length, classifier.manifest.max_window)))
