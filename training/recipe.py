"""What trains: every choice of a training run, read from one TOML file."""

from pathlib import Path
from typing import Annotated

from pydantic import ConfigDict, Field, ValidationInfo, field_validator
from pydantic.dataclasses import dataclass

from model.engines.choose import OPENVINO_FP32, OPENVINO_INT8
from training.toml_file import fault, one_of, read_toml

RECIPES = Path(__file__).parent / "recipes"
BASE = "base"  # as `start`: the pretrained base model, not the checkpoint of a trained one
FROM_START = "start"  # as `careful`: the second network of the model that `start` names

Share = Annotated[float, Field(ge=0, le=1)]


@dataclass(frozen=True, config=ConfigDict(strict=True, extra="forbid"))
class Recipe:
    """The choices of a run; training/recipes/default.toml explains each with its reason.

    Recipes written before there were second networks lack the last four.
    """

    base_model: str
    start: str
    frozen_layers: Annotated[int, Field(ge=0, le=100)]
    max_window: Annotated[int, Field(ge=8, le=8192)]
    mask_names: bool
    freeze_word_embeddings: bool
    folds: Annotated[int, Field(ge=0, le=20)]
    max_epochs: Annotated[int, Field(ge=1, le=1000)]
    patience: int
    batch_sentences: Annotated[int, Field(ge=1, le=4096)]
    learning_rate: float
    head_learning_rate: float
    weight_decay: float
    dropout: Share
    warmup_share: Share
    ema_decay: Share
    hard_weight: Share
    extra_weight: Share
    soft_share: Share
    teacher: str
    seed: int
    precision: Annotated[str, one_of("auto", "fp32", "bf16")]
    engine: Annotated[str, one_of(OPENVINO_FP32, OPENVINO_INT8)]
    min_positives: int
    layers: Annotated[int, Field(ge=0, le=100)] = 0
    min_token_count: Annotated[int, Field(ge=0)] = 0
    careful: str = ""
    asked_twice: Annotated[float, Field(gt=0, lt=1)] = 0.25

    @field_validator("folds")
    @classmethod
    def _folds_divide(cls, folds: int) -> int:
        if folds == 1:
            raise fault("2 or more; or 0, to calibrate on the dev part")
        return folds

    @field_validator("teacher")
    @classmethod
    def _soft_labels_have_one_source(cls, teacher: str, info: ValidationInfo) -> str:
        """Soft labels come from a teacher or from the folds, never from both or from neither."""
        folds, soft_share = info.data.get("folds"), info.data.get("soft_share")
        if folds is None or soft_share is None:  # faulty themselves, and told as such
            return teacher
        if teacher and (folds or not soft_share):
            raise fault("a file only with soft_share above 0 and no folds")
        if not teacher and soft_share and not folds:
            raise fault("a file, as soft_share is above 0 without folds; or folds of 2 or more")
        return teacher

    @field_validator("careful")
    @classmethod
    def _a_start_has_the_careful_one(cls, careful: str, info: ValidationInfo) -> str:
        if careful == FROM_START and info.data.get("start") == BASE:
            raise fault("a model folder or a recipe (.toml), as the start is no model")
        return careful


def read_recipe(path: Path) -> Recipe:
    """Read a recipe; every field must be there and no other.

    Raises:
        InvalidData: with every fault of the file.
    """
    return read_toml(path, Recipe)
