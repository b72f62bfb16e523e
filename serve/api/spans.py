"""Sentences that the caller cut out of the text: checked before anything is scored."""

from collections.abc import Sequence
from typing import Any

from fastapi.exceptions import RequestValidationError

from serve.scoring.limits import Limits


def check_spans(spans: Sequence[Any], text: str, limits: Limits) -> None:
    """Refuse spans that are none, lie outside the text, hold nothing, or are too much work.

    Raises:
        TooLarge: more of them than sentences are allowed, or more characters in all.
        RequestValidationError: with every span that is wrong.
    """
    limits.check_sentences(len(spans))
    faults = [
        {"type": "span", "loc": ("body", "spans", i), "msg": message}
        for i, span in enumerate(spans)
        if (message := _fault(span, text))
    ]
    if faults:
        raise RequestValidationError(faults)
    limits.check_characters(sum(end - start for start, end in spans))


def _fault(span: object, text: str) -> str | None:
    if not (isinstance(span, list) and len(span) == 2 and all(type(n) is int for n in span)):
        return "a span is [start, end], two whole numbers"
    start, end = map(int, span)
    if not 0 <= start < end <= len(text):
        return f"[{start}, {end}] does not lie in the text, which has {len(text):,} characters"
    return None if text[start:end].strip() else f"[{start}, {end}] holds nothing but white space"
