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
from training.fit.smaller import smaller, tokens_of


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
        # of BERT it is the classifier itself, of MPNet and RoBERTa its last layer
        head = getattr(calibrated.classifier, "out_proj", calibrated.classifier)
        head.weight.mul_(slopes[:, None])
        head.bias.mul_(slopes).add_(intercepts)
    calibrated.save_pretrained(folder)
    for weights in folder.glob("*.safetensors"):
        weights.chmod(0o644)  # written for their owner only; a service runs as another user
    base.transformers_tokenizer(max_window).save_pretrained(folder)


def export_hf_folder(artifact: Artifact, folder: Path) -> None:
    """Write such a folder from a model folder's checkpoint, whole or not at all.

    It has the model's fast network; a careful one is a model of its own, made before.

    Raises:
        ArtifactError: `folder` exists already.
        ArtifactMissing: the model has no checkpoint.
    """
    manifest, checkpoint = artifact.manifest, artifact.folder / CHECKPOINT
    if folder.exists():
        raise ArtifactError(f"{folder} exists already: name another folder")
    if not checkpoint.exists():
        raise ArtifactMissing(f"{artifact.folder} has no {CHECKPOINT} to make it from")
    base = _base_of(artifact)
    network, window = load_checkpoint(checkpoint, base), manifest.max_window
    with whole_folder(folder) as temporary:
        write_hf_folder(temporary, network, base, manifest.calibration, max_window=window)


def _base_of(artifact: Artifact) -> BaseEncoder:
    """Open what a model was fine-tuned from, as small as it was made."""
    provenance = artifact.manifest.provenance
    recipe = provenance["recipe"]  # of a model made before there were smaller starts, without them
    base = open_base_encoder(provenance["base_model"], mask_names=recipe["mask_names"])
    tokens = tokens_of(artifact.tokenizer) if recipe.get("min_token_count") else ()
    return smaller(base, layers=recipe.get("layers", 0), tokens=tokens)
