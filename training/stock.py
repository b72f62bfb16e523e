"""A network to a folder that `transformers.pipeline` loads and that gives the product's scores."""

import copy
from collections.abc import Sequence
from pathlib import Path

import torch
from transformers import PreTrainedModel

from model.calibration import Platt
from training.network import Base


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
    base.transformers_tokenizer(max_window).save_pretrained(folder)
