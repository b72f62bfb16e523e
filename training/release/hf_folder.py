"""A network to a folder that `transformers.pipeline` loads and that gives the product's scores."""

import copy
from collections.abc import Sequence
from pathlib import Path

import torch
from transformers import PreTrainedModel

from model.artifact.folder import CHECKPOINT, Artifact
from model.decide.calibration import Platt
from model.errors import ArtifactMissing
from training.fit.checkpoint import load_checkpoint
from training.fit.network import Base, open_base


def write_stock_folder(
    folder: Path,
    network: PreTrainedModel,
    base: Base,
    calibration: Sequence[Platt],
    *,
    max_window: int,
) -> None:
    """Weights in safetensors with the calibration folded into the last layer, and the tokenizer.

    A Platt line of a linear layer's output is a linear layer: the stock sigmoid then gives the
    calibrated probability.
    """
    calibrated = copy.deepcopy(network)
    slopes = torch.tensor([platt.slope for platt in calibration])
    intercepts = torch.tensor([platt.intercept for platt in calibration])
    with torch.no_grad():
        head = calibrated.classifier
        head.weight.mul_(slopes[:, None])
        head.bias.mul_(slopes).add_(intercepts)
    calibrated.save_pretrained(folder)
    for weights in folder.glob("*.safetensors"):
        weights.chmod(0o644)  # it lets only its writer read them; a service runs as somebody else
    base.transformers_tokenizer(max_window).save_pretrained(folder)


def write_stock_copy(artifact: Artifact, folder: Path) -> None:
    """The same from a model folder's checkpoint, for a model that is kept without its stock copy.

    Raises:
        ArtifactMissing: the model has no checkpoint, or `folder` exists.
    """
    manifest = artifact.manifest
    recipe = manifest.provenance["recipe"]
    if folder.exists() or not (artifact.folder / CHECKPOINT).exists():
        raise ArtifactMissing(f"{folder} exists, or {artifact.folder} has no {CHECKPOINT}")
    base = open_base(manifest.provenance["base_model"], mask_names=recipe["mask_names"])
    network = load_checkpoint(artifact.folder / CHECKPOINT, base)
    write_stock_folder(folder, network, base, manifest.calibration, max_window=manifest.max_window)
