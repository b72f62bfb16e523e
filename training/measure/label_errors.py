"""Find users' judgements that are probably label errors, by a model that never saw them.

Confident learning (Northcutt et al. 2021, in cleanlab): for each stance, the mean probability of
the sentences labelled with it, and of those without it, is the threshold from which a sentence is
confidently the opposite of its label.
"""

from collections.abc import Sequence

import numpy as np
from cleanlab.multilabel_classification.filter import find_label_issues

from data.annotation.annotation import Annotation, normalised_text
from data.annotation.split import Split, part_of
from data.judgements.event_checks import parse_time
from data.judgements.resolve import Resolved, to_annotations
from data.store.pool import Suspect
from model.classifier import StanceClassifier
from model.stance import STANCES


def unseen(resolved: Sequence[Resolved], corpus: Split, *, since: str | None) -> list[Resolved]:
    """Return the decided sentences that a model was not fitted on.

    These are the test documents, and what was first judged after the model was trained, at `since`
    (ISO 8601). None means that it was trained on the train and dev parts of the corpus alone.
    """
    moment = None if since is None else parse_time(since)
    fitted = {normalised_text(each.text) for each in [*corpus.fitted, *corpus.dev]}
    fresh = []
    for each in resolved:
        if each.usable and normalised_text(each.origin.text) not in fitted:
            (annotation,) = to_annotations([each])
            later = moment is None or min(act.at for act in each.judgements) > moment
            if later or part_of(annotation.group) == "test":
                fresh.append(each)
    return fresh


def find_label_errors(
    classifier: StanceClassifier, judged: Sequence[Resolved], measured: Sequence[Annotation]
) -> list[Suspect]:
    """Return the judged sentences whose labels are probably wrong, least probable first.

    The classifier must have been fitted on none of them and on none of `measured`, the corpus's
    test documents; a few judgements alone say too little about how sure it usually is.
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
