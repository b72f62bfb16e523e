"""The wire of errors."""

from pydantic import BaseModel


class Problem(BaseModel):
    """RFC 9457: what went wrong, with a stable `code`."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    errors: list[dict[str, str]] = []
