"""The limits that a candidate must keep, read from one TOML file."""

from pathlib import Path
from typing import Annotated

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from training.toml_file import read_toml

LIMITS = Path(__file__).parents[1] / "gates.toml"


@dataclass(frozen=True, config=ConfigDict(strict=True, extra="forbid"))
class PromotionLimits:
    """One limit a rule; training/gates.toml explains each with its unit and reason."""

    test_macro_f1_low: float
    test_label_f1: float
    confidence: Annotated[float, Field(gt=0, lt=100)]
    own_macro_f1: float
    own_label_f1: float
    own_positives: float
    critical_newly_failed: float
    critical_wish: float
    behaviour: float
    calibration_error: float
    calibration_error_more: float
    time_ratio: float
    served_megabytes: float


def read_limits(path: Path = LIMITS) -> PromotionLimits:
    """Read the limits; every one must be there and no other.

    Raises:
        InvalidData: with every fault of the file.
    """
    return read_toml(path, PromotionLimits)
