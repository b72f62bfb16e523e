"""What people would use otherwise, trained on the same sentences: examples to a scorer.

A scorer turns texts into logits, (sentences, stances). All are calibrated and given thresholds on
the dev part exactly as the product's own model is, so that only the scores differ.
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

from model.classifier import strongest
from model.text.tokens import TokenBatch
from training.fine_tune import Trainer as Loop
from training.network import Base

Scorer = Callable[[Sequence[str]], NDArray[np.float32]]
Labels = NDArray[np.float32]

_CONTRASTIVE_PAIRS = 20_000
_CONTRASTIVE_LEARNING_RATE = 2e-5
_EVALUATION_TOKENS = 4096


def tfidf_logistic(texts: Sequence[str], labels: Labels, base: Base, loop: Loop) -> Scorer:
    """Word and word-pair TF-IDF with a logistic regression a stance."""
    del base, loop
    model = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True),
        OneVsRestClassifier(LogisticRegression(C=10, max_iter=1000)),
    ).fit(texts, labels.astype(int))
    return lambda rows: _floats(model.decision_function(rows))


def frozen_encoder(texts: Sequence[str], labels: Labels, base: Base, loop: Loop) -> Scorer:
    """Mean-pooled embeddings of the pretrained encoder with a logistic regression a stance."""
    return _embedding_scorer(base.network(loop.recipe.seed), texts, labels, loop)


def contrastive(texts: Sequence[str], labels: Labels, base: Base, loop: Loop) -> Scorer:
    """SetFit's way: embeddings of equal label sets are drawn together, then a linear head.

    Tunstall and others, "Efficient few-shot learning without prompts", 2022; pairs are alike when
    all three labels are equal, none included.
    """
    network = base.network(loop.recipe.seed)
    optimizer = torch.optim.AdamW(network.parameters(), lr=_CONTRASTIVE_LEARNING_RATE)
    network.train()
    ids = loop.encoder.encode(list(texts)).ids
    size = loop.recipe.batch_sentences
    pairs = _pairs(labels, Random(loop.recipe.seed))
    for start in range(0, len(pairs), size):
        batch = pairs[start : start + size]
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=loop.precision == "bf16"):
            left, right = (
                _mean_pooled(network, loop.encoder.pad(ids, [pair[k] for pair, _ in batch]))
                for k in (0, 1)
            )
        alike = torch.tensor([alike for _, alike in batch])
        cosine = torch.nn.functional.cosine_similarity(left, right)
        optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(torch.nn.functional.mse_loss(cosine, alike))
        optimizer.step()
    return _embedding_scorer(network, texts, labels, loop)


def plain_trainer(texts: Sequence[str], labels: Labels, base: Base, loop: Loop) -> Scorer:
    """transformers.Trainer with its default learning rate, schedule and three epochs."""
    network = base.network(loop.recipe.seed)
    tokenizer = base.transformers_tokenizer(loop.recipe.max_window)
    ids = loop.encoder.encode(list(texts)).ids
    rows = Dataset.from_dict({"input_ids": ids, "labels": labels.tolist()})
    with tempfile.TemporaryDirectory() as folder:
        Trainer(
            model=network,
            args=TrainingArguments(
                folder,
                per_device_train_batch_size=loop.recipe.batch_sentences,
                bf16=loop.precision == "bf16",
                use_cpu=True,
                save_strategy="no",
                report_to="none",
                disable_tqdm=True,
                logging_strategy="no",
                seed=loop.recipe.seed,
            ),
            train_dataset=rows,
            data_collator=DataCollatorWithPadding(tokenizer),
        ).train()
    return network_scorer(network, loop)


BASELINES: Mapping[str, Callable[[Sequence[str], Labels, Base, Loop], Scorer]] = {
    "TF-IDF and logistic regression": tfidf_logistic,
    "frozen encoder and logistic regression": frozen_encoder,
    "contrastive tuning, SetFit's way": contrastive,
    "transformers.Trainer as it comes": plain_trainer,
}


def network_scorer(network: PreTrainedModel, loop: Loop) -> Scorer:
    """Scores texts with a network; of a text over the window the strongest window counts."""

    def score(texts: Sequence[str]) -> NDArray[np.float32]:
        windows = loop.encoder.encode(list(texts))
        return strongest(loop.logits_of_windows(network, windows.ids), windows.counts)

    return score


def _embedding_scorer(
    network: PreTrainedModel, texts: Sequence[str], labels: Labels, loop: Loop
) -> Scorer:
    network.eval()
    head = OneVsRestClassifier(LogisticRegression(max_iter=2000))
    head.fit(_embeddings(network, loop.encoder.encode(list(texts)).ids, loop), labels.astype(int))

    def score(rows: Sequence[str]) -> NDArray[np.float32]:
        windows = loop.encoder.encode(list(rows))
        embeddings = _embeddings(network, windows.ids, loop)
        return strongest(_floats(head.decision_function(embeddings)), windows.counts)

    return score


def _embeddings(
    network: PreTrainedModel, ids: Sequence[list[int]], loop: Loop
) -> NDArray[np.float32]:
    answer = np.empty((len(ids), network.config.hidden_size), np.float32)
    with torch.inference_mode():
        for batch in loop.encoder.batches(ids, token_budget=_EVALUATION_TOKENS):
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
    """Half of the pairs alike, half not, drawn over all label sets."""
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
