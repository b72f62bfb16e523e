"""The wire: what POST /v1/classify takes and gives, and what the other routes answer."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

from model.artifact.manifest import Manifest
from model.scored import ScoredSentence
from model.stance import STANCES, Stance

# shown in the OpenAPI document; model/text/checks.py enforces it and says what to do
SOME_TEXT = r"^[^\x00]*[^\s\x00][^\x00]*$"
_ONE_OF: JsonDict = {"oneOf": [{"required": ["text"]}, {"required": ["sentences"]}]}


class ClassifyRequest(BaseModel):
    """A statement, to be split into sentences, or sentences, each scored as one unit."""

    model_config = ConfigDict(extra="forbid", strict=True, json_schema_extra=_ONE_OF)

    text: str = Field(
        default="",
        examples=["We welcome the truce. Both sides must now release the prisoners."],
        json_schema_extra={"pattern": SOME_TEXT},
    )
    sentences: list[str] = Field(
        default=[],
        examples=[["We welcome the truce."]],
        json_schema_extra={"minItems": 1, "items": {"type": "string", "pattern": SOME_TEXT}},
    )

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if len(self.model_fields_set) != 1:
            raise PydanticCustomError(
                "exactly_one", "send either text or sentences, exactly one of them"
            )
        return self

    @property
    def is_text(self) -> bool:
        """Whether a statement was sent, rather than sentences."""
        return "text" in self.model_fields_set


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
    labels: list[Stance] = Field(description="the stances it expresses; [] means none")
    scores: dict[Stance, float] = Field(description="calibrated probability of each stance")
    uncertain: list[Stance] = Field(description="stances the model is often wrong about here")
    windows: int = Field(description="forward passes it took; above 1 if longer than the window")


class ClassifyResponse(BaseModel):
    """The sentences in the order of the text, and how many express what."""

    model: ModelName
    sentences: list[SentenceStances]
    summary: dict[str, int]


class StanceDecision(BaseModel):
    """How a stance is decided: from this probability on, unsure within this band."""

    threshold: float
    uncertain_low: float
    uncertain_high: float
    uncertain_accuracy: float | None = Field(description="share right in the band, held out")


class ModelDescription(BaseModel):
    """The model in service."""

    version: str
    labels: list[Stance]
    engine: str
    base_model: str
    trained: str
    max_window: int
    decisions: dict[Stance, StanceDecision]
    metrics: dict[str, Any]
    limits: dict[str, int]


class ListedModel(BaseModel):
    """One model of the registry."""

    version: str
    state: str = Field(description="live, previous, candidate, blocked or damaged")
    created: str
    macro_f1: float | None
    note: str
    serving: bool = Field(description="whether this service answers with it")


class RefusedModel(BaseModel):
    """A model that this service was to take and did not."""

    version: str
    reason: str
    at: str


class ModelList(BaseModel):
    """The model that answers now, the last one that was refused, and all there are."""

    serving: str
    refused: RefusedModel | None
    models: list[ListedModel]


class Health(BaseModel):
    """A probe's answer."""

    status: str


class Problem(BaseModel):
    """RFC 9457: what went wrong, with a stable `code`."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    errors: list[dict[str, str]] = []


def classify_response(manifest: Manifest, scored: Sequence[ScoredSentence]) -> ClassifyResponse:
    """Build the answer of POST /v1/classify."""
    counts = Counter(label for row in scored for label in row.labels)
    return ClassifyResponse(
        model=ModelName(version=manifest.version, labels=list(STANCES)),
        sentences=[SentenceStances(**row.to_fields()) for row in scored],
        summary={
            "sentences": len(scored),
            **{stance: counts[stance] for stance in STANCES},
            "none": sum(not row.labels for row in scored),
        },
    )
