"""The trainable network as a small file: half precision, without what the base package has anyway.

Retraining starts from it. Rounding to fp16 moves no probability by more than 1e-3 (a test says so).
"""

from pathlib import Path

import torch
from safetensors.torch import load_file, save
from transformers import PreTrainedModel

from model.errors import ArtifactCorrupt
from training.fit.network import Base


def save_checkpoint(path: Path, network: PreTrainedModel, base: Base) -> None:
    """Write the weights; those that equal the base model's are left out."""
    pretrained = base.network(seed=0).state_dict()
    kept = {
        name: value.half().contiguous()
        for name, value in network.state_dict().items()
        if value.is_floating_point() and not torch.equal(value, pretrained[name])
    }
    # save_file lets only its writer read the file, and a service runs as somebody else
    path.write_bytes(save(kept, metadata={"base_model": base.name}))


def load_checkpoint(path: Path, base: Base) -> PreTrainedModel:
    """The network of a checkpoint, in fp32, on the base model it was tuned from.

    Raises:
        ArtifactCorrupt: the file holds weights that the base model has no place for.
    """
    network = base.network(seed=0)
    kept = {name: value.float() for name, value in load_file(path).items()}
    unknown = set(kept) - set(network.state_dict())
    if unknown:
        raise ArtifactCorrupt(f"{path} does not fit {base.name}: {sorted(unknown)[:3]}")
    network.load_state_dict(kept, strict=False)
    network.eval()
    return network
