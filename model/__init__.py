"""All that a prediction needs, from text to labels; without HTTP, data sets and torch."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from model.library import ScoredText, score_texts

__all__ = ["ScoredText", "score_texts"]


def __getattr__(name: str) -> object:
    """Load the engine only when texts are to be scored: most modules here need none."""
    if name in __all__:
        from model import library  # noqa: PLC0415 - see above

        return getattr(library, name)
    raise AttributeError(f"module 'model' has no attribute {name!r}")
