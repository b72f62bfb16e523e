"""Logits of many texts, computed in chunks that are saved one by one."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from transformers import PreTrainedModel

from model.durable import whole_binary_file
from model.stance import STANCES
from training.fit.fine_tune import FineTuner

# about two minutes of work of a network of 109 M parameters on two cores
CHUNK = 16_384


def logits_resumably(
    tuner: FineTuner,
    network: PreTrainedModel,
    texts: Sequence[str],
    folder: Path,
    *,
    on_texts: Callable[[int], object] = lambda _: None,
) -> NDArray[np.float32]:
    """Compute logits, (texts, stances); of a text over the window those of its first one.

    Chunks that a run before saved in `folder` are read, not computed. `on_texts` gets the number of
    texts of each chunk.
    """
    folder.mkdir(parents=True, exist_ok=True)
    parts = [np.empty((0, len(STANCES)), np.float32)]
    for start in range(0, len(texts), CHUNK):
        chunk, path = texts[start : start + CHUNK], folder / f"{start:08}.npy"
        if not path.exists():
            ids = _first_windows(tuner, chunk)
            with whole_binary_file(path) as file:
                np.save(file, tuner.logits_of_windows(network, ids))
        parts.append(np.load(path))
        on_texts(len(chunk))
    return np.concatenate(parts)


def _first_windows(tuner: FineTuner, texts: Sequence[str]) -> list[list[int]]:
    windows = tuner.encoder.encode(texts)
    firsts = np.cumsum([0, *windows.counts[:-1]])
    return [windows.ids[first] for first in firsts]
