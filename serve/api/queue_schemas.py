"""The wire of /v1/queue: sentences worth a human's time, with the reason."""

from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from data.store.pool import Candidate
from data.store.queue import MIN_LENGTH, Asked, Reason, Strategy
from model.stance import Stance
from serve.api.annotation_schemas import NAMED


class QueueQuery(BaseModel):
    """How many sentences, of which kind, and whether with suggestions."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(
        20, ge=MIN_LENGTH, le=500, description="a shorter queue could not hold every reason"
    )
    strategy: Strategy = Field(
        Strategy.MIXED, description="the reason of most; a fifth is drawn at random with each"
    )
    suggestions: bool = Field(
        default=False,
        description="show what the model says, which is recorded: answers tend to follow it",
    )
    annotator: str | None = Field(
        None,
        max_length=200,
        pattern=NAMED,
        description="to whom suggestions are shown; none: to whoever answers",
    )


class Suggestion(BaseModel):
    """What a model said of a sentence."""

    version: str
    labels: list[Stance]
    scores: dict[Stance, float]

    @classmethod
    def of(cls, said: Candidate | None) -> Self | None:
        """The wire's form of what was said, if anything was."""
        if said is None:
            return None
        return cls(version=said.version, labels=list(said.labels), scores=dict(said.scores))


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
        """The wire's form of a sentence of the queue."""
        return cls(
            item=asked.item,
            text=asked.text,
            doc=asked.doc,
            n=asked.n,
            reason=asked.reason,
            suggestion=Suggestion.of(asked.suggestion) if suggestions else None,
        )


class Queue(BaseModel):
    """Sentences worth a human's time: conflicts first, the other reasons in turns."""

    sentences: list[QueuedSentence]
