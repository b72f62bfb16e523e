"""Splits: by document, the same for ever."""

from data.annotation.annotation import Annotation
from data.annotation.split import fold_of, part_of, split_annotations


def test_known_documents_stay_where_they_are():
    """Golden values: whoever changes the split moves test sentences into training."""
    assert {doc: part_of(doc) for doc in ("d0101", "d0102", "d0103", "d0104", "d0105")} == {
        "d0101": "train",
        "d0102": "train",
        "d0103": "test",
        "d0104": "dev",
        "d0105": "train",
    }


def test_documents_are_never_torn(corpus: list[Annotation]):
    parts = split_annotations(corpus)
    docs = [{each.doc for each in part} for part in (parts.train, parts.dev, parts.test)]

    assert sum(map(len, docs)) == len(set.union(*docs))
    assert len(parts.train) + len(parts.dev) + len(parts.test) == len(corpus)


def test_new_data_moves_nothing(corpus: list[Annotation]):
    half = split_annotations(corpus[: len(corpus) // 2])
    whole = split_annotations(corpus)

    assert {e.id for e in half.test} <= {e.id for e in whole.test}
    assert {e.id for e in half.train} <= {e.id for e in whole.train}


def test_parts_are_near_their_shares():
    parts = [part_of(f"document-{i}") for i in range(5000)]

    assert 0.18 < parts.count("test") / 5000 < 0.22
    assert 0.08 < parts.count("dev") / 5000 < 0.12


def test_folds_do_not_follow_the_parts():
    folds = [fold_of(f"d{i}", folds=3) for i in range(3000) if part_of(f"d{i}") == "train"]

    assert all(0.29 < folds.count(k) / len(folds) < 0.38 for k in range(3))


def test_a_sentence_without_document_is_its_own_group():
    one, two = Annotation("A sentence.", ()), Annotation("Another.", ())

    assert one.group != two.group
    assert one.group == Annotation("A sentence.", ()).group
