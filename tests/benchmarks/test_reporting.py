"""Tables, and the sections of docs/benchmarks.md."""

from pathlib import Path

from benchmarks.report.sections import parse_sections, write_section
from benchmarks.report.table import table


def test_a_table_lines_its_columns_up():
    text = table(("engine", "rate"), [("torch", "5"), ("ours", "1,234")])

    assert text.splitlines() == [
        "| engine |  rate |",
        "| ------ | ----: |",
        "| torch  |     5 |",
        "| ours   | 1,234 |",
    ]


def test_a_run_replaces_its_own_section_and_leaves_the_others(tmp_path: Path):
    path = tmp_path / "docs" / "benchmarks.md"
    write_section(path, "Under load", "old load")
    write_section(path, "Engines", "engines\n\n| a |")

    write_section(path, "Under load", "new load")

    assert parse_sections(path.read_text()) == {
        "Engines": "engines\n\n| a |",
        "Under load": "new load",
    }
    assert path.read_text().startswith("# Benchmarks\n")
    assert list(path.parent.iterdir()) == [path]


def test_sections_stand_in_one_order_whatever_ran_first(tmp_path: Path):
    path = tmp_path / "benchmarks.md"
    for title in ("Soak", "Other servers", "Engines"):
        write_section(path, title, "…")

    assert list(parse_sections(path.read_text())) == ["Engines", "Other servers", "Soak"]
