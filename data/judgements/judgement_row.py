"""What a judgement looks like in a file and over HTTP: one schema for both."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic import WithJsonSchema as ShownAs
from pydantic.config import JsonDict

from data.annotation.row_checks import FIELDS, MAX_CHARACTERS, Problem
from data.judgements.person import normalised_name
from model.stance import STANCES

ACTS = ("label", "adjudicate", "retract", "skip")
JUDGING = ("label", "adjudicate")  # acts that carry labels
MAX_NAME = 200
MAX_PLACE = 2**31 - 1  # what a database's integer holds
NAMED = r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$"  # no control characters
SOME_TEXT = r"^[^\x00]*[^\s\x00][^\x00]*$"  # not blank, no NUL

Name = Annotated[str, StringConstraints(max_length=MAX_NAME, pattern=NAMED)]
_Act = Annotated[str, ShownAs({"enum": list(ACTS)})]
_Label = Annotated[str, ShownAs({"enum": [str(stance) for stance in STANCES]})]
# only some acts have labels
_EITHER: JsonDict = {
    "anyOf": [
        {
            "required": ["labels"],
            "properties": {"labels": {"type": "array"}, "act": {"enum": [*JUDGING, None]}},
        },
        {
            "required": ["act"],
            "properties": {"labels": {"maxItems": 0}, "act": {"enum": ["skip", "retract"]}},
        },
    ]
}


class JudgementOrigin(BaseModel):
    """Whose judgement it is, of which place, when and why."""

    model_config = ConfigDict(strict=True)

    annotator: Name = Field(description="who judges")
    at: Name | None = Field(
        None,
        description="when, in ISO 8601, such as 2026-11-23T14:00:00Z; default: now. With it, "
        "sending again changes nothing",
        json_schema_extra={"format": "date-time"},
    )
    doc: Name | None = Field(None, description="the document's id")
    n: Annotated[int, Field(ge=0, le=MAX_PLACE)] | None = Field(
        None, description="its place in the document"
    )
    id: Name | None = Field(None, description="the sentence's own id")
    # pydantic's models have a method of this name
    kind: Name | None = Field(None, alias="register", description="such as wire-news")
    source: Name | None = Field(None, description="where the judgement came from")
    selected_by: Name | None = Field(None, description="why the annotator got the sentence")
    suggested_by: Name | None = Field(None, description="the model version whose answer was shown")


# the field names of an origin, with what is valid
ORIGIN: Mapping[str, str] = {
    field.alias or name: str(field.description)
    for name, field in JudgementOrigin.model_fields.items()
}


class JudgementRow(JudgementOrigin):
    """A judgement of one sentence; fields beside these ride along."""

    model_config = ConfigDict(json_schema_extra=_EITHER)

    text: Annotated[str, StringConstraints(max_length=MAX_CHARACTERS, pattern=SOME_TEXT)] = Field(
        description="the sentence"
    )
    labels: list[_Label] | None = Field(
        None,
        description="[] is the answer none, and all that retract and skip may have",
        json_schema_extra={"uniqueItems": True},
    )
    act: _Act | None = Field("label", description="what the annotator does")


def check_origin(row: Mapping[str, Any]) -> Iterator[Problem]:
    """Report what of a row's origin is not as `JudgementOrigin` has it, all of it at once.

    Wrong types of the fields that an annotation has too are left to the annotation's own checks.
    """
    given = {name: row[name] for name in ORIGIN if name in row}
    try:
        JudgementOrigin.model_validate(given)
    except ValidationError as error:
        for each in error.errors(include_url=False):
            name, kind = str(each["loc"][0]), each["type"]
            if not (kind.endswith("_type") and name in FIELDS):
                yield _problem(name, kind, each["input"])


def _problem(name: str, kind: str, got: object) -> Problem:
    valid = ORIGIN[name]
    if kind == "missing":
        return (name, "missing", None, valid)
    if kind == "string_too_long":
        return (name, "too_long", f"{len(str(got))} characters", f"at most {MAX_NAME}")
    if kind in ("greater_than_equal", "less_than_equal"):
        return (name, "range", got, f"a number from 0 to {MAX_PLACE}")
    if isinstance(got, str):
        blank = not normalised_name(got)
        return (name, "empty" if blank else "character", got, "text, without control characters")
    return (name, "type", got, f"a string: {valid}")
