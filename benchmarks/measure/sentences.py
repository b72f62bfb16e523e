"""The sentences that benchmarks score, with the lengths that real sentences have."""

import random
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from data.annotation.annotation import Annotation
from data.annotation.files import corpus_files, read_annotations
from data.annotation.split import split_annotations
from model.artifact.folder import Artifact
from model.text.tokens import LENGTH_STEP, SentenceEncoder

_BUCKET = 2 * LENGTH_STEP


@dataclass(frozen=True)
class BenchmarkSentences:
    """Sentences to score, shortest first.

    Attributes:
        source: where they came from, in words.
        texts: every sentence that is timed, by length in tokens.
        tokens: the length of each, special tokens included.
        labelled: those with labels on which quality is measured; the model never saw them.
        training: sentences that scales may be calibrated on.
    """

    source: str
    texts: list[str]
    tokens: list[int]
    labelled: list[Annotation]
    training: list[str]

    @property
    def mean_tokens(self) -> float:
        """The mean number of tokens of a sentence."""
        return statistics.fmean(self.tokens)

    def sample(self, count: int, *, seed: int) -> list[str]:
        """Draw `count` sentences with the length distribution of all; see `spread`."""
        return [self.texts[i] for i in spread(len(self.texts), count, seed=seed)]

    def histogram(self) -> str:
        """Show the share of sentences by length: "1-16: 12 %, 17-32: …"."""
        buckets = Counter((n - 1) // _BUCKET for n in self.tokens)
        return ", ".join(
            f"{i * _BUCKET + 1}-{(i + 1) * _BUCKET}: {buckets[i] / len(self.tokens):.0%}"
            for i in sorted(buckets)
        )


def read_sentences(artifact: Artifact, data: Path | None) -> BenchmarkSentences:
    """Read the corpus, whose test documents measure quality, or a file of labelled sentences.

    Raises:
        InvalidData: with every fault of the file.
    """
    corpus = read_annotations(corpus_files(), unique=False)
    split = split_annotations(corpus)
    timed = read_annotations([data], unique=False) if data else corpus
    manifest = artifact.manifest
    encoder = SentenceEncoder.from_file(
        artifact.tokenizer, max_window=manifest.max_window, pad_id=manifest.pad_id
    )
    ordered = sorted(
        zip(map(sum_lengths, windows_of(encoder, timed)), timed, strict=True),
        key=lambda pair: pair[0],
    )
    return BenchmarkSentences(
        source=f"{len(timed):,} sentences of {data.name if data else 'the corpus'}",
        texts=[annotation.text for _, annotation in ordered],
        tokens=[length for length, _ in ordered],
        labelled=timed if data else list(split.test),
        training=[annotation.text for annotation in split.train],
    )


def windows_of(encoder: SentenceEncoder, rows: Sequence[Annotation]) -> list[list[list[int]]]:
    """Return the windows of each sentence, as token ids."""
    encoded = encoder.encode([row.text for row in rows])
    ids = iter(encoded.ids)
    return [[next(ids) for _ in range(count)] for count in encoded.counts]


def sum_lengths(windows: Sequence[Sequence[int]]) -> int:
    """Count the tokens of all windows of a sentence."""
    return sum(map(len, windows))


def spread(total: int, count: int, *, seed: int) -> list[int]:
    """Return `count` positions at equal distances in 0..total-1, shuffled; they repeat if more.

    In items sorted by length they give the length distribution of all items, so that samples of
    different sizes and seeds are comparable.
    """
    draw = random.Random(seed)
    offset, step = draw.random(), total / count
    positions = [int((i + offset) * step) % total for i in range(count)]
    draw.shuffle(positions)
    return positions


def statements(texts: Sequence[str], *, sentences: int) -> list[list[str]]:
    """Group texts into statements of `sentences` each; a smaller rest is left out."""
    return [
        list(texts[start : start + sentences])
        for start in range(0, len(texts) - sentences + 1, sentences)
    ]
