"""The pretrained encoder: found, verified, and given a classification head of three logits."""

from dataclasses import dataclass
from typing import Any

import torch
from tokenizers import Regex, Tokenizer, normalizers
from transformers import (
    AutoConfig,
    AutoModelForSequenceClassification,
    AutoTokenizer,
    PreTrainedModel,
    PreTrainedTokenizerFast,
)
from transformers.utils import logging as transformers_logging

from model.errors import BaseModelError
from model.stance import STANCES
from model.text.tokens import SentenceEncoder
from training.fit.cut import keep_layers, keep_tokens
from training.fit.masking import masking_normalizers
from training.fit.packaged import PACKAGED, packaged_folder

# Typographic variants without meaning, each replaced by one form before tokenisation.
_FOLDED = (
    ("[\u2018\u2019\u201a\u201b\u2032]", "'"),
    ("[\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb]", '"'),
    ("[\u2010-\u2015\u2212]", "-"),
    ("\u2026", "..."),
    ("[\u200b-\u200f\u202a-\u202e\u2060\u00ad\ufeff]", ""),
)


@dataclass(frozen=True)
class BaseEncoder:
    """A pretrained encoder with its tokenizer, from which any number of networks can start.

    Attributes:
        layers: how many of its layers they have; 0 for all.
        kept_tokens: the rows of its word embeddings that they have, by its ids; () for all.
    """

    name: str
    source: str
    sha256: str | None
    tokenizer: Tokenizer
    special_tokens: dict[str, Any]
    pad_id: int
    layers: int = 0
    kept_tokens: tuple[int, ...] = ()

    def encoder(self, max_window: int) -> SentenceEncoder:
        """Return the sentence encoder that serving will use too."""
        return SentenceEncoder(self.tokenizer, max_window=max_window, pad_id=self.pad_id)

    def network(self, seed: int) -> PreTrainedModel:
        """Load the pretrained body with a new head; the same seed gives the same head."""
        transformers_logging.set_verbosity_error()
        transformers_logging.disable_progress_bar()
        torch.manual_seed(seed)
        network: PreTrainedModel = AutoModelForSequenceClassification.from_pretrained(
            self.source,
            num_labels=len(STANCES),
            id2label=dict(enumerate(STANCES)),
            label2id={stance: i for i, stance in enumerate(STANCES)},
            problem_type="multi_label_classification",
            use_safetensors=True,  # never fall back to pickled weights
        )
        keep_layers(network, self.layers)
        keep_tokens(network, self.kept_tokens)
        return network

    def transformers_tokenizer(self, max_window: int) -> PreTrainedTokenizerFast:
        """Return the same tokenizer as transformers loads it from a folder."""
        return PreTrainedTokenizerFast(
            tokenizer_object=self.tokenizer, model_max_length=max_window, **self.special_tokens
        )


def set_dropout(network: PreTrainedModel, rate: float) -> None:
    """Set every dropout of a network to one rate, from 0 to 1; it has no effect after training."""
    for module in network.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = rate


def open_base_encoder(name: str, *, mask_names: bool = False) -> BaseEncoder:
    """Find the base model named in a recipe: the packaged one, a folder, or a Hugging Face id.

    `mask_names` makes its tokenizer replace every state name; see training/fit/masking.py.

    Raises:
        BaseModelError: it cannot be found, or the packaged weights are not the published ones.
    """
    packaged = PACKAGED.get(name)
    source = str(packaged_folder(name)) if packaged else name
    try:
        AutoConfig.from_pretrained(source)
        tokenizer = AutoTokenizer.from_pretrained(source, use_fast=True)
    except (OSError, ValueError) as error:
        raise BaseModelError(
            f"base model {name!r} cannot be read; a recipe names one of {sorted(PACKAGED)}, a "
            f"folder or a Hugging Face id: {error}"
        ) from error
    return BaseEncoder(
        name=name,
        source=source,
        sha256=packaged.sha256 if packaged else None,
        tokenizer=_folding(tokenizer.backend_tokenizer, mask_names=mask_names),
        special_tokens=dict(tokenizer.special_tokens_map),
        pad_id=tokenizer.pad_token_id or 0,
    )


def _folding(tokenizer: Tokenizer, *, mask_names: bool) -> Tokenizer:
    """Fold quotes and dashes, and mask names, before the tokenizer's own normalisation."""
    own = [tokenizer.normalizer] if tokenizer.normalizer else []
    folds = [normalizers.Replace(Regex(pattern), text) for pattern, text in _FOLDED]
    masks = masking_normalizers() if mask_names else ()
    tokenizer.normalizer = normalizers.Sequence([*folds, *masks, *own])
    return tokenizer
