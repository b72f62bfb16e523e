"""How many fields a body and a row may have, looked at before the fields themselves are."""

from collections.abc import Sequence
from typing import Any

from fastapi.exceptions import RequestValidationError
from pydantic_core import PydanticCustomError

from model.errors import Fault, InvalidData, TooLarge
from serve.scoring.limits import Limits

_MAX_FIELDS = 20  # of a body; the largest has three
_MAX_ROW_VALUES = 1000  # a judgement has 12 fields; rows of annotation tools hold 300 values
API_SOURCE = "api"


def few_fields(fields: Any) -> Any:  # noqa: ANN401 - whatever was sent
    """Refuse an object of more fields than any request has; each of them would be an error."""
    if isinstance(fields, dict) and len(fields) > _MAX_FIELDS:
        raise PydanticCustomError(
            "too_many_fields",
            "the body has {count} fields; it may have {most}",
            {"count": len(fields), "most": _MAX_FIELDS},
        )
    return fields


def check_items(sentences: Sequence[Any], limits: Limits) -> None:
    """Refuse a list that is too long, or whose items are not texts.

    Raises:
        TooLarge: it has more sentences than allowed.
        RequestValidationError: with the first wrong items, and how many there are.
    """
    limits.check_sentences(len(sentences))
    wrong = [i for i, each in enumerate(sentences) if not isinstance(each, str)]
    if wrong:
        raise RequestValidationError(
            [
                {"type": "string_type", "loc": ("body", "sentences", i), "msg": _NOT_A_TEXT}
                for i in wrong
            ]
        )


_NOT_A_TEXT = "Input should be a valid string"


def check_rows(rows: Sequence[Any], limits: Limits, *, source: str) -> None:
    """Refuse too many rows, rows of too many values, and rows that claim another way in.

    `source` is how this request brings rows, such as "api:" and the name of its key.

    Raises:
        TooLarge: more rows than allowed, or a row with more values than allowed.
        InvalidData: a row claims a `source` that only the service gives.
    """
    limits.check_annotations(len(rows))
    claims = []
    for number, row in enumerate(rows, 1):
        if (count := _count(row)) > _MAX_ROW_VALUES:
            raise TooLarge(f"values in row {number - 1}", _MAX_ROW_VALUES, count)
        given = row.get("source") if isinstance(row, dict) else None
        if given != source and _is_of_the_api(given):
            valid = f"leave it out: rows that this request brings get {source!r}"
            claims.append(Fault("annotations", number, "source", "reserved", repr(given), valid))
    if claims:
        raise InvalidData(claims)


def _is_of_the_api(source: object) -> bool:
    return isinstance(source, str) and source.partition(":")[0].strip().lower() == API_SOURCE


def _count(value: object) -> int:
    """Count the values of a row; bodies nest at most 16 deep, see serve/guard/body_limit.py."""
    if isinstance(value, dict):
        return len(value) + sum(map(_count, value.values()))
    if isinstance(value, list):
        return len(value) + sum(map(_count, value))
    return 0
