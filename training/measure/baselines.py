"""Baselines that people would use otherwise, trained on the same sentences.

Each returns a scorer, which turns texts into logits, (sentences, stances). Calibration and
thresholds are fitted on the dev part as for the project's own model, so that only scores differ.
"""

import tempfile
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from random import Random

import numpy as np
import torch
from datasets import Dataset
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline
from transformers import DataCollatorWithPadding, PreTrainedModel, Trainer, TrainingArguments

from model.network import strongest
from model.text.tokens import TokenBatch
from training.fit.fine_tune import FineTuner
from training.fit.network import BaseEncoder

Scorer = Callable[[Sequence[str]], NDArray[np.float32]]
Labels = NDArray[np.float32]

_CONTRASTIVE_PAIRS = 20_000
_CONTRASTIVE_LEARNING_RATE = 2e-5
_EVALUATION_TOKENS = 4096


def tfidf_logistic(
    texts: Sequence[str], labels: Labels, base: BaseEncoder, tuner: FineTuner
) -> Scorer:
    """Fit word and word-pair TF-IDF with a logistic regression a stance."""
    del base, tuner
    model = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True),
        OneVsRestClassifier(LogisticRegression(C=10, max_iter=1000)),
    ).fit(texts, labels.astype(int))
    return lambda rows: _floats(model.decision_function(rows))


def frozen_encoder(
    texts: Sequence[str], labels: Labels, base: BaseEncoder, tuner: FineTuner
) -> Scorer:
    """Fit mean-pooled embeddings of the pretrained encoder with a logistic regression a stance."""
    return _embedding_scorer(base.network(tuner.recipe.seed), texts, labels, tuner)


def contrastive(
    texts: Sequence[str], labels: Labels, base: BaseEncoder, tuner: FineTuner
) -> Scorer:
    """Fine-tune embeddings so that equal label sets are close, then a linear head, as SetFit does.

    Tunstall and others, "Efficient few-shot learning without prompts", 2022. Two
    sentences are alike when all three labels are equal.
    """
    network = base.network(tuner.recipe.seed)
    optimizer = torch.optim.AdamW(network.parameters(), lr=_CONTRASTIVE_LEARNING_RATE)
    network.train()
    ids = tuner.encoder.encode(list(texts)).ids
    size = tuner.recipe.batch_sentences
    pairs = _pairs(labels, Random(tuner.recipe.seed))
    for start in range(0, len(pairs), size):
        batch = pairs[start : start + size]
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=tuner.precision == "bf16"):
            left, right = (
                _mean_pooled(network, tuner.encoder.pad(ids, [pair[k] for pair, _ in batch]))
                for k in (0, 1)
            )
        alike = torch.tensor([alike for _, alike in batch])
        cosine = torch.nn.functional.cosine_similarity(left, right)
        optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(torch.nn.functional.mse_loss(cosine, alike))
        optimizer.step()
    return _embedding_scorer(network, texts, labels, tuner)


def plain_trainer(
    texts: Sequence[str], labels: Labels, base: BaseEncoder, tuner: FineTuner
) -> Scorer:
    """Fine-tune by transformers.Trainer with its defaults: learning rate, schedule, 3 epochs."""
    network = base.network(tuner.recipe.seed)
    tokenizer = base.transformers_tokenizer(tuner.recipe.max_window)
    ids = tuner.encoder.encode(list(texts)).ids
    rows = Dataset.from_dict({"input_ids": ids, "labels": labels.tolist()})
    with tempfile.TemporaryDirectory() as folder:
        Trainer(
            model=network,
            args=TrainingArguments(
                folder,
                per_device_train_batch_size=tuner.recipe.batch_sentences,
                bf16=tuner.precision == "bf16",
                use_cpu=True,
                save_strategy="no",
                report_to="none",
                disable_tqdm=True,
                logging_strategy="no",
                seed=tuner.recipe.seed,
            ),
            train_dataset=rows,
            data_collator=DataCollatorWithPadding(tokenizer),
        ).train()
    return network_scorer(network, tuner)


BASELINES: Mapping[str, Callable[[Sequence[str], Labels, BaseEncoder, FineTuner], Scorer]] = {
    "TF-IDF and logistic regression": tfidf_logistic,
    "frozen encoder and logistic regression": frozen_encoder,
    "contrastive tuning, SetFit's way": contrastive,
    "transformers.Trainer as it comes": plain_trainer,
}


def network_scorer(network: PreTrainedModel, tuner: FineTuner) -> Scorer:
    """Score texts with a network; a text over the window gets the highest logits of its windows."""

    def score(texts: Sequence[str]) -> NDArray[np.float32]:
        windows = tuner.encoder.encode(list(texts))
        return strongest(tuner.logits_of_windows(network, windows.ids), windows.counts)

    return score


def _embedding_scorer(
    network: PreTrainedModel, texts: Sequence[str], labels: Labels, tuner: FineTuner
) -> Scorer:
    network.eval()
    head = OneVsRestClassifier(LogisticRegression(max_iter=2000))
    head.fit(_embeddings(network, tuner.encoder.encode(list(texts)).ids, tuner), labels.astype(int))

    def score(rows: Sequence[str]) -> NDArray[np.float32]:
        windows = tuner.encoder.encode(list(rows))
        embeddings = _embeddings(network, windows.ids, tuner)
        return strongest(_floats(head.decision_function(embeddings)), windows.counts)

    return score


def _embeddings(
    network: PreTrainedModel, ids: Sequence[list[int]], tuner: FineTuner
) -> NDArray[np.float32]:
    answer = np.empty((len(ids), network.config.hidden_size), np.float32)
    with torch.inference_mode():
        for batch in tuner.encoder.batches(ids, token_budget=_EVALUATION_TOKENS):
            answer[batch.rows] = _mean_pooled(network, batch).numpy()
    return answer


def _mean_pooled(network: PreTrainedModel, batch: TokenBatch) -> torch.Tensor:
    mask = torch.from_numpy(batch.attention_mask)
    hidden = network.base_model(
        input_ids=torch.from_numpy(batch.input_ids), attention_mask=mask
    ).last_hidden_state
    weights = mask[..., None].float()
    pooled: torch.Tensor = (hidden.float() * weights).sum(1) / weights.sum(1)
    return pooled


def _pairs(labels: Labels, random: Random) -> list[tuple[tuple[int, int], float]]:
    """Draw pairs of sentences, (rows, 1.0 if alike else 0.0), half of them alike."""
    groups: defaultdict[tuple[float, ...], list[int]] = defaultdict(list)
    for i, row in enumerate(labels.tolist()):
        groups[tuple(row)].append(i)
    sets = list(groups.values())
    pairs = []
    for k in range(_CONTRASTIVE_PAIRS):
        i = random.randrange(len(labels))
        own = groups[tuple(labels[i].tolist())]
        other = own if k % 2 else random.choice([each for each in sets if each is not own])
        pairs.append(((i, random.choice(other)), float(k % 2)))
    return pairs


def _floats(scores: NDArray[np.float64]) -> NDArray[np.float32]:
    return scores.astype(np.float32)
