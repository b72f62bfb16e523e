"""Sentences to windows to batches: nothing cut, nothing mixed up, no state between calls."""

import statistics
from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.text.tokens import LENGTH_STEP, SentenceEncoder, full_batch, length_groups, padded_rows
from tests.conftest import WORDS, tiny_tokenizer

CLS, SEP = 2, 3


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    return SentenceEncoder(tiny_tokenizer(), max_window=16, pad_id=0)


def test_a_short_sentence_is_one_window_with_special_tokens(encoder: SentenceEncoder):
    windows = encoder.encode(["we welcome peace ."])

    assert windows.counts == [1]
    assert windows.ids[0][0] == CLS
    assert windows.ids[0][-1] == SEP
    assert len(windows.ids[0]) == 6


@pytest.mark.parametrize("length", [14, 15, 16, 27, 28, 29, 100])
def test_a_long_sentence_becomes_overlapping_windows_that_hold_every_token(
    encoder: SentenceEncoder, length: int
):
    words = [WORDS[i % len(WORDS)] for i in range(length)]
    whole = encoder.encode(words).ids  # each word alone: its token
    expected = [ids[1] for ids in whole]

    windows = encoder.encode([" ".join(words)])

    assert all(len(ids) <= 16 and ids[0] == CLS and ids[-1] == SEP for ids in windows.ids)
    position, covered = 0, list[int]()
    for ids in windows.ids:
        content = ids[1:-1]
        assert content == expected[position : position + len(content)]
        covered += range(position, position + len(content))
        position += 7  # half of the 14 tokens of content
    assert set(covered) == set(range(length))


@given(
    st.lists(st.integers(1, 40), max_size=60),
    st.integers(8, 100),
)
def test_groups_hold_every_window_once_within_the_budget(lengths: list[int], budget: int):
    groups = length_groups(lengths, token_budget=budget)

    assert sorted(row for group in groups for row in group) == list(range(len(lengths)))
    for group in groups:
        (length,) = {lengths[row] for row in group}
        assert len(group) == 1 or len(group) * length <= budget


@given(st.integers(8, 300), st.integers(8, 70_000), st.randoms(use_true_random=False))
def test_a_full_batch_needs_no_filling_and_no_smaller_one_becomes_larger(
    length: int, budget: int, draw: Random
):
    most = full_batch(length, budget)
    rows = draw.randint(1, most)

    assert most == 1 or most * length <= budget
    assert padded_rows(most, length) == most
    assert rows <= padded_rows(rows, length) <= most


def test_filling_costs_little_and_leaves_few_numbers_of_tokens():
    shapes = {
        (rows, length): padded_rows(rows, length)
        for length in range(LENGTH_STEP, 129, LENGTH_STEP)
        for rows in range(1, full_batch(length, 1024) + 1)
    }

    assert max(padded / rows for (rows, _), padded in shapes.items()) <= 1.8
    assert statistics.fmean(padded / rows for (rows, _), padded in shapes.items()) <= 1.07
    assert len({padded * length for (_, length), padded in shapes.items()}) == 40


def test_padding_is_masked(encoder: SentenceEncoder):
    windows = encoder.encode(["peace", "we welcome the truce and the talks"])

    batch = encoder.pad(windows.ids, [0, 1])

    assert batch.input_ids.shape == (2, 16)
    assert batch.attention_mask.sum(axis=1).tolist() == [3, 9]
    assert batch.input_ids[0, 3:].tolist() == [0] * 13


@given(st.lists(st.integers(1, 30), min_size=1, max_size=40))
def test_batch_mates_have_one_padded_length(lengths: list[int]):
    encoder = SentenceEncoder(tiny_tokenizer(), max_window=30, pad_id=0)
    windows = [[1] * length for length in lengths]

    for batch in encoder.batches(windows, token_budget=64):
        width = batch.input_ids.shape[1]
        assert width == 30 or width % LENGTH_STEP == 0
        assert all(width - LENGTH_STEP < len(windows[row]) <= width for row in batch.rows)


def test_thirty_two_threads_share_one_encoder(encoder: SentenceEncoder):
    texts = [" ".join(WORDS[: n % 40 + 1]) for n in range(200)]
    expected = encoder.encode(texts)

    with ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(lambda _: encoder.encode(texts), range(64)))

    assert all(answer == expected for answer in answers)
