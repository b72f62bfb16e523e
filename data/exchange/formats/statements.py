"""Whole statements with labels by the offsets of sentences; read, not written.

One a line: `{"doc": "d1", "text": "…", "sentences": [{"start": 0, "end": 21, "labels": []}, …]}`.
Offsets count Unicode code points, as POST /v1/classify gives them, and must be those of a
sentence: a label belongs to what the service would score. Sentences that are not listed are not
annotated. Fields beside these hold for every sentence.
"""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from data.annotation.row_checks import Problem
from data.exchange.formats.answers import answer_of
from data.exchange.formats.content import read_values
from data.exchange.formats.options import ReadOptions
from data.exchange.formats.rows import row_of, without
from data.judgements.judgement_row import JUDGING
from data.judgements.rows_to_events import SourceRow
from model.text.sentences import Sentence, split_sentences


def read(path: Path, options: ReadOptions) -> Iterator[SourceRow]:
    """Yield every annotated sentence of every statement."""
    for number, value, problem in read_values(path, options):
        if problem := problem or _form_problem(value):
            yield SourceRow(number, problem=problem)
        elif isinstance(value, dict):
            yield from _rows(value, number, options)


def _form_problem(value: object) -> Problem | None:
    if not isinstance(value, dict):
        return ("row", "type", value, "one JSON object a line")
    if not isinstance(value.get("text"), str):
        return ("text", "type", value.get("text"), "the statement, a string")
    listed = value.get("sentences")
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        return ("sentences", "type", listed, "a list of {start, end, labels}")
    return None


def _rows(statement: Mapping[str, Any], number: int, options: ReadOptions) -> Iterator[SourceRow]:
    text = statement["text"]
    sentences = split_sentences(text)
    shared = without(statement, "text", "sentences")
    shared.setdefault("doc", hashlib.sha256(text.encode(errors="replace")).hexdigest()[:16])
    if not statement["sentences"]:
        yield SourceRow(number, answered=False)
    for listed in statement["sentences"]:
        found = _sentence_at(listed, sentences)
        if isinstance(found, Sentence):
            fields = {**shared, **without(listed, "start", "end")}
            fields |= {"text": found.text, "n": found.index}
            if fields.get("act", "label") in JUDGING and "labels" in fields:
                answer = answer_of(fields.pop("labels"), options)
                yield row_of(number, fields, answer)
            else:
                yield SourceRow(number, fields)
        else:
            yield SourceRow(number, problem=found)


def _sentence_at(listed: Mapping[str, Any], sentences: list[Sentence]) -> Sentence | Problem:
    for name in ("start", "end"):
        if type(listed.get(name)) is not int:
            return (f"sentences.{name}", "type", listed.get(name), "a number of code points")
    start, end = listed["start"], listed["end"]
    if not sentences:
        return ("text", "empty", "", "a statement")
    nearest = min(sentences, key=lambda each: abs(each.start - start) + abs(each.end - end))
    # files of earlier versions count the number or bullet before a sentence as its first word
    starts = {nearest.start} if nearest.mark is None else {nearest.start, nearest.mark[0]}
    if start in starts and nearest.end == end:
        return nearest
    hint = f"did you mean {nearest.start}-{nearest.end}, {nearest.text[:40]!r}?"
    return ("sentences", "not_a_sentence", f"{start}-{end}", hint)
