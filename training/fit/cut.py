"""Cut a network: leave out layers, and rows of the word embeddings."""

from collections.abc import Sequence

import numpy as np
import torch
from transformers import PreTrainedModel

from model.errors import BaseModelError


def keep_layers(network: PreTrainedModel, layers: int) -> None:
    """Keep so many layers of a network, spread evenly from its first to its last; 0 keeps all.

    Of 12 layers 6 are those that DistilBERT was started with: 0, 2, 4, 7, 9 and 11 (Sanh and
    others, 2019).

    Raises:
        BaseModelError: it has no `encoder.layer`, or fewer layers.
    """
    if layers == 0:
        return
    encoder = getattr(network.base_model, "encoder", None)
    if encoder is None or not hasattr(encoder, "layer"):
        name = type(network.base_model).__name__
        raise BaseModelError(f"{name} has no encoder.layer to leave out of: set layers = 0")
    whole = encoder.layer
    if layers > len(whole):
        raise BaseModelError(f"layers is {layers}; the network has {len(whole)}")
    kept = np.linspace(0, len(whole) - 1, layers).round().astype(int).tolist()
    encoder.layer = torch.nn.ModuleList(whole[i] for i in kept)
    network.config.num_hidden_layers = layers


def keep_tokens(network: PreTrainedModel, kept: Sequence[int]) -> None:
    """Keep these rows of the word embeddings, in this order; none keeps all."""
    if not kept:
        return
    whole = network.get_input_embeddings()
    rows = torch.nn.Embedding(len(kept), whole.embedding_dim, padding_idx=whole.padding_idx)
    with torch.no_grad():
        rows.weight.copy_(whole.weight[list(kept)])
    network.set_input_embeddings(rows)
    config, new = network.config, {old: i for i, old in enumerate(kept)}
    config.vocab_size = len(kept)
    for name in ("bos_token_id", "eos_token_id", "sep_token_id", "cls_token_id"):
        if getattr(config, name, None) is not None:
            setattr(config, name, new.get(getattr(config, name)))
