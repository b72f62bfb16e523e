"""Scored documents as rows: one a sentence, or one a document with sums over its sentences."""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from model.scored import ScoredSentence
from model.stance import STANCES
from model.text.units import CLAIMS
from serve.archive.documents import Document

# The columns of a row of each kind, in order; what the records had besides comes after them.
SENTENCE_COLUMNS = (
    *("id", "file", "index", "start", "end", "text", "kind", "parts", "mark", "speaker", "turn"),
    *("attribution", "labels", "scores", "uncertain", "windows", "language", "model"),
)
_KINDS = {"headings": "heading", "speakers": "speaker", "furniture": "furniture"}
_KINDS |= {"attributions": "attribution"}
COUNTS = ("sentences", *STANCES, "none", *_KINDS, "uncertain", "foreign")
DOCUMENT_COLUMNS = ("id", "file", "characters", *COUNTS, "scores", "model")
SCORES = tuple(
    f"score_{stance}" for stance in STANCES
)  # in tables, which have no columns in columns
_OWN = re.compile(rf"(input_)*({'|'.join({*SENTENCE_COLUMNS, *DOCUMENT_COLUMNS, *SCORES})})")

encoded = json.JSONEncoder(ensure_ascii=False).encode


def carried(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a record under names that no column of ours has: `speaker` as input_speaker."""
    return {
        (f"input_{name}" if _OWN.fullmatch(name) else name): value for name, value in fields.items()
    }


def sentence_lines(
    document: Document, scored: Sequence[ScoredSentence], foreign: Mapping[int, str], version: str
) -> str:
    """Write a line of JSON for each sentence of a document."""
    start = encoded(_named(document))[:-1] + ", "
    end = encoded({"model": version, **carried(document.fields)})[1:] + "\n"
    lines = []
    for row in scored:
        fields = encoded(row.to_fields())[1:-1]
        code = foreign.get(row.sentence.index)
        language = f', "language": "{code}", ' if code else ", "
        lines.append(f"{start}{fields}{language}{end}")
    return "".join(lines)


def document_line(document: Document, counts: Mapping[str, Any], version: str) -> str:
    """Write the line of JSON of a document."""
    fields = {
        **_named(document),
        "characters": len(document.text),
        **counts,
        "model": version,
        **carried(document.fields),
    }
    return encoded(fields) + "\n"


def document_counts(scored: Sequence[ScoredSentence], foreign: Mapping[int, str]) -> dict[str, Any]:
    """Count a document's sentences by stance and kind, as the service's summary does.

    `scores` are means over the sentences that can have a stance; without one there are none.
    """
    claims = [row for row in scored if row.sentence.kind in CLAIMS]
    labels = Counter(label for row in claims for label in row.labels)
    kinds = Counter(row.sentence.kind for row in scored)
    counts: dict[str, Any] = {
        "sentences": len(claims),
        **{str(stance): labels[stance] for stance in STANCES},
        "none": sum(not row.labels for row in claims),
        **{name: kinds[kind] for name, kind in _KINDS.items()},  # type: ignore[index]
        "uncertain": sum(bool(row.uncertain) for row in claims),
        "foreign": len(foreign),
    }
    if claims:
        sums = [sum(row.scores[i] for row in claims) for i in range(len(STANCES))]
        counts["scores"] = {
            s: round(x / len(claims), 4) for s, x in zip(STANCES, sums, strict=True)
        }
    return counts


def _named(document: Document) -> dict[str, Any]:
    return {"id": document.id, **({"file": document.file} if document.file else {})}
