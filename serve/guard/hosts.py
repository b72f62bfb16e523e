"""Which pages may use the service: its own. Scripts and curl, which are no pages, notice nothing.

A browser that visits a hostile page sends requests to this machine on its behalf. Two headers that
no page can choose tell them apart: Host, which after DNS rebinding is still the hostile name, and
Sec-Fetch-Site, or Origin where a browser does not send that one. OWASP recommends the pair; Go's
CrossOriginProtection and Datasette do the same.
"""

from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from serve.guard.metrics_port import is_scrape
from serve.guard.paths import PROBES
from serve.refusals import CrossSite, WrongHost
from serve.settings import Settings

_DEFAULT_PORTS = {"http": 80, "https": 443}

Authority = tuple[str, int | None]


class Hosts:
    """The names by which the service may be asked for.

    Args:
        names: further ones, each for every port, or as NAME:PORT.
        loopback: whether only this machine can reach the service: then no other name is taken.
    """

    def __init__(self, names: Iterable[str], *, loopback: bool) -> None:
        self._named = {parsed for each in names if (parsed := parse_authority(each))}
        self._checked = loopback or bool(self._named)

    def allow(self, host: str) -> bool:
        """Whether a request with this Host is meant for this service."""
        if not self._checked:
            return True
        parsed = parse_authority(host)
        if parsed is None:
            return False
        name, _ = parsed
        return is_loopback(name) or bool({parsed, (name, None)} & self._named)


def configured_hosts(settings: Settings) -> Hosts:
    """The names that the settings allow."""
    names = settings.hosts.replace(",", " ").replace(";", " ").split()
    return Hosts(names, loopback=settings.on_loopback)


class SameOrigin:
    """ASGI middleware: refuses requests that a page of another site has a browser send."""

    def __init__(self, app: ASGIApp, *, hosts: Hosts) -> None:
        self._app, self._hosts = app, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or raise WrongHost or CrossSite."""
        if scope["type"] == "http":
            headers = Headers(scope=scope)
            self._check_host(scope, headers)
            check_origin(scope["method"], headers)
        await self._app(scope, receive, send)

    def _check_host(self, scope: Scope, headers: Headers) -> None:
        if scope["path"] in PROBES:  # orchestrators ask by address; they tell no more than "live"
            return
        for host in headers.getlist("host"):  # HTTP/1.0 may send none, and browsers always do
            if not (self._hosts.allow(host) or _is_scrape(scope, host)):
                raise WrongHost(
                    f"this service does not answer for the host {host[:100]!r}: use its address, "
                    "or let DEMARCHE_HOSTS name it"
                )


def check_origin(method: str, headers: Headers) -> None:
    """Raise CrossSite for a request that a browser sends for a page of another origin."""
    sites = headers.getlist("sec-fetch-site")
    if sites == ["same-origin"]:
        return
    if sites and sites != ["none"] and not _is_visit(method, headers):
        raise CrossSite("a page of another site sent this; only pages of this service may")
    for origin in headers.getlist("origin"):
        if not _same(origin, headers.get("host", "")):
            raise CrossSite(f"a page of {origin[:100]!r} sent this; only this service's own may")


def parse_authority(text: str) -> Authority | None:
    """Host and port of NAME, NAME:PORT or [IPv6]:PORT; None: it is none of these."""
    if not text.isascii() or any(each in text for each in "/?#@\\ \t,"):
        return None
    try:
        parts = urlsplit(f"//{text}")
        name, port = parts.hostname, parts.port
    except ValueError:
        return None
    return (name.rstrip("."), port) if name and name.rstrip(".") else None


def is_loopback(name: str) -> bool:
    """Whether a host name or address is always this machine."""
    try:
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False


def _is_visit(method: str, headers: Headers) -> bool:
    """Whether a person followed a link to a page: the answer is shown to them, not to the site."""
    wanted = {"sec-fetch-mode": ["navigate"], "sec-fetch-dest": ["document"]}
    followed = all(headers.getlist(name) == values for name, values in wanted.items())
    return followed and method in ("GET", "HEAD")


def _same(origin: str, host: str) -> bool:
    try:
        parts = urlsplit(origin)
        default = _DEFAULT_PORTS[parts.scheme]
        asked, page = parse_authority(host), parse_authority(parts.netloc)
    except (ValueError, KeyError):  # "null", or what is no origin of a page
        return False
    if asked is None or page is None:
        return False
    return (asked[0], asked[1] or default) == (page[0], page[1] or default)


def _is_scrape(scope: Scope, host: str) -> bool:
    """Whether a scraper asks by address on the port for metrics; rebinding needs a name."""
    parsed = parse_authority(host)
    try:
        return is_scrape(scope) and bool(parsed and ip_address(parsed[0]))
    except ValueError:
        return False
