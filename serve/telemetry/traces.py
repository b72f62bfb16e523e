"""W3C trace context: continue the trace that the caller of a request began.

https://www.w3.org/TR/trace-context/: traceparent is version-trace_id-parent_id-flags.
"""

import re
import secrets
from dataclasses import dataclass

_TRACEPARENT = re.compile(r"(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?\Z")


@dataclass(frozen=True)
class Span:
    """This service's part of a trace."""

    trace_id: str
    span_id: str
    flags: str

    @property
    def traceparent(self) -> str:
        """The header's value for the response."""
        return f"00-{self.trace_id}-{self.span_id}-{self.flags}"


def continue_trace(traceparent: str) -> Span:
    """Continue the caller's trace, or begin one if the header is not valid."""
    found = _TRACEPARENT.match(traceparent)
    if found is None or set(found.group(1)) == {"0"} or set(found.group(2)) == {"0"}:
        return Span(secrets.token_hex(16), secrets.token_hex(8), "00")
    return Span(found.group(1), secrets.token_hex(8), found.group(3))
