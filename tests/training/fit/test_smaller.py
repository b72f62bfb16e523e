"""Smaller starts: half the layers, the tokens that are used, and the same answers to kept texts."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import (
    BertConfig,
    BertModel,
    MPNetConfig,
    MPNetModel,
    PreTrainedTokenizerFast,
    RobertaConfig,
    RobertaModel,
)

from model.errors import BaseModelError
from tests.conftest import tiny_tokenizer
from training.fit.network import BaseEncoder, open_base_encoder
from training.fit.smaller import open_base, smaller, tokens_of
from training.fit.vocabulary import seen_tokens
from training.recipe import Recipe

KEPT = ("The peace talks (of today) must go on.", "we welcome it; Geneva's accord")
OTHER = "condemn zebra"
SIZES = {
    "hidden_size": 32,
    "num_hidden_layers": 4,
    "num_attention_heads": 2,
    "intermediate_size": 64,
    "max_position_embeddings": 64,
    "initializer_range": 0.3,
}
MARKS = {"pad_token": "<pad>", "bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"}


def bert(folder: Path) -> None:
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=tiny_tokenizer(),
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        mask_token="[MASK]",
    )
    BertModel(BertConfig(vocab_size=len(tokenizer), **SIZES)).save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def byte_pairs() -> Tokenizer:
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=600,
        special_tokens=["<s>", "<pad>", "</s>", "<unk>", "<mask>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    texts = [*KEPT, OTHER, "conditional welcomes, peaceful accordance"]
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0))
    return tokenizer


def roberta(folder: Path) -> None:
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=byte_pairs(), **MARKS)
    config = RobertaConfig(vocab_size=len(tokenizer), pad_token_id=1, **SIZES)
    RobertaModel(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def mpnet(folder: Path) -> None:
    """As all-mpnet-base-v2: word pieces with the marks of RoBERTa."""
    words = tiny_tokenizer().get_vocab()
    plain = [word for word in words if not word.startswith("[")]
    ids = {word: i for i, word in enumerate(["<s>", "<pad>", "</s>", "[UNK]", *plain, "<mask>"])}
    inner = tiny_tokenizer()
    inner.model = models.WordPiece(ids, unk_token="[UNK]")
    inner.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0))
    inner.enable_truncation(8)
    inner.enable_padding(length=8, pad_id=1, pad_token="<pad>")
    marks = {**MARKS, "unk_token": "[UNK]", "mask_token": "<mask>"}
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=inner, **marks)
    MPNetModel(MPNetConfig(vocab_size=len(tokenizer), **SIZES)).save_pretrained(folder)
    tokenizer.save_pretrained(folder)


FAMILIES = [bert, roberta, mpnet]


@pytest.fixture(params=FAMILIES, ids=lambda make: make.__name__)
def base(request: pytest.FixtureRequest, tmp_path: Path) -> BaseEncoder:
    torch.manual_seed(0)
    make: Callable[[Path], None] = request.param
    make(tmp_path)
    return open_base_encoder(str(tmp_path))


def logits(base: BaseEncoder, text: str) -> torch.Tensor:
    ids = base.encoder(64).encode([text]).ids
    with torch.inference_mode():
        return base.network(3).eval()(input_ids=torch.tensor(ids)).logits


def test_kept_texts_give_the_same_tokens_and_the_same_answers(base: BaseEncoder):
    tokens = seen_tokens(base.tokenizer, KEPT, at_least=1)

    small = smaller(base, tokens=tokens)

    assert small.tokenizer.get_vocab_size() == len(tokens) < base.tokenizer.get_vocab_size()
    assert small.network(3).get_input_embeddings().weight.shape[0] == len(tokens)
    for text in KEPT:
        assert small.tokenizer.encode(text).tokens == base.tokenizer.encode(text).tokens
        assert torch.allclose(logits(small, text), logits(base, text), atol=1e-5)


def test_a_text_of_other_tokens_is_spelled_in_shorter_ones(base: BaseEncoder):
    small = smaller(base, tokens=seen_tokens(base.tokenizer, KEPT, at_least=1))

    assert small.tokenizer.encode(OTHER).tokens != base.tokenizer.encode(OTHER).tokens
    assert logits(small, OTHER).isfinite().all()


def test_padding_does_not_change_an_answer(base: BaseEncoder):
    small = smaller(base, tokens=seen_tokens(base.tokenizer, KEPT, at_least=1))
    ids = small.encoder(64).encode([KEPT[0]]).ids[0]
    padded = torch.tensor([[*ids, *[small.pad_id] * 4]])
    mask = torch.tensor([[1] * len(ids) + [0] * 4])

    with torch.inference_mode():
        answer = small.network(3).eval()(input_ids=padded, attention_mask=mask).logits

    assert torch.allclose(answer, logits(small, KEPT[0]), atol=1e-5)


def test_rare_tokens_go_too_if_told_so(base: BaseEncoder):
    often = [KEPT[0]] * 5
    tokens = seen_tokens(base.tokenizer, [*often, KEPT[1]], at_least=5)

    assert len(tokens) < len(seen_tokens(base.tokenizer, [*often, KEPT[1]], at_least=1))


def test_the_tokens_are_those_of_the_file_that_training_writes(base: BaseEncoder, tmp_path: Path):
    tokens = seen_tokens(base.tokenizer, KEPT, at_least=1)
    smaller(base, tokens=tokens).tokenizer.save(str(tmp_path / "kept.json"))

    assert tokens_of(tmp_path / "kept.json") == tokens


def test_half_of_the_layers_are_the_first_the_last_and_some_between(base: BaseEncoder):
    whole, half = base.network(3), smaller(base, layers=2).network(3)

    kept = half.base_model.encoder.layer
    assert half.config.num_hidden_layers == len(kept) == 2
    for mine, theirs in zip(kept, [whole.base_model.encoder.layer[i] for i in (0, 3)], strict=True):
        for a, b in zip(mine.parameters(), theirs.parameters(), strict=True):
            assert torch.equal(a, b)


def test_more_layers_than_there_are_is_said(base: BaseEncoder):
    with pytest.raises(BaseModelError, match="has 4"):
        smaller(base, layers=5).network(3)


def test_a_recipe_says_how_small(base: BaseEncoder, tiny_recipe: Recipe):
    recipe = dataclasses.replace(
        tiny_recipe, base_model=base.source, layers=2, min_token_count=1, start="base"
    )

    small = open_base(recipe, KEPT)

    assert small.layers == 2
    assert len(small.kept_tokens) == small.tokenizer.get_vocab_size()
