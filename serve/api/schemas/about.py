"""The wire of /v1/codebook and /v1/me."""

from pydantic import BaseModel, Field


class MeaningItem(BaseModel):
    """What a label means."""

    label: str
    definition: str
    examples: str
    not_: str = Field(description="what does not have it, though it may look so")


class RulingItem(BaseModel):
    """How a case is decided."""

    number: int
    case: str
    label: str


class CodebookPage(BaseModel):
    """The codebook; `order` are the steps of a decision."""

    version: int
    meanings: list[MeaningItem]
    order: list[str]
    rulings: list[RulingItem]


class Me(BaseModel):
    """Who asks; `key` is null where no keys are needed."""

    key: str | None
    scopes: list[str]
