"""The wire of /v1/annotations: judgements in, resolved sentences out."""

from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from data.judgements.event import Act, Event
from data.judgements.judgement_row import MAX_NAME, MAX_PLACE, NAMED, JudgementRow
from data.judgements.resolve import Resolved, Status
from data.store.store import Appended
from model.errors import Fault
from model.stance import Stance
from serve.api.schemas.field_limits import few_fields


class AnnotationsRequest(BaseModel):
    """Judgements of sentences; a fault in any rejects all, unless `accept_valid` is set."""

    model_config = ConfigDict(extra="forbid", strict=True)

    # data/judgements/event_checks.py says what is wrong with a row, once they are not too many
    annotations: list[Any] = Field(
        min_length=1,
        json_schema_extra={"items": JudgementRow.model_json_schema()},
        examples=[[{"text": "They must leave.", "labels": ["demand"], "annotator": "anna"}]],
    )
    accept_valid: bool = Field(False, description="store the valid ones, report the others")
    lead: bool = Field(
        False,
        description="let the parties to a conflict adjudicate it; where keys are needed, only with "
        "the scope adjudicate, which says so for every request",
    )

    @model_validator(mode="before")
    @classmethod
    def _few_fields(cls, fields: Any) -> Any:  # noqa: ANN401 - whatever was sent
        return few_fields(fields)


class AnnotationsQuery(BaseModel):
    """Which sentences to list; an unknown parameter is refused, since it is likely misspelt."""

    model_config = ConfigDict(extra="forbid")

    after: int = Field(0, ge=0, le=MAX_PLACE, description="`next` of the page before")
    limit: int = Field(100, ge=1, le=1000)
    doc: str | None = Field(None, max_length=200, pattern=r"^[^\x00]*$")
    item: str | None = Field(None, pattern="^[0-9a-f]{64}$", description="one sentence")
    annotator: str | None = Field(
        None, max_length=MAX_NAME, pattern=NAMED, description="who has judged them"
    )
    status: Status | None = None
    contested: bool | None = Field(
        None, description="true: adjudicated, and labelled otherwise since"
    )


class Judgement(BaseModel):
    """The latest judgement of one annotator; `labels` is null for a skip."""

    annotator: str
    act: Act
    labels: list[Stance] | None
    at: str
    suggested_by: str | None

    @classmethod
    def of(cls, event: Event) -> Self:
        """Convert an event."""
        return cls(
            annotator=event.annotator,
            act=event.act,
            labels=None if event.act == Act.SKIP else list(event.labels),
            at=event.at,
            suggested_by=event.suggested_by,
        )


class ResolvedSentence(BaseModel):
    """One sentence with all judgements of it and their outcome."""

    item: str = Field(
        description="sha256 of the normalised text or, where a document is named, of both"
    )
    text: str
    doc: str | None
    n: int | None
    status: Status
    labels: list[Stance] = Field(description="what is decided; [] means none")
    disputed: list[Stance] = Field(description="the labels that a conflict is about")
    judgements: list[Judgement]
    contrary: list[Judgement] = Field(
        description="labels given after the adjudication that differ from it"
    )

    @classmethod
    def of(cls, resolved: Resolved) -> Self:
        """Convert a resolved sentence."""
        return cls(
            item=resolved.item,
            text=resolved.origin.text,
            doc=resolved.origin.doc,
            n=resolved.origin.n,
            status=resolved.status,
            labels=list(resolved.labels),
            disputed=list(resolved.disputed),
            judgements=[Judgement.of(event) for event in resolved.judgements],
            contrary=[Judgement.of(event) for event in resolved.contrary],
        )


class AnnotationsStored(BaseModel):
    """What was done with the judgements sent; those counted are on disk."""

    added: int
    known: int = Field(description="were stored before; nothing changed")
    rejected: list[dict[str, str]] = Field(description="faults, if valid ones were accepted")
    sentences: list[ResolvedSentence] = Field(description="those sent, with their outcome now")
    notes: list[str] = Field(description="what is not as the sender may think, such as names")


class AnnotationsPage(BaseModel):
    """Sentences in the order they first came; `next` is the `after` of the next page, or null."""

    sentences: list[ResolvedSentence]
    next: int | None


def stored_response(
    appended: Appended, faults: list[Fault], resolved: list[Resolved]
) -> AnnotationsStored:
    """Build the response of POST /v1/annotations."""
    return AnnotationsStored(
        added=appended.added,
        known=appended.known,
        rejected=[fault_item(fault) for fault in faults],
        sentences=[ResolvedSentence.of(each) for each in resolved],
        notes=list(appended.notes),
    )


def fault_item(fault: Fault) -> dict[str, str]:
    """Convert a row's fault to an item of a problem's `errors`; its pointer counts rows from 0."""
    # the name of an unknown field comes from the row, and may hold anything
    field = fault.field.encode("utf-8", "backslashreplace").decode()
    return {
        "pointer": f"/annotations/{fault.line - 1}/{field}".removesuffix("/row"),
        "code": fault.code,
        "detail": f"got {fault.got}; {fault.valid}",
    }
