"""A classifier to its report, its card and the metrics of its manifest, inside its model folder."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from data.annotation.annotation import Annotation
from data.annotation.behaviour_suite import Case
from model.artifact.folder import CARD, REPORT_FOLDER
from model.artifact.manifest import Manifest
from model.classifier import StanceClassifier
from training.measure.assess import Assessment, assess, metrics_summary
from training.measure.behaviour import behaviour_table
from training.measure.efforts import AtEffort, by_effort
from training.measure.study import Study
from training.report.card import model_card
from training.report.page import study_table, write_report_folder
from training.report.tables import by_source_table, efforts_table, metrics_table, slices_table


@dataclass(frozen=True)
class EvaluationPlan:
    """What a model is measured on beside the test part, and compared with.

    Attributes:
        measured: further sets of annotations, by name.
        cases: the behavioural suite.
        shipped: the model that ships now.
        study: baselines and learning curve on the data that the model was trained on.
    """

    measured: Mapping[str, Sequence[Annotation]] = field(default_factory=dict)
    cases: Sequence[Case] = ()
    shipped: StanceClassifier | None = None
    study: Study | None = None


def write_report(
    folder: Path,
    classifier: StanceClassifier,
    test: Sequence[Annotation],
    evaluation: EvaluationPlan,
) -> Manifest:
    """Measure, write report and card into a model folder, return its manifest with the metrics."""
    sets = {"test": test, **evaluation.measured}
    assessment = assess(classifier, sets, evaluation.cases, evaluation.shipped)
    decisions, study = classifier.manifest.decisions, evaluation.study
    write_report_folder(folder / REPORT_FOLDER, assessment, decisions, study)
    manifest = replace(classifier.manifest, metrics=metrics_summary(assessment))
    efforts = list(by_effort(classifier, sets))
    card = model_card(manifest, _tables(assessment, study, efforts))
    (folder / CARD).write_text(card, encoding="utf-8")
    return manifest


def _tables(
    assessment: Assessment, study: Study | None, efforts: Sequence[AtEffort]
) -> dict[str, str]:
    """Make the tables of the card, by title."""
    tables = {}
    for name, assessed in assessment.sets.items():
        title = "The test documents" if name == "test" else f"Measured besides: {name}"
        tables[title] = metrics_table(assessed.metrics)
        if assessed.slices:
            tables[f"{title}, in parts"] = slices_table(assessed.slices)
    if efforts:
        tables["A second reading of what is doubted"] = efforts_table(efforts)
    if assessment.behaviour:
        tables["Behaviour"] = behaviour_table(assessment.behaviour)
    if study:
        tables["Other ways, trained on the same data"] = study_table(study, assessment.predictions)
        if study.by_source:
            tables["Sources it has never seen"] = by_source_table(study.by_source)
    return tables
