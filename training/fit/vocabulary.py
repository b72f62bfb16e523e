"""Fewer tokens: a tokenizer that keeps those which its texts use, and nothing else changes.

Most rows of a large vocabulary's embeddings are of words that political English never uses: of
all-mpnet-base-v2 they are a fifth of 109 M parameters. A text of kept tokens gives the same token
strings as before; any other is spelled in shorter ones.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

from tokenizers import Tokenizer

from model.errors import BaseModelError

_CHUNK = 10_000  # texts that are tokenised at once


def seen_tokens(tokenizer: Tokenizer, texts: Sequence[str], *, at_least: int) -> list[str]:
    """List the tokens that texts use so often, or that every vocabulary needs, by their ids.

    Raises:
        BaseModelError: the tokenizer is of a kind that cannot be trimmed.
    """
    tokenizer.no_truncation()  # all-mpnet-base-v2 comes with both: to 128 tokens
    tokenizer.no_padding()
    counts: Counter[int] = Counter()
    for start in range(0, len(texts), _CHUNK):
        for encoding in tokenizer.encode_batch_fast(list(texts[start : start + _CHUNK])):
            counts.update(encoding.ids)
    model = json.loads(tokenizer.to_str())["model"]
    ids = tokenizer.get_vocab(with_added_tokens=True)
    seen = {token for token, i in ids.items() if counts[i] >= at_least}
    special = {str(token) for token in tokenizer.get_added_tokens_decoder().values()}
    prefix = model.get("continuing_subword_prefix") or ""
    kept = seen | special | {token for token in ids if len(token.removeprefix(prefix)) == 1}
    if unknown := model.get("unk_token"):
        kept.add(unknown)
    return sorted(kept | _parts_of(kept, model), key=ids.__getitem__)


def trimmed(tokenizer: Tokenizer, tokens: Sequence[str]) -> Tokenizer:
    """Make the same tokenizer with these tokens only, numbered anew in their order."""
    row = json.loads(tokenizer.to_str())
    new = {token: i for i, token in enumerate(tokens)}
    model = row["model"]
    model["vocab"] = {token: new[token] for token in model["vocab"] if token in new}
    if "merges" in model:
        model["merges"] = [merge for merge in model["merges"] if _stays(_pair(merge), new)]
    for added in row["added_tokens"]:
        added["id"] = new[added["content"]]
    row["post_processor"] = _renumbered(row["post_processor"], new)
    row["padding"] = row["truncation"] = None
    return Tokenizer.from_str(json.dumps(row))


def _parts_of(tokens: Iterable[str], model: dict[str, Any]) -> set[str]:
    """List what byte-pair merges pass through on the way to these tokens."""
    if model["type"] == "WordPiece":
        return set()
    if model["type"] != "BPE":
        raise BaseModelError(
            f"a vocabulary of the kind {model['type']} is not trimmed: set min_token_count = 0"
        )
    ranks = {_pair(each): rank for rank, each in enumerate(model["merges"])}
    return {part for token in tokens for part in _merged(token, ranks)}


def _merged(token: str, ranks: dict[tuple[str, str], int]) -> Iterator[str]:
    """Yield what the symbols of a token are merged to, the merge of the lowest rank first."""
    symbols = list(token)
    while True:
        pairs = [pair for pair in pairwise(symbols) if pair in ranks]
        if not pairs:
            return
        best = min(pairs, key=ranks.__getitem__)
        i = 0
        while i < len(symbols) - 1:
            if (symbols[i], symbols[i + 1]) == best:
                symbols[i : i + 2] = ["".join(best)]
            i += 1
        yield "".join(best)


def _pair(merge: str | list[str]) -> tuple[str, str]:
    left, right = merge.split(" ") if isinstance(merge, str) else merge
    return left, right


def _stays(pair: tuple[str, str], new: dict[str, int]) -> bool:
    return all(token in new for token in (*pair, "".join(pair)))


def _renumbered(part: Any, new: dict[str, int]) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Replace the ids of a post-processor: pairs such as ["</s>", 2], and tables of special tokens.

    A table is {"id": "[CLS]", "ids": [101], "tokens": ["[CLS]"]}.
    """
    if isinstance(part, list):
        if len(part) == 2 and isinstance(part[0], str) and isinstance(part[1], int):
            return [part[0], new[part[0]]]
        return [_renumbered(each, new) for each in part]
    if isinstance(part, dict):
        renumbered = {name: _renumbered(value, new) for name, value in part.items()}
        if "ids" in part and "tokens" in part:
            renumbered["ids"] = [new[token] for token in part["tokens"]]
        return renumbered
    return part
