"""What a new report measures and compares with, for `train` and `release`."""

import argparse

from data.annotation.behaviour_suite import read_behaviour
from model.artifact.folder import COMPLETE, open_artifact
from model.classifier import StanceClassifier
from model.registry.registry import SHIPPED
from model.self_test import load_tested_classifier
from training.measure.study_file import read_study
from training.prepare import Sets
from training.report.write import EvaluationPlan


def read_evaluation_plan(
    options: argparse.Namespace, measured: Sets, *, data_fingerprint: str
) -> EvaluationPlan:
    """Read the study that --study names, the behavioural suite and the shipped model.

    Raises:
        InvalidData: the study cannot be read or is of other data than `data_fingerprint`.
        ArtifactError: the shipped model is damaged, or fails its self-test.
    """
    study = read_study(options.study, data_fingerprint=data_fingerprint) if options.study else None
    return EvaluationPlan(measured, read_behaviour(), _open_shipped(), study)


def _open_shipped() -> StanceClassifier | None:
    """Load the model that ships now; None in a project that ships none yet."""
    return load_tested_classifier(open_artifact(SHIPPED)) if (SHIPPED / COMPLETE).exists() else None
