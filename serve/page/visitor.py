"""Who is looking at a page, and what they may do there."""

from dataclasses import dataclass

from fastapi import Request

from serve.guard.keys import Scope
from serve.telemetry.request_record import record_of


@dataclass(frozen=True)
class Visitor:
    """Somebody at a browser.

    Attributes:
        name: of their key; None where no keys are needed.
        scopes: of their key; where no keys are needed, all.
    """

    name: str | None
    scopes: frozenset[str]

    @property
    def reads(self) -> bool:
        """Whether statements are scored for them."""
        return Scope.CLASSIFY in self.scopes

    @property
    def annotates(self) -> bool:
        """Whether their answers are taken."""
        return Scope.ANNOTATE in self.scopes

    @property
    def administers(self) -> bool:
        """Whether they may put another model into service."""
        return Scope.ADMIN in self.scopes


def visitor_of(request: Request) -> Visitor:
    """Who sent a request."""
    record = record_of(request.scope)
    if record.key is None:
        return Visitor(None, frozenset() if record.needs_key else frozenset(Scope))
    return Visitor(record.key, record.scopes)
