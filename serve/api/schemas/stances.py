"""What /v1/classify gives: stances per sentence, counts, warnings."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Literal

from pydantic import BaseModel, Field

from model.stance import STANCES, Stance
from model.text.units import CLAIMS, Kind
from serve.scoring.result import ScoringResult


class ModelName(BaseModel):
    """Which model answered."""

    version: str
    labels: list[Stance]


class SentenceStances(BaseModel):
    """One sentence with its stances; `text` sent `[start:end]`, in Unicode code points."""

    index: int
    start: int
    end: int
    text: str
    kind: Kind = Field(
        description="sentence; heading; speaker (a label such as MR. ODAL:); furniture (page "
        "headers, navigation, credits, rules); attribution (of a quotation that follows). Only "
        "sentences and headings have labels"
    )
    parts: list[tuple[int, int]] | None = Field(
        default=None, description="what is read, where that is not all of start to end"
    )
    mark: tuple[int, int] | None = Field(
        default=None, description="what stands before the sentence: a number, bullet, dateline"
    )
    speaker: str | None = Field(default=None, description="who speaks, as the layout shows it")
    turn: int | None = Field(default=None, description="number of the speaker's turn, from 0")
    attribution: tuple[int, int] | None = Field(
        default=None, description="the words that say whose quotation it is part of"
    )
    labels: list[Stance] = Field(description="the stances it expresses; [] means none")
    scores: dict[Stance, float] = Field(description="calibrated probability of each stance")
    uncertain: list[Stance] = Field(description="stances the model is often wrong about here")
    windows: int = Field(description="forward passes it took; above 1 if longer than the window")
    asked_twice: bool | None = Field(
        default=None, description="true if the careful network read it too"
    )


class ClassifyWarning(BaseModel):
    """What a reader of the answer should know."""

    code: Literal["language", "html_left_out"]
    detail: str
    sentences: list[int] | None = Field(default=None, description="indexes of those concerned")


class ClassifyResponse(BaseModel):
    """The sentences in the order of the text, and how many express each stance."""

    model: ModelName
    text: str | None = Field(
        default=None, description="of an HTML body: its text, to which start and end refer"
    )
    sentences: list[SentenceStances]
    summary: dict[str, int] = Field(
        description="sentences: those that can have a stance, headings among them; none: those of "
        "them without one; speakers, furniture and attributions are counted apart; asked_twice, "
        "if the model has a second network and asks it: those that it read too"
    )
    warnings: list[ClassifyWarning] | None = None


def classify_response(
    result: ScoringResult, *, text: str | None = None, left_out: Mapping[str, int] | None = None
) -> ClassifyResponse:
    """Build the response of POST /v1/classify."""
    return ClassifyResponse(
        model=model_name(result),
        text=text,
        sentences=[SentenceStances(**row.to_fields()) for row in result.scored],
        summary=summary(result),
        warnings=list(warnings(result, left_out)) or None,
    )


def model_name(result: ScoringResult) -> ModelName:
    """Which model a result is of."""
    return ModelName(version=result.manifest.version, labels=list(STANCES))


def summary(result: ScoringResult) -> dict[str, int]:
    """Count sentences by stance and by kind."""
    scored, twice = result.scored, result.asked_twice
    claims = [row for row in scored if row.sentence.kind in CLAIMS]
    labels = Counter(label for row in claims for label in row.labels)
    kinds = Counter(row.sentence.kind for row in scored)
    return {
        "sentences": len(claims),
        **{stance: labels[stance] for stance in STANCES},
        "none": sum(not row.labels for row in claims),
        "headings": kinds["heading"],
        "speakers": kinds["speaker"],
        "furniture": kinds["furniture"],
        "attributions": kinds["attribution"],
        **({} if twice is None else {"asked_twice": twice}),
    }


def warnings(
    result: ScoringResult, left_out: Mapping[str, int] | None = None
) -> Iterator[ClassifyWarning]:
    """What a reader of the answer should know."""
    for language in sorted(set(result.foreign.values())):
        found = sorted(index for index, code in result.foreign.items() if code == language)
        name = (
            "in a language that is not English"
            if language == "und"
            else f"not English ({language})"
        )
        yield ClassifyWarning(
            code="language",
            detail=f"{len(found)} sentences are {name}: the model has only learnt English",
            sentences=found,
        )
    if left_out:
        parts = ", ".join(
            f"{element} ({count:,} characters)" for element, count in left_out.items()
        )
        yield ClassifyWarning(code="html_left_out", detail=f"not read: {parts}")
