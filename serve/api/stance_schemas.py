"""The wire of /v1/classify: a statement or sentences in, stances per sentence out."""

import difflib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

from model.scored import ScoredSentence
from model.stance import STANCES, Stance
from model.text.units import CLAIMS, Kind, Layout
from serve.api.field_limits import few_fields
from serve.scoring.reading import Reading
from serve.scoring.result import ScoringResult

# only shown in the OpenAPI document; model/text/checks.py checks texts, with better messages
SOME_TEXT = r"^[^\x00]*[^\s\x00][^\x00]*$"
_ONE_OF: JsonDict = {"oneOf": [{"required": ["text"]}, {"required": ["sentences"]}]}
LayoutName = Literal["auto", "wrapped", "one_sentence_per_line", "paragraphs"]
LAYOUT = (
    "how the lines of the text are to be taken: decided place by place (auto), as lines of "
    "paragraphs (wrapped), one sentence a line, or one paragraph a line"
)
WHOLE_QUOTATIONS = "whether a quotation of several sentences stays one"


class ClassifyRequest(BaseModel):
    """A statement, to be split into sentences, or sentences, each scored as one unit."""

    model_config = ConfigDict(extra="forbid", strict=True, json_schema_extra=_ONE_OF)

    text: str = Field(
        default="",
        examples=["We welcome the truce. Both sides must now release the prisoners."],
        json_schema_extra={"pattern": SOME_TEXT},
    )
    # the items are checked one by one only once it is known that they are not too many
    sentences: list[Any] = Field(
        default=[],
        examples=[["We welcome the truce."]],
        json_schema_extra={"minItems": 1, "items": {"type": "string", "pattern": SOME_TEXT}},
    )
    layout: LayoutName | None = Field(default=None, description=LAYOUT)
    whole_quotations: bool | None = Field(default=None, description=WHOLE_QUOTATIONS)
    spans: list[Any] = Field(
        default=[],
        description="with text: your own sentences, as [start, end) in Unicode code points",
        json_schema_extra={
            "items": {
                "type": "array",
                "items": {"type": "integer", "minimum": 0},
                "minItems": 2,
                "maxItems": 2,
            }
        },
    )

    @model_validator(mode="before")
    @classmethod
    def _known_fields(cls, fields: Any) -> Any:  # noqa: ANN401 - whatever was sent
        few_fields(fields)
        if isinstance(fields, dict) and (unknown := sorted(set(fields) - set(cls.model_fields))):
            raise PydanticCustomError(
                "unknown_field",
                "{unknown}; the fields are {known}",
                {
                    "unknown": "; ".join(map(_unknown, unknown)),
                    "known": ", ".join(cls.model_fields),
                },
            )
        return fields

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        given = self.model_fields_set
        if len(given & {"text", "sentences"}) != 1:
            raise PydanticCustomError(
                "exactly_one", "send either text or sentences, exactly one of them"
            )
        if "sentences" in given and len(given) > 1:
            raise PydanticCustomError(
                "only_with_text",
                "{fields} only go with text: sentences are taken as they are",
                {"fields": ", ".join(sorted(given - {"sentences"}))},
            )
        return self

    @property
    def is_text(self) -> bool:
        """Whether a statement was sent, and not sentences."""
        return "text" in self.model_fields_set


def _unknown(field: str) -> str:
    near = difflib.get_close_matches(field, ClassifyRequest.model_fields, n=1)
    return f"there is no field {field[:40]!r}" + (f", did you mean {near[0]}?" if near else "")


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
        "them without one; speakers, furniture and attributions are counted apart"
    )
    warnings: list[ClassifyWarning] | None = None


def reading_of(body: ClassifyRequest, layout: str | None, *, whole_quotations: bool) -> Reading:
    """How the text is to be read; what the body says goes before the query's parameters."""
    whole = whole_quotations if body.whole_quotations is None else body.whole_quotations
    return Reading(
        layout=Layout(body.layout or layout or Layout.AUTO),
        whole_quotations=whole,
        spans=tuple((start, end) for start, end in body.spans),
    )


def classify_response(
    result: ScoringResult, *, text: str | None = None, left_out: Mapping[str, int] | None = None
) -> ClassifyResponse:
    """Build the response of POST /v1/classify."""
    return ClassifyResponse(
        model=model_name(result),
        text=text,
        sentences=[SentenceStances(**row.to_fields()) for row in result.scored],
        summary=summary(result.scored),
        warnings=list(warnings(result, left_out)) or None,
    )


def model_name(result: ScoringResult) -> ModelName:
    """Which model a result is of."""
    return ModelName(version=result.manifest.version, labels=list(STANCES))


def summary(scored: Sequence[ScoredSentence]) -> dict[str, int]:
    """Count sentences by stance and by kind."""
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
