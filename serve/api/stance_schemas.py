"""The wire of /v1/classify: a statement or sentences in, stances per sentence out."""

from collections import Counter
from collections.abc import Sequence
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

from model.artifact.manifest import Manifest
from model.scored import ScoredSentence
from model.stance import STANCES, Stance

# only shown in the OpenAPI document; model/text/checks.py checks texts, with better messages
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
        """Whether a statement was sent, and not sentences."""
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
    """The sentences in the order of the text, and how many express each stance."""

    model: ModelName
    sentences: list[SentenceStances]
    summary: dict[str, int]


def classify_response(manifest: Manifest, scored: Sequence[ScoredSentence]) -> ClassifyResponse:
    """Build the response of POST /v1/classify."""
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
