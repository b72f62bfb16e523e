"""A teacher's probabilities go by the hash of the text, and faulty files change nothing."""

from pathlib import Path

import numpy as np
import pytest

from model.errors import InvalidData
from training.fit.soft_labels import read_soft_labels, write_soft_labels


def test_what_was_written_is_said_of_the_same_texts_and_of_no_other(tmp_path: Path):
    path = tmp_path / "teacher.tsv"
    write_soft_labels(path, ["One.", "Zwei ü."], np.array([[0.1, 0.25, 1.0], [0.0, 0.5, 0.75]]))

    teacher = read_soft_labels(path)

    assert teacher.known(["Zwei ü.", "Three.", "One."]) == ["Zwei ü.", "One."]
    gold = np.array([[0, 0, 1], [1, 0, 0]], float)
    assert teacher.of(["Zwei ü.", "Three."], gold).tolist() == [[0.0, 0.5, 0.75], [1, 0, 0]]


def test_no_text_stands_in_the_file_and_its_order_says_nothing(tmp_path: Path):
    rows = np.array([[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]])
    write_soft_labels(tmp_path / "a", ["secret one", "secret two"], rows)
    write_soft_labels(tmp_path / "b", ["secret two", "secret one"], rows[::-1])

    assert "secret" not in (tmp_path / "a").read_text()
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_every_faulty_row_is_told(tmp_path: Path):
    path = tmp_path / "teacher.tsv"
    good = "0123456789abcdef\t0.1\t0.2\t0.3"
    path.write_text("\n".join([good, "short\t0\t0\t0", "0123456789abcdee\t0.1\t2\t0", good[:-4]]))

    with pytest.raises(InvalidData) as raised:
        read_soft_labels(path)

    assert [fault.line for fault in raised.value.faults] == [2, 3, 4]


def test_a_file_that_is_not_there_is_told(tmp_path: Path):
    with pytest.raises(InvalidData, match="unreadable"):
        read_soft_labels(tmp_path / "none.tsv")


def test_it_can_be_made_silent_about_some_texts(tmp_path: Path):
    path = tmp_path / "teacher.tsv"
    write_soft_labels(path, ["One.", "Two."], np.full((2, 3), 0.5))

    assert read_soft_labels(path).without(["Two."]).known(["One.", "Two."]) == ["One."]
