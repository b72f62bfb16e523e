"""Sessions of browsers: a key is shown once, and a random id stands for it from then on.

They are in memory, as hashes, and end with the process. A key whose line is gone ends its sessions.
"""

import hashlib
import secrets
from dataclasses import dataclass, replace

from starlette.applications import Starlette
from starlette.requests import HTTPConnection

from serve.clock import Clock
from serve.guard.key_file import KeySource
from serve.guard.keys import Key
from serve.guard.rate import RateLimit
from serve.refusals import Unauthorised

IDLE_SECONDS = 12 * 3600.0
_MOST = 10_000  # sessions; then the one that was idle longest ends
_WRONG_TRIES_PER_MINUTE = 60
# The prefix binds a cookie to this host and to https; over plain http browsers do not take it.
_SECURE, _PLAIN = "__Host-demarche", "demarche"


@dataclass(frozen=True)
class _Session:
    sha256: str  # of the key
    seen: float


class Sessions:
    """Who is signed in."""

    def __init__(self, keys: KeySource, clock: Clock) -> None:
        self._keys, self._clock = keys, clock
        self._held: dict[str, _Session] = {}
        self._wrong = RateLimit(per_minute=_WRONG_TRIES_PER_MINUTE, clock=clock)

    def begin(self, secret: str) -> str:
        """Sign in; return the session's id, which is nowhere kept.

        Raises:
            Unauthorised: the secret is no key's.
            RateLimited: too many were none.
        """
        key = self._keys().find(secret.strip())
        if key is None:
            self._wrong.take("sign-in")
            raise Unauthorised("that key is not known here")
        while len(self._held) >= _MOST:
            del self._held[min(self._held, key=lambda each: self._held[each].seen)]
        token = secrets.token_urlsafe(32)
        self._held[_hash(token)] = _Session(key.sha256, self._clock())
        return token

    def find(self, token: str) -> Key | None:
        """Whose session it is; None: nobody's, or it is over."""
        name, now = _hash(token), self._clock()
        session = self._held.get(name)
        if session is None:
            return None
        key = next((each for each in self._keys().keys if each.sha256 == session.sha256), None)
        if key is None or now - session.seen > IDLE_SECONDS:
            del self._held[name]
            return None
        self._held[name] = replace(session, seen=now)
        return key

    def end(self, token: str) -> None:
        """Sign out."""
        self._held.pop(_hash(token), None)


def token_of(request: HTTPConnection) -> str:
    """The session's id that a browser sends; "" if it sends none."""
    return request.cookies.get(cookie_name(request), "")


def cookie_name(request: HTTPConnection) -> str:
    """The cookie's name: the safer one wherever TLS ends, here or at a proxy."""
    return _SECURE if is_secure(request) else _PLAIN


def is_secure(request: HTTPConnection) -> bool:
    """Whether the browser speaks TLS, as far as can be known; it only decides on the cookie."""
    return "https" in (request.url.scheme, request.headers.get("x-forwarded-proto", ""))


def add_sessions(app: Starlette, sessions: Sessions) -> None:
    """Attach the sessions to their application."""
    app.state.sessions = sessions


def sessions_of(app: Starlette) -> Sessions | None:
    """The sessions of an application; None where no keys are needed."""
    found: Sessions | None = getattr(app.state, "sessions", None)
    return found


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
