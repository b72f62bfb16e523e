"""The report of an output: what it counts and withholds, and what lies behind each figure."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from data.annotation.annotation import Annotation
from model.errors import InvalidData, OutputRefused
from serve.archive.report.duplicates import Repeats
from serve.archive.report.make import ReportRequest, check_report, make_report
from serve.archive.report.times import day_of, in_period, period_of, split_option
from serve.archive.report.vocabulary import Vocabulary, vocabulary_of
from tests.serve.archive.archives import lines, many, score, write_jsonl

RATE = {"value": 0.9, "low": 0.85, "high": 0.94}
METRICS = {
    "sentences": 1000,
    "stances": {
        name: {"positives": 200, "recall": RATE, "precision": RATE}
        for name in ("agreement", "criticism", "demand")
    },
    "uncertain": {"share": 0.1},
}
NONE = Vocabulary(frozenset(), 0.0, 0.0)


def report(tmp_path: Path, rows: Any, *, ending: str = ".jsonl", **options: Any) -> dict[str, Any]:
    output = tmp_path / f"out{ending}"
    score(write_jsonl(tmp_path / "in.jsonl", *rows), output)
    vocabulary = options.pop("vocabulary", NONE)
    request = ReportRequest(tmp_path / "r.html", **options)
    make_report(request, output, "v1", METRICS, vocabulary)
    return json.loads((tmp_path / "r.json").read_text())


def figure(made: dict[str, Any], group: str | None = None, time: str | None = None):
    return next(f for f in made["figures"] if (f["group"], f["time"]) == (group, time))


@pytest.mark.parametrize("ending", [".jsonl", ".csv", ".parquet"])
def test_shares_are_counted_by_group_and_time_from_an_output_of_any_format(
    tmp_path: Path, ending: str
):
    made = report(tmp_path, many(60), ending=ending, group="actor", time="month")

    rows = lines(tmp_path / "out.jsonl") if ending == ".jsonl" else None
    whole, north = figure(made), figure(made, "A")
    assert (whole["documents"], north["documents"]) == (60, 30)
    assert figure(made, time="2031-01")["documents"] == 10
    if rows:
        share = sum("agreement" in r["labels"] for r in rows) / len(rows)
        assert whole["shares"]["agreement"]["labelled"][0] == pytest.approx(share)
    low, high = whole["shares"]["agreement"]["labelled"][1:]
    assert low < whole["shares"]["agreement"]["labelled"][0] < high
    assert whole["shares"]["agreement"]["corrected"] is not None
    assert whole["shares"]["agreement"]["powered"] is None


def test_cells_of_few_documents_are_withheld_and_said(tmp_path: Path):
    made = report(tmp_path, many(50), group="actor", time="month")

    thin = figure(made, "A", "2031-01")
    assert (thin["documents"], thin["shares"]) == (9, {})
    assert "(withheld)" in (tmp_path / "r.html").read_text()


def test_every_figure_leads_to_sentences_and_every_chart_says_what_it_leaves_out(tmp_path: Path):
    report(tmp_path, many(60), group="actor", time="month")

    page = (tmp_path / "r.html").read_text()
    targets = set(re.findall(r'<details id="(\w+)"', page))
    links = set(re.findall(r'href="#(\w+)"', page))
    assert links
    assert links <= targets
    assert page.count("<svg") == 6
    assert page.count("Not shown:") == 6
    assert "They voiced agreement" in page


def test_names_of_an_archive_are_text_on_the_page(tmp_path: Path):
    bad = "<script>alert(1)</script>"
    rows = [{**row, "actor": [bad, "south"][n % 2], "text": bad + row["text"]}
            for n, row in enumerate(many(40))]  # fmt: skip

    report(tmp_path, rows, group="actor")

    page = (tmp_path / "r.html").read_text()
    assert bad not in page
    assert "&lt;script&gt;alert(1)" in page


def test_labels_of_the_archive_are_found_and_lead(tmp_path: Path):
    rows = [{"id": n, "text": f"They voiced agreement {n}."} for n in range(100)]
    labels = [
        {"text": f"They voiced agreement {n}.", "labels": ["agreement"] if n % 2 else []}
        for n in range(0, 80)
    ]
    labels += [{"text": "Elsewhere.", "labels": []}]
    labels += [{"text": "They voiced agreement 99.", "labels": [], "selected_by": "uncertain"}]
    given = write_jsonl(tmp_path / "labels.jsonl", *labels)

    made = report(tmp_path, rows, labels=given)

    share = figure(made)["shares"]["agreement"]
    assert share["labelled"][0] == 1.0
    assert share["powered"][0] == pytest.approx(0.5)
    assert share["powered"][1] < 0.5 < share["powered"][2]
    page = (tmp_path / "r.html").read_text()
    assert "80 sentences of this archive" in re.sub(r"\s+", " ", page)
    assert "1 labelled sentences are not in the archive" in re.sub(r"\s+", " ", page)
    assert "1 labels of sentences chosen" in re.sub(r"\s+", " ", page)


def test_near_repeats_are_listed_and_counted_both_ways(tmp_path: Path):
    words = " ".join(f"the council met on item{n} of trade" for n in range(10))
    rows = [{"id": n, "text": f"They voiced demand {n} {n + 7} {n * 3}."} for n in range(20)]
    rows += [{"id": f"copy{n}", "text": f"{words} agreement. Copy {n}."} for n in range(20)]

    made = report(tmp_path, rows)

    listed = lines(tmp_path / "r.duplicates.jsonl")
    assert {row["repeats"]["id"] for row in listed} == {"copy0"}
    assert len(listed) == figure(made)["repeats"] == 19
    share = figure(made)["shares"]["demand"]
    assert share["unrepeated"][0] > share["labelled"][0]


def test_similar_statements_are_found_and_other_ones_are_not():
    text = " ".join(f"word{n}" for n in range(60))
    repeats = Repeats()

    assert repeats.first_like(0, [text]) is None
    assert repeats.first_like(1, [text + " more"]) == 0
    assert repeats.first_like(2, [" ".join(reversed(text.split()))]) is None
    assert repeats.first_like(3, ["?"]) is None


def test_an_archive_unlike_what_was_measured_is_said_to_be(tmp_path: Path):
    corpus = [
        Annotation(text="The council met on trade.", labels=(), doc=f"d{n}") for n in range(5)
    ]
    rows = [{"id": n, "text": f"Quantum agreement entangles photons {n}."} for n in range(20)]

    made = report(tmp_path, rows, vocabulary=vocabulary_of(corpus))

    differs = {sign["name"]: sign["differs"] for sign in made["signs"]}
    assert differs["labelled agreement"]
    assert differs["words that the corpus lacks, in the middle document"]
    assert not differs["sentences in doubt"]
    assert "do not describe this archive" in (tmp_path / "r.html").read_text()


def test_the_same_archive_gives_the_same_report(tmp_path: Path):
    report(tmp_path, many(40), group="actor")
    page = (tmp_path / "r.html").read_bytes()
    (tmp_path / "out.jsonl").unlink()

    report(tmp_path, many(40), group="actor")

    assert (tmp_path / "r.html").read_bytes() == page


def test_columns_that_no_record_has_and_labels_that_are_none_are_refused(tmp_path: Path):
    with pytest.raises(OutputRefused, match="nowhere"):
        report(tmp_path, many(12), group="nowhere")
    labels = write_jsonl(tmp_path / "labels.jsonl", {"text": "x", "labels": ["praise"]})
    with pytest.raises(InvalidData):
        check_report(ReportRequest(tmp_path / "r.html", labels=labels), "sentences")
    with pytest.raises(OutputRefused):
        check_report(ReportRequest(tmp_path / "r.html"), "documents")
    with pytest.raises(OutputRefused):
        check_report(ReportRequest(tmp_path / "r.pdf"), "sentences")


def test_dates_are_read_and_too_many_months_become_years():
    dates = ("2031-05-17", "20310517", "2031-05-17T10:00", "2031", "17 May", None)
    assert [day_of(each) for each in dates] == [*["2031-05-17"] * 3, "2031", None, None]
    assert period_of(["2031-05", None]) == "month"
    assert period_of(f"20{y}-0{m}" for y in range(10, 20) for m in range(1, 9)) == "year"
    assert in_period("2031-05-17", "month") == "2031-05"
    assert in_period("2031", "month") == "no date"
    assert split_option("date:year") == ("date", "year")
    assert split_option("when:said") == ("when:said", None)
