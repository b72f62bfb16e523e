"""Users' judgements to those whose labels look wrong to a model that never saw them.

Confident learning (Northcutt et al. 2021, by cleanlab): for each stance, the mean probability of
the sentences that have it, and of those that have it not, are what a sentence must exceed to be
confidently of the other kind than its label says.
"""

from collections.abc import Sequence

import numpy as np
from cleanlab.multilabel_classification.filter import find_label_issues

from data.annotation.annotation import Annotation, normalised_text
from data.annotation.split import part_of, split_annotations
from data.judgements.event_checks import parse_time
from data.judgements.resolve import Resolved, to_annotations
from data.store.pool import Suspect
from model.classifier import StanceClassifier
from model.stance import STANCES


def unseen(
    resolved: Sequence[Resolved], corpus: Sequence[Annotation], *, since: str | None
) -> list[Resolved]:
    """The decided sentences that a model was not fitted on.

    Those are the test documents, and what was first judged after the model was trained, `since`
    then (ISO 8601); None means that it was trained on the corpus alone.
    """
    moment = None if since is None else parse_time(since)
    parts = split_annotations(corpus)
    fitted = {normalised_text(each.text) for each in [*parts.fitted, *parts.dev]}
    fresh = []
    for each in resolved:
        if each.usable and normalised_text(each.origin.text) not in fitted:
            (annotation,) = to_annotations([each])
            later = moment is None or min(act.at for act in each.judgements) > moment
            if later or part_of(annotation.group) == "test":
                fresh.append(each)
    return fresh


def find_suspects(
    classifier: StanceClassifier, judged: Sequence[Resolved], measured: Sequence[Annotation]
) -> list[Suspect]:
    """Those of the judged sentences whose labels look wrong, least probable first.

    The classifier was fitted on none of them and none of `measured`, the corpus's test documents,
    which are there because a few judgements alone say too little about how sure it usually is.
    """
    if not judged:
        return []
    labels = [each.labels for each in judged] + [each.labels for each in measured]
    texts = [each.origin.text for each in judged] + [each.text for each in measured]
    scores = np.array([row.scores for row in classifier.classify_each(texts)])
    suspected = find_label_issues(
        [[STANCES.index(stance) for stance in each] for each in labels],
        scores,
        filter_by="confident_learning",
        n_jobs=1,  # more are processes, for a millisecond of work
    )
    given = np.array([[stance in each for stance in STANCES] for each in labels])
    quality = np.where(given, scores, 1 - scores).min(axis=1)
    version = classifier.manifest.version
    found = [
        Suspect(each.item, each.fingerprint, version, float(quality[i]))
        for i, each in enumerate(judged)
        if suspected[i]
    ]
    return sorted(found, key=lambda each: (each.quality, each.item))
