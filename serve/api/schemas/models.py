"""The wire of /v1/model and /v1/models: the model in service, and all of the registry."""

from collections.abc import Sequence
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field

from model.artifact.manifest import Careful, Manifest
from model.decide.labels import Decision
from model.decide.second_opinion import Effort
from model.registry.history import RegistryEvent
from model.stance import STANCES, Stance
from serve.scoring.limits import Limits


class StanceDecision(BaseModel):
    """How a stance is decided: from the threshold on; uncertain from low to high."""

    threshold: float
    uncertain_low: float
    uncertain_high: float
    uncertain_accuracy: float | None = Field(description="share right in the band, held out")


class SecondOpinion(BaseModel):
    """The careful network, which reads again what the fast one doubts."""

    engine: str
    base_model: str
    max_window: int
    share: float = Field(description="of held-out sentences that are asked twice, if balanced")
    doubt: float = Field(
        description="a sentence is asked twice if min(p, 1 - p) of a stance is above it"
    )
    weight: float = Field(description="of the careful network's logits, beside the fast one's")
    decisions: dict[Stance, StanceDecision] = Field(description="of what is asked twice")


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
    effort: Effort = Field(
        description="what is asked twice: nothing (fast, and of any model with one network), what "
        "is doubted (balanced), every sentence (careful)"
    )
    second_opinion: SecondOpinion | None = Field(description="null: the model has one network")


def described(manifest: Manifest, effort: Effort, limits: Limits) -> ModelDescription:
    """Describe a model: how it decides, and how well it did when it was evaluated."""
    return ModelDescription(
        version=manifest.version,
        labels=list(STANCES),
        engine=manifest.engine,
        base_model=manifest.provenance["base_model"],
        trained=manifest.provenance["started"],
        max_window=manifest.max_window,
        decisions=_decisions(manifest.decisions),
        metrics=dict(manifest.metrics),
        limits={"characters": limits.characters, "sentences": limits.sentences},
        effort=effort,
        second_opinion=_second_opinion(manifest.careful) if manifest.careful else None,
    )


def _second_opinion(careful: Careful) -> SecondOpinion:
    return SecondOpinion(
        engine=careful.engine,
        base_model=careful.provenance["base_model"],
        max_window=careful.max_window,
        share=careful.share,
        doubt=careful.blend.doubt,
        weight=careful.blend.weight,
        decisions=_decisions(careful.blend.decisions),
    )


def _decisions(decisions: Sequence[Decision]) -> dict[Stance, StanceDecision]:
    return {
        stance: StanceDecision.model_validate(decision, from_attributes=True)
        for stance, decision in zip(STANCES, decisions, strict=True)
    }


class ListedModel(BaseModel):
    """One model of the registry."""

    version: str
    state: str = Field(description="live, previous, candidate, blocked or damaged")
    created: str
    macro_f1: float | None
    macro_f1_interval: tuple[float, float] | None = Field(description="95 %, if it was measured")
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


class ModelChange(BaseModel):
    """Why another model is put into service."""

    model_config = ConfigDict(extra="forbid", strict=True)

    reason: str = Field("", max_length=500, description="for the history")


class ModelEvent(BaseModel):
    """A promotion, forced promotion, rollback or refusal."""

    at: str
    who: str
    action: str
    before: str = Field(description="the version that was live")
    after: str = Field(description="the version that became live, or was refused")
    why: str
    gate: list[dict[str, Any]] = Field(description="the verdict of each rule, if there was one")

    @classmethod
    def of(cls, event: RegistryEvent) -> Self:
        """Convert an event of the registry."""
        return cls(
            at=event.at.isoformat(),
            who=event.who,
            action=str(event.action),
            before=event.before,
            after=event.after,
            why=event.why,
            gate=[dict(each) for each in event.gate if isinstance(each, dict)],
        )


class ModelHistory(BaseModel):
    """What happened to the live model, the newest first."""

    events: list[ModelEvent]
