"""A network to a folder that `transformers.pipeline` loads, with the same scores as serving."""

import copy
from collections.abc import Sequence
from pathlib import Path

import torch
from transformers import PreTrainedModel

from model.artifact.folder import CHECKPOINT, Artifact
from model.decide.calibration import Platt
from model.durable import whole_folder
from model.errors import ArtifactError, ArtifactMissing
from training.fit.checkpoint import load_checkpoint
from training.fit.network import BaseEncoder, open_base_encoder


def write_hf_folder(
    folder: Path,
    network: PreTrainedModel,
    base: BaseEncoder,
    calibration: Sequence[Platt],
    *,
    max_window: int,
) -> None:
    """Write the weights, with the calibration folded into the last layer, and the tokenizer.

    A Platt line of a linear layer's output is a linear layer too, so that the sigmoid of
    `transformers.pipeline` gives the calibrated probability.
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
        weights.chmod(0o644)  # written for their owner only; a service runs as another user
    base.transformers_tokenizer(max_window).save_pretrained(folder)


def export_hf_folder(artifact: Artifact, folder: Path) -> None:
    """Write such a folder from a model folder's checkpoint, whole or not at all.

    Raises:
        ArtifactError: `folder` exists already.
        ArtifactMissing: the model has no checkpoint.
    """
    manifest, checkpoint = artifact.manifest, artifact.folder / CHECKPOINT
    if folder.exists():
        raise ArtifactError(f"{folder} exists already: name another folder")
    if not checkpoint.exists():
        raise ArtifactMissing(f"{artifact.folder} has no {CHECKPOINT} to make it from")
    mask_names = manifest.provenance["recipe"]["mask_names"]
    base = open_base_encoder(manifest.provenance["base_model"], mask_names=mask_names)
    network, window = load_checkpoint(checkpoint, base), manifest.max_window
    with whole_folder(folder) as temporary:
        write_hf_folder(temporary, network, base, manifest.calibration, max_window=window)
