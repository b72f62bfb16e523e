"""Pages are filled in completely, and what people wrote cannot become markup."""

from dataclasses import replace
from pathlib import Path

import jinja2
import pytest

from data.annotation.annotation import Annotation
from model.stance import Stance
from tests.fakes import FakeClassifier
from training.report.render import render
from training.report.write import EvaluationPlan, write_report

PROVENANCE = {
    "base_model": "tiny",
    "counts": {"train": 8},
    "parity": {"fp32": 0.0},
    "seconds": 1,
    "energy": "none measured",
    "cpu": "any",
    "sources": {"tests": 8},
}


def test_a_value_that_was_not_given_is_an_error_not_a_gap():
    with pytest.raises(jinja2.UndefinedError, match="manifest"):
        render("card.md")


def test_a_sentence_with_markup_is_shown_as_it_was_written(tmp_path: Path):
    rows = [
        Annotation(f"<b>Stop & go</b> {n}, a demand.", labels, doc=f"d{n}")
        for n, labels in enumerate([(), (Stance.DEMAND,)] * 4)
    ]
    classifier = FakeClassifier()
    classifier.manifest = replace(classifier.manifest, provenance=PROVENANCE)

    write_report(tmp_path, classifier, rows, EvaluationPlan({"<i>more": rows}))

    page = (tmp_path / "report" / "index.html").read_text()
    assert "&lt;b&gt;Stop &amp; go&lt;/b&gt; 0, a demand." in page
    assert "Measured besides: &lt;i&gt;more" in page
    assert "<b>" not in page
    assert "<i>" not in page
    card = (tmp_path / "README.md").read_text()
    assert "### Measured besides: <i>more" in card
    assert "{{" not in page + card
