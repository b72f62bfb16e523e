"""Files that are whole or absent, whatever happens while they are written."""

from pathlib import Path

import pytest

from model.durable import replace_text, whole_file, whole_folder


def test_a_whole_file_takes_its_name_when_all_is_written(tmp_path: Path):
    path = tmp_path / "rows.jsonl"

    with whole_file(path) as file:
        file.write("one\n")
        assert not path.exists()
        file.write("two\n")

    assert path.read_text() == "one\ntwo\n"
    assert list(tmp_path.iterdir()) == [path]


def test_what_stood_there_stays_when_writing_fails(tmp_path: Path):
    path = tmp_path / "rows.jsonl"
    path.write_text("before")

    with pytest.raises(RuntimeError), whole_file(path) as file:  # noqa: PT012
        file.write("half")
        raise RuntimeError

    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_text_that_cannot_be_encoded_leaves_the_old_content(tmp_path: Path):
    path = tmp_path / "rows.jsonl"
    path.write_text("before")

    with pytest.raises(UnicodeEncodeError):
        replace_text(path, "\ud800")

    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_whole_folder_takes_its_name_when_all_is_written(tmp_path: Path):
    folder = tmp_path / "new" / "hf"

    with whole_folder(folder) as temporary:
        (temporary / "weights").write_text("1")
        assert not folder.exists()

    assert [path.name for path in folder.iterdir()] == ["weights"]
    assert list(folder.parent.iterdir()) == [folder]


def test_nothing_of_a_folder_remains_when_filling_it_fails(tmp_path: Path):
    with pytest.raises(RuntimeError), whole_folder(tmp_path / "hf") as temporary:  # noqa: PT012
        (temporary / "weights").write_text("1")
        raise RuntimeError

    assert list(tmp_path.iterdir()) == []
