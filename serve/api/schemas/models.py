"""The wire of /v1/model and /v1/models: the model in service, and all of the registry."""

from typing import Any

from pydantic import BaseModel, Field

from model.stance import Stance


class StanceDecision(BaseModel):
    """How a stance is decided: from the threshold on; uncertain from low to high."""

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
