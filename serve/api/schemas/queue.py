"""The wire of /v1/queue: the sentences most worth annotating, with the reason."""

from collections.abc import Sequence
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, field_validator

from data.annotation.row_checks import MAX_CHARACTERS
from data.judgements.judgement_row import NAMED, SOME_TEXT
from data.store.candidates.pool import Candidate
from data.store.queue import MIN_LENGTH, Strategy
from data.store.queue_items import QueueItem, Reason
from model.stance import Stance

Around = tuple[Sequence[str], Sequence[str]]

MAX_READINGS = 20  # of one sentence; agreement studies seldom have more than five


class QueueQuery(BaseModel):
    """How many sentences, of which kind. Looking changes nothing; POST hands sentences out."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(
        20, ge=MIN_LENGTH, le=500, description="a shorter queue could not hold every reason"
    )
    strategy: Strategy = Field(
        Strategy.MIXED, description="the reason of most; a fifth is drawn at random with each"
    )
    annotator: str | None = Field(
        None,
        max_length=200,
        pattern=NAMED,
        description="who will read them: none that they judged or that others are reading now",
    )
    readings: int = Field(
        1, ge=1, le=MAX_READINGS, description="how many annotators are to label a sentence"
    )


def _whole(value: object) -> object:
    """3.0 is a number of sentences in JSON, which has no other kind of number."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


class QueueRequest(QueueQuery):
    """What is handed out to read, and whether with suggestions."""

    model_config = ConfigDict(extra="forbid", strict=True)

    strategy: Strategy = Field(Strategy.MIXED, strict=False, description="the reason of most")
    _numbers = field_validator("limit", "readings", "context", mode="before")(_whole)
    suggestions: bool = Field(
        default=False,
        description="show the model's labels; this is recorded, as annotators tend to follow them",
    )
    context: int = Field(
        2, ge=0, le=20, description="sentences around each that are shown, of those kept"
    )
    lease_minutes: float | None = Field(
        30,
        gt=0,
        le=10_080,
        description="how long nobody else is given them, if an annotator is named; null: not",
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

    item: str = Field(
        description="sha256 of the normalised text or, where a document is named, of both"
    )
    text: str
    doc: str | None
    n: int | None
    reason: Reason
    suggestion: Suggestion | None = Field(description="null unless it was asked for")
    before: list[str] = Field([], description="what stood before it, to tell whom pronouns mean")
    after: list[str] = Field([], description="what stood after it")

    @classmethod
    def of(cls, asked: QueueItem, *, suggestions: bool, around: Around = ((), ())) -> Self:
        """Convert a sentence of the queue."""
        before, after = around
        return cls(
            item=asked.item,
            text=asked.text,
            doc=asked.doc,
            n=asked.n,
            reason=asked.reason,
            suggestion=Suggestion.of(asked.suggestion) if suggestions else None,
            before=list(before),
            after=list(after),
        )


class Queue(BaseModel):
    """Sentences to annotate: disputed ones first, then the other reasons in turn."""

    sentences: list[QueuedSentence]
    leased_until: str | None = Field(description="until when nobody else is given them")


class RevealRequest(BaseModel):
    """Whose answer is stored, of which sentence."""

    model_config = ConfigDict(extra="forbid", strict=True)

    text: str = Field(max_length=MAX_CHARACTERS, pattern=SOME_TEXT)
    annotator: str = Field(max_length=200, pattern=NAMED)


class Revealed(BaseModel):
    """What a model said of it."""

    suggestion: Suggestion | None = Field(description="null for a sentence that no model scored")
