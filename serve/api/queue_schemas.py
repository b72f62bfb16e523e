"""The wire of /v1/queue: the sentences most worth annotating, with the reason."""

from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from data.store.pool import Candidate
from data.store.queue import MIN_LENGTH, Asked, Reason, Strategy
from model.stance import Stance
from serve.api.annotation_schemas import NAMED


class QueueQuery(BaseModel):
    """How many sentences, chosen how, and whether with suggestions."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(
        20, ge=MIN_LENGTH, le=500, description="a shorter queue could not hold every reason"
    )
    strategy: Strategy = Field(
        Strategy.MIXED, description="the reason of most; a fifth is drawn at random with each"
    )
    suggestions: bool = Field(
        default=False,
        description="show the model's labels; this is recorded, as annotators tend to follow them",
    )
    annotator: str | None = Field(
        None,
        max_length=200,
        pattern=NAMED,
        description="who is shown the suggestions; default: anyone who annotates the sentence",
    )


class Suggestion(BaseModel):
    """The labels and scores that a model gave a sentence."""

    version: str
    labels: list[Stance]
    scores: dict[Stance, float]

    @classmethod
    def of(cls, scored: Candidate | None) -> Self | None:
        """Convert a scored sentence; None for one that no model has scored."""
        if scored is None:
            return None
        return cls(version=scored.version, labels=list(scored.labels), scores=dict(scored.scores))


class QueuedSentence(BaseModel):
    """One sentence to annotate; send `reason` back as `selected_by`."""

    item: str = Field(description="sha256 of the normalised text")
    text: str
    doc: str | None
    n: int | None
    reason: Reason
    suggestion: Suggestion | None = Field(description="null unless it was asked for")

    @classmethod
    def of(cls, asked: Asked, *, suggestions: bool) -> Self:
        """Convert a sentence of the queue."""
        return cls(
            item=asked.item,
            text=asked.text,
            doc=asked.doc,
            n=asked.n,
            reason=asked.reason,
            suggestion=Suggestion.of(asked.suggestion) if suggestions else None,
        )


class Queue(BaseModel):
    """Sentences to annotate: disputed ones first, then the other reasons in turn."""

    sentences: list[QueuedSentence]
