"""What becomes known of one request while it is answered; logged and counted at its end."""

from dataclasses import dataclass
from typing import Any

from starlette.types import Scope

from serve.scoring.result import ScoringResult

_STATE, _RECORD = "state", "record"


@dataclass(slots=True)
class RequestRecord:
    """One request.

    Attributes:
        request_id: sent as X-Request-Id and in problems.
        key: the name of the API key, once it is known; None where no keys are needed.
        needs_key: whether the service has keys, and only they let anybody in.
        scopes: of the key.
        code: the code of the problem that was answered, if one was.
        result: what was scored, if anything was.
    """

    request_id: str
    key: str | None = None
    needs_key: bool = False
    scopes: frozenset[str] = frozenset()
    code: str | None = None
    result: ScoringResult | None = None

    @property
    def adjudicates(self) -> bool:
        """Whether the key has the scope for deciding one's own conflicts."""
        return "adjudicate" in self.scopes

    def log_fields(self) -> dict[str, Any]:
        """The fields of the log line that are known; never a text."""
        fields: dict[str, Any] = {}
        if self.key is not None:
            fields["key"] = self.key
        if self.code is not None:
            fields["code"] = self.code
        if self.result is not None:
            fields["version"] = self.result.manifest.version
            fields["sentences"] = len(self.result.scored)
            fields["tokens"] = self.result.tokens
            if self.result.asked_twice is not None:
                fields["asked_twice"] = self.result.asked_twice
        return fields


def add_record(scope: Scope, record: RequestRecord) -> None:
    """Attach the record to a request, for everything that handles it further in."""
    scope.setdefault(_STATE, {})[_RECORD] = record


def record_of(scope: Scope) -> RequestRecord:
    """The record of a request; Observe, the outermost layer, has attached it."""
    record: RequestRecord = scope[_STATE][_RECORD]
    return record
