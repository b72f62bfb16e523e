"""A loaded model's first calls, made before anyone waits for them."""

from itertools import cycle, islice

from model.engines.choose import TOKEN_BUDGET
from model.text.sentences import Sentence
from serve.clock import Clock
from serve.scoring.job import Classifier, Reader

_TEXT = "We welcome the truce and urge both sides to release the prisoners."
_MEASURED_TOKENS, _MEASURED_LENGTH = 4 * TOKEN_BUDGET, 32


def warm_up(classifier: Classifier) -> None:
    """Score one window of every padded length: a length's first call builds its kernels.

    The careful network, if there is one, does so too.
    """
    manifest = classifier.manifest
    _read_every_length(classifier, manifest.max_window)
    if classifier.careful and manifest.careful:
        _read_every_length(classifier.careful, manifest.careful.max_window)


def tokens_per_second(classifier: Classifier, clock: Clock) -> float:
    """Measure a full step of sentences of usual length."""
    longest = min(_MEASURED_LENGTH, classifier.manifest.max_window)
    windows = [_window(classifier, longest)] * (_MEASURED_TOKENS // _MEASURED_LENGTH)
    classifier.logits(windows)  # the first call of a batch's shape is slower
    began = clock()
    classifier.logits(windows)
    return _MEASURED_TOKENS / max(clock() - began, 1e-6)


def _read_every_length(reader: Reader, longest: int) -> None:
    step = reader.length_step
    reader.logits([_window(reader, length) for length in range(step, longest, step)])


def _window(reader: Reader, length: int) -> list[int]:
    ids = reader.tokenise([Sentence(0, 0, len(_TEXT), _TEXT)]).ids[0]
    return list(islice(cycle(ids), length))
