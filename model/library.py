"""Score texts from Python, as batch scoring does: in order, each once, whatever is among them.

from model import score_texts

for document in score_texts(["We welcome the truce.", "They must leave."]):
    print(document.id, [sentence.labels for sentence in document.sentences])
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from model.artifact.folder import open_artifact
from model.errors import EngineFailure, Fault, InputError
from model.registry.registry import MODELS, SHIPPED, Registry
from model.repeats import ScoreOnce
from model.scored import ScoredSentence
from model.self_test import load_tested_classifier
from model.text.checks import check_text
from model.text.sentences import split_sentences
from model.text.units import Sentence

# Texts are scored together until they hold this many sentences: enough to sort by length.
_CHUNK_SENTENCES = 2048
_ROOT = Path(__file__).parents[1]

Text = str | Mapping[str, Any]


@dataclass(frozen=True)
class ScoredText:
    """What one text comes to.

    Attributes:
        id: its id; its number, from 0, where it has none.
        sentences: with their labels and scores; `to_fields` gives them as the service does.
        fields: what else its row says.
        fault: why it was not scored, and None if it was.
    """

    id: object
    sentences: list[ScoredSentence]
    fields: Mapping[str, Any] = field(default_factory=dict)
    fault: Fault | None = None


def score_texts(
    texts: Iterable[Text],
    *,
    text: str = "text",
    id: str = "id",  # noqa: A002 - the field's name
    model: Path | str | None = None,
) -> Iterator[ScoredText]:
    """Score strings, or rows such as those of a `datasets.Dataset`, one after another.

    Every text gives one answer, in order; a text that cannot be scored gives its fault and stops
    nothing. Texts are taken as they are needed, some thousand sentences ahead, so that memory stays
    flat. A sentence that comes again is not scored again, and gets the same scores to the last bit.

    Args:
        texts: a list, a generator, a split of a data set.
        text: the field of a row that holds the text.
        id: that of its id, which rows need not have.
        model: a model folder; None takes the live model, or the shipped one if none was promoted.

    Raises:
        TypeError: one text instead of several, or a data set of several splits.
        ArtifactError: the model folder cannot be trusted.
    """
    if isinstance(texts, str):
        raise TypeError("score_texts takes several texts: put this one in a list")
    if isinstance(texts, Mapping):
        names = ", ".join(map(str, list(texts)[:5]))
        raise TypeError(f"score_texts takes one split or list of rows: choose one of {names}")
    registry = Registry(_ROOT / MODELS, _ROOT / SHIPPED)
    folder = registry.live() if model is None else Path(model)
    scorer = ScoreOnce(load_tested_classifier(open_artifact(folder)))
    return score_with(scorer, texts, text=text, id=id)


def score_with(
    scorer: ScoreOnce,
    texts: Iterable[Text],
    *,
    text: str = "text",
    id: str = "id",  # noqa: A002 - as above
) -> Iterator[ScoredText]:
    """Score texts with a model that is loaded; see score_texts."""
    chunk: list[tuple[ScoredText, list[Sentence]]] = []
    count = 0
    for number, each in enumerate(texts):
        chunk.append(_read(each, number, text, id))
        count += len(chunk[-1][1])
        if count >= _CHUNK_SENTENCES or len(chunk) >= _CHUNK_SENTENCES:
            yield from _scored(scorer, chunk)
            chunk, count = [], 0
    yield from _scored(scorer, chunk)


def _scored(
    scorer: ScoreOnce, chunk: list[tuple[ScoredText, list[Sentence]]]
) -> Iterator[ScoredText]:
    answers = scorer.score_each([sentences for _, sentences in chunk])
    for (read, sentences), answer in zip(chunk, answers, strict=True):
        if isinstance(answer, EngineFailure):
            fault = Fault("texts", 0, "text", "engine", str(answer), "another text")
            yield ScoredText(read.id, [], read.fields, fault)
        else:
            yield ScoredText(read.id, answer, read.fields, read.fault) if sentences else read


def _read(each: Text, number: int, text: str, named: str) -> tuple[ScoredText, list[Sentence]]:
    row = {text: each} if isinstance(each, str) else each
    if not isinstance(row, Mapping):
        fault = Fault("texts", number, "row", "type", type(row).__name__, "a string or a row")
        return ScoredText(number, [], {}, fault), []
    fields = {name: value for name, value in row.items() if name not in (text, named)}
    content, name = row.get(text), row.get(named, number)
    if not isinstance(content, str):
        got = type(content).__name__
        fault = Fault("texts", number, text, "type", got, f"a string in {text!r}")
        return ScoredText(name, [], fields, fault), []
    try:
        check_text(content, name="the text")
    except InputError as error:
        fault = Fault("texts", number, text, "unusable", repr(content[:40]), str(error))
        return ScoredText(name, [], fields, fault), []
    return ScoredText(name, [], fields), split_sentences(content)
