"""What /v1/classify takes: a statement and how it is to be read, or sentences."""

import difflib
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.config import JsonDict, JsonValue
from pydantic_core import PydanticCustomError

from model.text.units import Layout
from serve.api.schemas.field_limits import few_fields
from serve.scoring.reading import Reading

# only shown in the OpenAPI document; model/text/checks.py checks texts, with better messages
SOME_TEXT = r"^[^\x00]*[^\s\x00][^\x00]*$"
_OF_TEXT: list[JsonValue] = [
    {"required": [name]} for name in ("layout", "whole_quotations", "spans")
]
_ONE_OF: JsonDict = {
    "oneOf": [
        {"required": ["text"], "not": {"required": ["sentences"]}},
        {"required": ["sentences"], "not": {"anyOf": _OF_TEXT}},
    ]
}
LayoutName = Literal["auto", "wrapped", "one_sentence_per_line", "paragraphs"]
LAYOUT = (
    "how the lines of the text are to be taken: decided place by place (auto), as lines of "
    "paragraphs (wrapped), one sentence a line, or one paragraph a line"
)
WHOLE_QUOTATIONS = "whether a quotation of several sentences stays one"


class ClassifyRequest(BaseModel):
    """A statement, to be split into sentences, or sentences, each scored as one unit."""

    model_config = ConfigDict(extra="forbid", strict=True, json_schema_extra=_ONE_OF)

    text: str = Field(
        default="",
        json_schema_extra={"pattern": SOME_TEXT},
    )
    # the items are checked one by one only once it is known that they are not too many
    sentences: list[Any] = Field(
        default=[],
        json_schema_extra={"minItems": 1, "items": {"type": "string", "pattern": SOME_TEXT}},
    )
    layout: LayoutName | None = Field(default=None, description=LAYOUT)
    whole_quotations: bool | None = Field(default=None, description=WHOLE_QUOTATIONS)
    spans: list[Any] = Field(
        default=[],
        description="with text: your own sentences, as [start, end) in Unicode code points",
        json_schema_extra={
            "items": {
                "type": "array",
                "items": {"type": "integer", "minimum": 0},
                "minItems": 2,
                "maxItems": 2,
            }
        },
    )

    @model_validator(mode="before")
    @classmethod
    def _known_fields(cls, fields: Any) -> Any:  # noqa: ANN401 - whatever was sent
        few_fields(fields)
        if isinstance(fields, dict) and (unknown := sorted(set(fields) - set(cls.model_fields))):
            raise PydanticCustomError(
                "unknown_field",
                "{unknown}; the fields are {known}",
                {
                    "unknown": "; ".join(map(_unknown, unknown)),
                    "known": ", ".join(cls.model_fields),
                },
            )
        return fields

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        given = self.model_fields_set
        if len(given & {"text", "sentences"}) != 1:
            raise PydanticCustomError(
                "exactly_one", "send either text or sentences, exactly one of them"
            )
        if "sentences" in given and len(given) > 1:
            raise PydanticCustomError(
                "only_with_text",
                "{fields} only go with text: sentences are taken as they are",
                {"fields": ", ".join(sorted(given - {"sentences"}))},
            )
        return self

    @property
    def is_text(self) -> bool:
        """Whether a statement was sent, and not sentences."""
        return "text" in self.model_fields_set


def _unknown(field: str) -> str:
    near = difflib.get_close_matches(field, ClassifyRequest.model_fields, n=1)
    return f"there is no field {field[:40]!r}" + (f", did you mean {near[0]}?" if near else "")


def reading_of(body: ClassifyRequest, layout: str | None, *, whole_quotations: bool) -> Reading:
    """How the text is to be read; what the body says goes before the query's parameters."""
    whole = whole_quotations if body.whole_quotations is None else body.whole_quotations
    return Reading(
        layout=Layout(body.layout or layout or Layout.AUTO),
        whole_quotations=whole,
        spans=tuple((start, end) for start, end in body.spans),
    )
