"""A part over which workers die: its documents are tried apart, and what kills is rejected."""

from collections.abc import Callable
from dataclasses import replace

from serve.archive.documents import Reject
from serve.archive.inputs.record import Problem, shown
from serve.archive.outputs.table import merged
from serve.archive.parts import Part
from serve.archive.rows import encoded
from serve.archive.scoring import ScoredPart

Score = Callable[[Part], ScoredPart | None]  # None: whoever scored it died

_TRIES = 3


def score_apart(part: Part, score: Score) -> ScoredPart:
    """Halve a part until what kills is alone; that document is rejected."""
    if len(part.documents) < 2:
        return next(filter(None, (score(part) for _ in range(_TRIES))), None) or _rejected(part)
    middle = len(part.documents) // 2
    first = replace(part, documents=part.documents[:middle])
    second = replace(part, documents=part.documents[middle:], rejects=[])
    halves = [score(half) or score_apart(half, score) for half in (first, second)]
    return _joined(part, halves)


def _rejected(part: Part) -> ScoredPart:
    rejects = list(part.rejects)
    for each in part.documents:
        got = f"{_TRIES} workers died over it"
        problem = Problem("text", "killer", got, "a document that can be scored", shown(each.text))
        rejects.append(Reject(each.file, each.line, each.record, each.id, problem))
    result = ScoredPart(part.number, part.end, part.share)
    result.rejects = "".join(encoded(each.to_fields()) + "\n" for each in rejects).encode()
    result.rejected.update(each.problem.code for each in rejects)
    result.counts["rejects"] = len(rejects)
    return result


def _joined(part: Part, halves: list[ScoredPart]) -> ScoredPart:
    result = ScoredPart(part.number, part.end, part.share)
    for half in halves:
        result.sentences += half.sentences
        result.documents += half.documents
        result.rejects += half.rejects
        result.counts.update(half.counts)
        result.rejected.update(half.rejected)
    result.columns = merged(half.columns for half in halves)
    return result
