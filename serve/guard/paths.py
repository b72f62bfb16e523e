"""Paths that several guards treat alike."""

from starlette.datastructures import Headers
from starlette.types import Scope

# what orchestrators ask: whether the service lives, and no more
PROBES = (
    "/startupz",
    "/livez",
    "/readyz",
    "/v2/health/live",
    "/v2/health/ready",
)

# where one signs in and out: everybody may come there
SIGN_IN = ("/session", "/session/end")
# the first parts of the paths that are pages for browsers
PAGES = ("", "read", "queue", "conflicts", "models")


def is_page(scope: Scope) -> bool:
    """Whether a browser asks for a page: what is refused is then told on one."""
    if scope["type"] != "http" or scope["path"].split("/")[1] not in PAGES:
        return False
    return "text/html" in Headers(scope=scope).get("accept", "")
