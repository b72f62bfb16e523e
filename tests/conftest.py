"""Tiny real models, built in memory; nothing is downloaded and nothing is mocked."""

import dataclasses
import logging
import os
from collections.abc import Iterator
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"
# the names by which the test clients ask for a service that listens on loopback
os.environ["DEMARCHE_HOSTS"] = "testserver, test"

import pytest
from fastapi.testclient import TestClient
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from data.annotation.annotation import Annotation
from data.annotation.behaviour_suite import Case
from data.annotation.files import corpus_files, read_annotations
from model.artifact.folder import Artifact
from model.stance import STANCES
from serve.app import create_app
from serve.settings import Settings
from tests.fakes import FakeClassifier
from tests.projects import Project, make_project
from training.pipeline import train
from training.prepare import prepare
from training.recipe import RECIPES, Recipe, read_recipe
from training.report.write import EvaluationPlan

WORDS = (
    "the we they must should not and of to a in is was will be peace border talks truce accord "
    "welcome support agree accept praise condemn reject deplore accuse deny urge demand call on "
    "minister government council statement said new old two five today north south"
).split()


TOY_CASES = (
    Case("must-1", "must", "1", "mft", True, ("the must and peace 1 2.",), {"demand": True}),
    Case("must-2", "must", "1", "inv", False, ("the must and peace.", "the must and border.")),
)


def tiny_tokenizer() -> Tokenizer:
    """A WordPiece tokenizer of some fifty words, with BERT's special tokens."""
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ".", ",", "?", "'", '"', *WORDS]
    ids = {word: i for i, word in enumerate(dict.fromkeys(vocabulary))}
    tokenizer = Tokenizer(models.WordPiece(ids, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", ids["[CLS]"]), ("[SEP]", ids["[SEP]"])]
    )
    return tokenizer


@pytest.fixture(scope="session")
def tiny_base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder like any Hugging Face model: a two-layer BERT with random weights."""
    import torch  # noqa: PLC0415 - tests of the serving side need no torch

    # two threads wait for each other longer than they compute on networks this small: a step takes
    # 24 ms on one and 311 ms on two, beside other work on two cores
    torch.set_num_threads(1)
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast  # noqa: PLC0415

    folder = tmp_path_factory.mktemp("tiny-base")
    torch.manual_seed(0)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=tiny_tokenizer(),
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        mask_token="[MASK]",
    )
    config = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=64,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        initializer_range=0.1,
    )
    BertModel(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def tiny_recipe(tiny_base: Path) -> Recipe:
    return dataclasses.replace(
        read_recipe(RECIPES / "default.toml"),
        base_model=str(tiny_base),
        max_window=64,
        mask_names=False,
        folds=2,
        max_epochs=6,
        patience=6,
        batch_sentences=8,
        learning_rate=1e-3,
        head_learning_rate=5e-3,
        precision="fp32",
        min_positives=5,
    )


@pytest.fixture(scope="session")
def corpus() -> list[Annotation]:
    return read_annotations(corpus_files(), unique=True)


@pytest.fixture(scope="session")
def toy_annotations() -> list[Annotation]:
    """A language of three words of stance that a tiny network can learn: not annotated data."""
    cues = dict(zip(STANCES, ("welcome", "condemn", "must"), strict=True))
    rows = []
    for doc in range(60):
        for n in range(8):
            labels = [s for k, s in enumerate(cues) if (doc * 8 + n) >> k & 1]
            noise = " ".join(WORDS[(doc * 7 + n * 3 + k) % 12 + 30] for k in range(3 + n % 4))
            text = f"the {' and '.join([*(cues[s] for s in labels), noise])} {doc} {n}."
            rows.append(Annotation(text=text, labels=tuple(labels), doc=f"toy{doc}", n=n))
    return rows


@pytest.fixture(scope="session")
def tiny_artifact(
    toy_annotations: list[Annotation], tiny_recipe: Recipe, tmp_path_factory: pytest.TempPathFactory
) -> Artifact:
    """A model folder made by the real pipeline from the toy language. Never write into it."""
    models_folder = tmp_path_factory.mktemp("models")
    evaluation = EvaluationPlan({"toys again": toy_annotations[:64]}, TOY_CASES)
    data = prepare(toy_annotations[64:], min_positives=tiny_recipe.min_positives)
    return train(data, tiny_recipe, models_folder, evaluation, say=lambda _: None)


@pytest.fixture
def project(
    tiny_artifact: Artifact,
    tiny_recipe: Recipe,
    toy_annotations: list[Annotation],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Project:
    """A folder to work in, whose shipped model is the tiny one and whose corpus is the toys'."""
    monkeypatch.chdir(tmp_path)
    return make_project(tmp_path, tiny_artifact, tiny_recipe, toy_annotations[64:], TOY_CASES[0])


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """No test's log goes where another's went: what it captured is closed by then."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    """The service around a fake classifier, with small limits and an empty annotation store."""
    settings = Settings(
        max_body_bytes=20_000,
        max_characters=2_000,
        max_sentences=20,
        max_annotations=20,
        annotations=str(tmp_path / "annotations.db"),
    )
    app = create_app(settings, FakeClassifier())
    with TestClient(app, raise_server_exceptions=False) as test_client:
        yield test_client
