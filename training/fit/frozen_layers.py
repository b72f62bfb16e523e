"""Freeze the lower layers of a network and cache their output, for quick retraining.

Lower layers represent words, upper ones meaning; tuning only the upper quarter keeps nine tenths of
the quality (Lee and others, "What would Elsa do? Freezing layers during transformer fine-tuning",
2019). Every sentence then passes the lower layers once, not once an epoch.
"""

import copy
from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn
from transformers import PreTrainedModel

from model.errors import BaseModelError


class CachedLowerLayers(nn.Module):
    """Replaces the embeddings of a BERT by the cached output of its lower layers.

    The hidden states of a sentence, (tokens, hidden size) in bf16, are cached by its token ids:
    about 25 KB a sentence for 384 dimensions and 32 tokens. They are computed without dropout.
    """

    def __init__(self, body: PreTrainedModel, layers: int, pad_id: int) -> None:
        super().__init__()
        lower = copy.deepcopy(body).eval().requires_grad_(False)
        lower.encoder.layer = lower.encoder.layer[:layers]
        lower.pooler = None
        # in a tuple, so that neither optimiser nor state_dict finds them as weights
        self._lower = (lower,)
        self._cached: dict[tuple[int, ...], torch.Tensor] = {}
        self._pad_id = pad_id

    @property
    def word_embeddings(self) -> nn.Module:
        """The word embeddings, where `get_input_embeddings` looks for them."""
        embeddings: nn.Module = self._lower[0].embeddings.word_embeddings
        return embeddings

    def forward(self, input_ids: torch.Tensor, **_: object) -> torch.Tensor:
        """Return hidden states, (sentences, tokens, hidden size); zero where padded."""
        keys = [_unpadded(row.tolist(), self._pad_id) for row in input_ids]
        if any(key not in self._cached for key in keys):
            self._cache(input_ids, keys)
        hidden = self._lower[0].config.hidden_size
        states = torch.zeros(*input_ids.shape, hidden)
        for i, key in enumerate(keys):
            states[i, : len(key)] = self._cached[key]
        return states

    def _cache(self, input_ids: torch.Tensor, keys: list[tuple[int, ...]]) -> None:
        mask = torch.zeros_like(input_ids)
        for i, key in enumerate(keys):
            mask[i, : len(key)] = 1
        with torch.no_grad():
            hidden = self._lower[0](input_ids=input_ids, attention_mask=mask).last_hidden_state
        for key, row in zip(keys, hidden.bfloat16(), strict=True):
            self._cached[key] = row[: len(key)].clone()


@contextmanager
def frozen_lower_layers(network: PreTrainedModel, layers: int, *, pad_id: int) -> Iterator[None]:
    """Within the block, leave only the layers above the first `layers` in the network.

    Afterwards the network is complete again, its lower layers unchanged.

    Raises:
        BaseModelError: the architecture has no `embeddings` and `encoder.layer`, or too few layers.
    """
    if layers == 0:
        yield
        return
    body = network.base_model
    if not hasattr(body, "embeddings") or not hasattr(getattr(body, "encoder", None), "layer"):
        raise BaseModelError(
            f"{type(body).__name__} has no encoder.layer to freeze: set frozen_layers = 0"
        )
    embeddings, whole = body.embeddings, body.encoder.layer
    if layers >= len(whole):
        raise BaseModelError(f"frozen_layers is {layers}; the network has {len(whole)} layers")
    body.embeddings = CachedLowerLayers(body, layers, pad_id)
    body.encoder.layer = whole[layers:]
    try:
        yield
    finally:
        body.embeddings, body.encoder.layer = embeddings, whole


def _unpadded(ids: list[int], pad_id: int) -> tuple[int, ...]:
    """Drop the padding at the end; a pad token that a text spells out stays."""
    end = len(ids)
    while end and ids[end - 1] == pad_id:
        end -= 1
    return tuple(ids[:end])
