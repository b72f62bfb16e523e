"""The base model: the packaged one checked, any folder accepted, the tokenizer shared."""

from pathlib import Path

import pytest
import torch

from model.errors import BaseModelError
from training.fit import network as network_module
from training.fit.network import PACKAGED, open_base_encoder, set_dropout


def test_the_packaged_encoder_is_a_stock_bert_for_several_labels():
    network = open_base_encoder(PACKAGED).network(seed=1)

    assert type(network).__name__ == "BertForSequenceClassification"
    assert network.config.problem_type == "multi_label_classification"
    assert network.config.id2label == {0: "agreement", 1: "criticism", 2: "demand"}


def test_other_weights_under_the_packaged_name_are_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(network_module, "PACKAGED_SHA256", "0" * 64)

    with pytest.raises(BaseModelError, match="sha256"):
        open_base_encoder(PACKAGED)


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
