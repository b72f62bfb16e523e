"""Sentences to token windows, and windows to padded batches.

The tokenizer is the `tokenizers` library with truncation and padding switched off once at load:
calls then change no state, so that threads may share it (transformers' fast tokenizers set both on
every call and fail under concurrency: huggingface/tokenizers issue 537).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

Ids = NDArray[np.int64]

# Windows are padded to a multiple of this, and only windows of one padded length share a batch.
# Then nothing in the arithmetic of a window depends on its batch mates: int8 scores are equal to
# the last bit alone and in any batch, where mixed lengths moved them by up to 1.3e-2. Speed is the
# same.
LENGTH_STEP = 8


@dataclass(frozen=True)
class Windows:
    """Token ids of sentences, each as one window or several overlapping ones.

    Attributes:
        ids: every window, special tokens included.
        counts: windows per sentence, (sentences,); the windows of a sentence stand together.
    """

    ids: list[list[int]]
    counts: list[int]


@dataclass(frozen=True)
class TokenBatch:
    """Padded windows: `input_ids` and `attention_mask` are (windows, tokens) int64.

    Attributes:
        rows: the position in `Windows.ids` of each row.
    """

    input_ids: Ids
    attention_mask: Ids
    rows: list[int]


class SentenceEncoder:
    """Turns sentences into token windows of at most `max_window` tokens.

    Attributes:
        step: windows are padded to a multiple of so many tokens.
    """

    step: int = LENGTH_STEP

    def __init__(
        self, tokenizer: Tokenizer, *, max_window: int, pad_id: int, step: int = LENGTH_STEP
    ) -> None:
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self._tokenizer = tokenizer
        self.max_window = max_window
        self.pad_id = pad_id
        self.step = step

    @classmethod
    def from_file(
        cls, path: Path, *, max_window: int, pad_id: int, step: int = LENGTH_STEP
    ) -> "SentenceEncoder":
        """Load a tokenizer.json."""
        return cls(Tokenizer.from_file(str(path)), max_window=max_window, pad_id=pad_id, step=step)

    def encode(self, sentences: Sequence[str]) -> Windows:
        """Tokenise sentences; one that is longer than the window becomes several windows.

        Neighbouring windows share half their tokens, so that any phrase of up to half a window is
        seen whole at least once.
        """
        windows = [
            list(self._windows(encoding))
            for encoding in self._tokenizer.encode_batch_fast(list(sentences))
        ]
        return Windows(
            ids=[ids for each in windows for ids in each], counts=[len(each) for each in windows]
        )

    def _windows(self, encoding: Encoding) -> Iterator[list[int]]:
        ids = encoding.ids
        if len(ids) <= self.max_window:
            yield ids
            return
        special = encoding.special_tokens_mask
        first = special.index(0)
        last = len(special) - special[::-1].index(0)
        prefix, content, suffix = ids[:first], ids[first:last], ids[last:]
        room = self.max_window - len(prefix) - len(suffix)
        stride = room // 2
        for start in range(0, len(content) - room + stride, stride):
            yield [*prefix, *content[start : start + room], *suffix]

    def batches(self, windows: Sequence[list[int]], *, token_budget: int) -> list[TokenBatch]:
        """Group windows of one padded length into batches of at most `token_budget` tokens.

        A window longer than the budget makes a batch of its own.
        """
        lengths = [self._padded_length(len(ids)) for ids in windows]
        groups = length_groups(lengths, token_budget=token_budget)
        return [self.pad(windows, rows) for rows in groups]

    def pad(self, windows: Sequence[list[int]], rows: list[int]) -> TokenBatch:
        """Pad the named windows to one length, that of the longest of them."""
        width = self._padded_length(max(len(windows[row]) for row in rows))
        input_ids = np.full((len(rows), width), self.pad_id, dtype=np.int64)
        attention_mask = np.zeros((len(rows), width), dtype=np.int64)
        for i, row in enumerate(rows):
            ids = windows[row]
            input_ids[i, : len(ids)] = ids
            attention_mask[i, : len(ids)] = 1
        return TokenBatch(input_ids, attention_mask, rows)

    def _padded_length(self, length: int) -> int:
        return min(padded_length(length, self.step), self.max_window)


def padded_length(length: int, step: int = LENGTH_STEP) -> int:
    """Tokens of a window with its padding, where the model's longest window allows it."""
    return -(-length // step) * step


def padded_rows(rows: int, length: int) -> int:
    """The next number of windows of a padded length that batches come in; see `_comes_in`."""
    while not _comes_in(rows, length):
        rows += 1
    return rows


def full_batch(length: int, token_budget: int) -> int:
    """The most windows of a padded length whose tokens fit the budget, of the numbers above."""
    rows = max(1, token_budget // length)
    while not _comes_in(rows, length):
        rows -= 1
    return rows


def _comes_in(rows: int, length: int) -> bool:
    """Whether batches come in so many windows: their tokens are a round number, or they a power.

    For every number of tokens that is new, OpenVINO builds kernels, 5 to 14 MiB in 60 ms, and few
    more for every shape of as many. Round is a multiple of 8 up to 128, then eight numbers to an
    octave: 48 for windows of up to 128 tokens, where numbers of windows four to an octave had 68.
    """
    units = -(-rows * length // LENGTH_STEP)
    round_to = 1 << max(0, units.bit_length() - 4)
    return units % round_to == 0 or rows & (rows - 1) == 0


def length_groups(lengths: Sequence[int], *, token_budget: int) -> list[list[int]]:
    """Positions grouped by equal length, shortest first; a group is at most a full batch."""
    groups: list[list[int]] = []
    for length, same in groupby(
        sorted(range(len(lengths)), key=lengths.__getitem__), key=lengths.__getitem__
    ):
        rows, room = list(same), full_batch(length, token_budget)
        groups += [rows[start : start + room] for start in range(0, len(rows), room)]
    return groups
