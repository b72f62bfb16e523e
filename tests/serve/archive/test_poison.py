"""A part over which workers die: all its documents are scored but the one that kills."""

import pytest

from model.repeats import ScoreOnce
from serve.archive.documents import Document
from serve.archive.parts import Part
from serve.archive.poison import score_apart
from serve.archive.scoring import PartScorer, ScoredPart
from tests.fakes import FakeClassifier


def part(*texts: str) -> Part:
    made = Part(7)
    for n, text in enumerate(texts):
        made.add(Document(n, text, {"actor": "north"}, "", n + 1, n + 1))
    return made


@pytest.mark.parametrize("killer", [0, 2, 4])
def test_what_kills_is_rejected_alone(killer: int):
    scorer = PartScorer(ScoreOnce(FakeClassifier()))
    texts = [f"They voiced agreement {n}." for n in range(5)]
    whole = part(*[text for n, text in enumerate(texts) if n != killer])
    texts[killer] = "POISON."

    def fragile(some: Part) -> ScoredPart | None:
        return None if any("POISON" in d.text for d in some.documents) else scorer(some)

    apart = score_apart(part(*texts), fragile)

    assert apart.rejected == {"killer": 1}
    assert apart.number == 7
    assert apart.counts["documents"] == 4
    assert apart.columns == scorer(whole).columns
    assert apart.sentences.count(b"\n") == 4
    assert b'"record": %d' % (killer + 1) in apart.rejects
