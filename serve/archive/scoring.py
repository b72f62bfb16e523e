"""A part to its rows. The same part gives the same bytes, on whichever thread or machine."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from model.errors import EngineFailure
from model.repeats import ScoreOnce
from model.scored import ScoredSentence
from model.text.language import foreign_sentences
from model.text.sentences import split_sentences
from serve.archive.documents import Document, Reject
from serve.archive.inputs.record import Problem, shown
from serve.archive.parts import Part, Place
from serve.archive.rows import (
    COUNTS,
    carried,
    document_counts,
    document_line,
    encoded,
    sentence_lines,
)


@dataclass
class ScoredPart:
    """What a part comes to: lines of JSON, and sums over them. Its texts are let go.

    Attributes:
        columns: the kinds of value of the id and of each field that records carry, by appearance.
    """

    number: int
    end: Place
    share: float = 0.0
    sentences: bytes = b""
    documents: bytes = b""
    rejects: bytes = b""
    counts: Counter[str] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    columns: dict[str, list[str]] = field(default_factory=dict)


class PartScorer:
    """Scores parts. Safe for concurrent calls."""

    def __init__(self, scorer: ScoreOnce) -> None:
        self._scorer = scorer
        self._version = scorer.classifier.manifest.version

    def __call__(self, part: Part) -> ScoredPart:
        """Score a part; a document that the engine cannot score is rejected.

        Raises:
            EngineFailure: the engine scores nothing any more.
        """
        result, rejects = ScoredPart(part.number, part.end, part.share), list(part.rejects)
        sentences, documents = list[str](), list[str]()
        for document, scored in self._scored(part):
            if isinstance(scored, Reject):
                rejects.append(scored)
                continue
            foreign = foreign_sentences([row.sentence for row in scored])
            counts = document_counts(scored, foreign)
            sentences.append(sentence_lines(document, scored, foreign, self._version))
            documents.append(document_line(document, counts, self._version))
            _add(result, document, scored, counts)
        result.sentences, result.documents = _bytes(sentences), _bytes(documents)
        result.rejects = _bytes([encoded(each.to_fields()) + "\n" for each in rejects])
        result.rejected.update(each.problem.code for each in rejects)
        result.counts["rejects"] = len(rejects)
        return result

    def _scored(self, part: Part) -> Iterator[tuple[Document, list[ScoredSentence] | Reject]]:
        answers = self._scorer.score_each([split_sentences(each.text) for each in part.documents])
        for document, answer in zip(part.documents, answers, strict=True):
            if isinstance(answer, EngineFailure):
                problem = Problem("text", "engine", str(answer), "", shown(document.text))
                yield document, _reject(document, problem)
            else:
                yield document, answer


def _reject(document: Document, problem: Problem) -> Reject:
    return Reject(document.file, document.line, document.record, document.id, problem)


def _add(
    result: ScoredPart,
    document: Document,
    scored: list[ScoredSentence],
    counts: Mapping[str, Any],
) -> None:
    result.counts.update({name: counts[name] for name in COUNTS})
    result.counts.update(
        documents=1,
        rows=len(scored),
        characters=len(document.text),
        windows=sum(row.windows for row in scored),
    )
    for name, value in {"id": document.id, **carried(document.fields)}.items():
        kinds = result.columns.setdefault(name, [])
        if (kind := _kind(value)) not in kinds:
            kinds.append(kind)


def _kind(value: object) -> str:
    if type(value) is int and not -(2**63) <= value < 2**63:
        return "other"
    return {str: "str", int: "int", float: "float", bool: "bool", type(None): "null"}.get(
        type(value), "other"
    )


def _bytes(lines: list[str]) -> bytes:
    return "".join(lines).encode()
