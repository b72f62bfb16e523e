"""Sentences that the caller cut out of the text: checked before anything is scored."""

from collections.abc import Sequence
from typing import Any

from fastapi.exceptions import RequestValidationError

from serve.scoring.limits import Limits


def check_spans(spans: Sequence[Any], limits: Limits) -> None:
    """Refuse too many spans, and those that are not two whole numbers.

    Raises:
        TooLarge: more of them than sentences are allowed.
        RequestValidationError: with every span that is wrong.
    """
    limits.check_sentences(len(spans))
    wrong = [i for i, span in enumerate(spans) if not _is_span(span)]
    if wrong:
        message = "a span is [start, end], two whole numbers"
        raise RequestValidationError(
            [{"type": "span", "loc": ("body", "spans", i), "msg": message} for i in wrong]
        )


def _is_span(span: object) -> bool:
    return isinstance(span, list) and len(span) == 2 and all(type(n) is int for n in span)
