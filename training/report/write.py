"""A classifier to its report, its card and the metrics of its manifest, inside its model folder."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from data.annotation.annotation import Annotation
from data.annotation.behaviour_suite import Case
from model.artifact.folder import CARD, REPORT_FOLDER
from model.artifact.manifest import Manifest
from model.classifier import StanceClassifier
from training.measure.assess import Assessment, assess, summary
from training.measure.behaviour import behaviour_table
from training.measure.study import Study
from training.report.card import model_card
from training.report.page import study_table, write_report
from training.report.tables import metrics_table, slices_table


@dataclass(frozen=True)
class Yardsticks:
    """What a model is measured on beside the test part, and compared with.

    Attributes:
        measured: named sets of annotations.
        shipped: the model that ships now.
        study: baselines and learning curve on the data that the model was trained on.
    """

    measured: Mapping[str, Sequence[Annotation]] = field(default_factory=dict)
    cases: Sequence[Case] = ()
    shipped: StanceClassifier | None = None
    study: Study | None = None


def document(
    folder: Path,
    classifier: StanceClassifier,
    test: Sequence[Annotation],
    yardsticks: Yardsticks,
) -> Manifest:
    """Measure, write report and card into `folder`, and return the manifest with the metrics."""
    sets = {"test": test, **yardsticks.measured}
    assessment = assess(classifier, sets, yardsticks.cases, yardsticks.shipped)
    write_report(
        folder / REPORT_FOLDER, assessment, classifier.manifest.decisions, yardsticks.study
    )
    manifest = replace(classifier.manifest, metrics=summary(assessment))
    card = model_card(manifest, _tables(assessment, yardsticks.study))
    (folder / CARD).write_text(card, encoding="utf-8")
    return manifest


def _tables(assessment: Assessment, study: Study | None) -> dict[str, str]:
    tables = {}
    for name, examined in assessment.sets.items():
        tables[_title(name)] = metrics_table(examined.metrics)
        if examined.slices:
            tables[f"{_title(name)}, in parts"] = slices_table(examined.slices)
    if assessment.behaviour:
        tables["Behaviour"] = behaviour_table(assessment.behaviour)
    if study:
        tables["Other ways, trained on the same data"] = study_table(study, assessment.predictions)
    return tables


def _title(name: str) -> str:
    return "The test documents" if name == "test" else f"Measured besides: {name}"
