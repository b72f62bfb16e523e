"""Statements that are nearly the same as an earlier one: MinHash of their word trigrams.

Broder, "On the resemblance and containment of documents", 1997. Nothing is left out because of it:
what repeats is marked, and counted both ways.
"""

import re
from collections.abc import Iterable
from hashlib import blake2b
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

# Two statements are nearly the same from this share of common trigrams on.
SIMILAR = 0.8
# At 0.8 the estimated share has a standard error of 0.035, and of a million pairs not one shares no
# band of four.
_PERMUTATIONS, _BANDS = 128, 32
_PRIME = np.uint64((1 << 31) - 1)
_WORDS = re.compile(r"\w+")

Signature = NDArray[np.uint32]


class Repeats:
    """Finds for each statement an earlier one that is nearly the same."""

    def __init__(self) -> None:
        random = np.random.default_rng(0)
        self._factors = random.integers(1, int(_PRIME), _PERMUTATIONS, dtype=np.uint64)
        self._shifts = random.integers(0, int(_PRIME), _PERMUTATIONS, dtype=np.uint64)
        self._bands: dict[bytes, int] = {}
        self._signatures: dict[int, Signature] = {}

    def first_like(self, number: int, sentences: Iterable[str]) -> int | None:
        """Note a statement; gives the number of an earlier one that it nearly repeats."""
        signature = self._signature(" ".join(sentences))
        if signature is None:
            return None
        bands = [
            blake2b(bytes([band]) + part.tobytes(), digest_size=8).digest()
            for band, part in enumerate(np.split(signature, _BANDS))
        ]
        for other in dict.fromkeys(self._bands[band] for band in bands if band in self._bands):
            if np.mean(self._signatures[other] == signature) >= SIMILAR:
                return other
        for band in bands:
            self._bands.setdefault(band, number)
        self._signatures[number] = signature
        return None

    def _signature(self, text: str) -> Signature | None:
        words = [crc32(word.encode()) for word in _WORDS.findall(text.casefold())]
        if not words:
            return None
        codes = np.array([0, *words, 0], np.uint64) % _PRIME
        three = (codes[:-2] * np.uint64(31) + codes[1:-1]) % _PRIME
        grams = np.unique((three * np.uint64(31) + codes[2:]) % _PRIME)
        least = np.full(_PERMUTATIONS, np.iinfo(np.uint64).max, np.uint64)
        for start in range(0, len(grams), 4096):  # so that a long statement takes no more memory
            some = grams[start : start + 4096]
            mixed = (self._factors[:, None] * some[None, :] + self._shifts[:, None]) % _PRIME
            least = np.minimum(least, mixed.min(axis=1))
        return least.astype(np.uint32)
