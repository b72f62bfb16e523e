"""A smaller start from a pretrained encoder: some of its layers, some of its tokens."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tokenizers import Tokenizer

from model.artifact.folder import TOKENIZER, open_artifact
from model.errors import BaseModelError
from training.fit.network import BaseEncoder, open_base_encoder
from training.fit.vocabulary import seen_tokens, trimmed
from training.recipe import BASE, Recipe


def open_base(recipe: Recipe, texts: Sequence[str] = ()) -> BaseEncoder:
    """Open the encoder that a recipe names, made as small as it says.

    `texts` are those whose tokens are kept, where the recipe trims; a recipe that starts from a
    trained model keeps the tokens of that.

    Raises:
        BaseModelError: it cannot be found, or not be made smaller.
    """
    base = open_base_encoder(recipe.base_model, mask_names=recipe.mask_names)
    if not recipe.min_token_count:
        return smaller(base, layers=recipe.layers)
    if recipe.start == BASE:
        tokens = seen_tokens(base.tokenizer, texts, at_least=recipe.min_token_count)
    else:
        tokens = tokens_of(open_artifact(Path(recipe.start)).folder / TOKENIZER)
    return smaller(base, layers=recipe.layers, tokens=tokens)


def smaller(base: BaseEncoder, *, layers: int = 0, tokens: Sequence[str] = ()) -> BaseEncoder:
    """Return the encoder with so many of its layers and with these tokens; 0 and () keep all.

    Raises:
        BaseModelError: trimming would move its padding.
    """
    if not tokens:
        return replace(base, layers=layers)
    ids = base.tokenizer.get_vocab(with_added_tokens=True)
    kept = tuple(ids[token] for token in tokens)
    if base.pad_id >= len(kept) or kept[base.pad_id] != base.pad_id:
        raise BaseModelError(  # positions of some architectures are counted from it
            f"{base.name} has its padding among its other tokens: set min_token_count = 0"
        )
    tokenizer = trimmed(base.tokenizer, tokens)
    return replace(base, layers=layers, kept_tokens=kept, tokenizer=tokenizer)


def tokens_of(path: Path) -> list[str]:
    """List the tokens of a tokenizer.json by their ids."""
    ids = Tokenizer.from_file(str(path)).get_vocab(with_added_tokens=True)
    return sorted(ids, key=ids.__getitem__)
