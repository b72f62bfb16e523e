"""The three stances; their order is the order of the logits everywhere."""

from enum import StrEnum


class Stance(StrEnum):
    """What a sentence may express: one of them, several, or none."""

    AGREEMENT = "agreement"
    CRITICISM = "criticism"
    DEMAND = "demand"


STANCES: tuple[Stance, ...] = tuple(Stance)
