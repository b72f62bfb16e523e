"""Which status, code and title every error gets on the wire: the only place that says so."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from model.errors import (
    ArtifactMissing,
    DemarcheError,
    EmptyText,
    EngineFailure,
    InvalidData,
    Locked,
    NothingNew,
    StoreError,
    TooLarge,
    UnusableSpans,
    UnusableText,
)
from serve.refusals import (
    CrossSite,
    DeadlineExceeded,
    Draining,
    EngineUnhealthy,
    Forbidden,
    NotActivated,
    NotAnswered,
    Overloaded,
    RateLimited,
    Unauthorised,
    WrongHost,
)


@dataclass(frozen=True)
class StatusEntry:
    """One HTTP status.

    Attributes:
        code: of errors that are not in `errors`, such as Starlette's HTTPException.
        title: what the status means here.
        errors: Demarche's errors that get this status, each with its code.
        titles: of those of them that mean something else here.
    """

    code: str
    title: str
    errors: Mapping[type[DemarcheError], str] = field(default_factory=dict)
    titles: Mapping[type[DemarcheError], str] = field(default_factory=dict)


@dataclass(frozen=True)
class ProblemKind:
    """What an error is answered with."""

    status: int
    code: str
    title: str


STATUSES: Mapping[int, StatusEntry] = {
    400: StatusEntry("bad_request", "The request cannot be read", {UnusableText: "unusable_text"}),
    401: StatusEntry("unauthorised", "A key is needed", {Unauthorised: "unauthorised"}),
    403: StatusEntry(
        "forbidden",
        "The key does not reach this",
        {Forbidden: "forbidden", CrossSite: "cross_site"},
        {CrossSite: "Pages of other sites may not use this service"},
    ),
    404: StatusEntry(
        "not_found",
        "There is nothing at this path; /docs lists what there is",
        {ArtifactMissing: "no_such_model"},
    ),
    405: StatusEntry("method_not_allowed", "This path does not take this method"),
    408: StatusEntry("too_slow", "The request did not arrive in time"),
    409: StatusEntry(
        "conflict",
        "This cannot be done as things stand; nothing has changed",
        {
            NotAnswered: "not_answered",
            NotActivated: "not_activated",
            Locked: "locked",
            NothingNew: "nothing_to_do",
        },
    ),
    413: StatusEntry("too_large", "The request is too large", {TooLarge: "too_large"}),
    415: StatusEntry(
        "unsupported_media_type", "The body is of a media type that this path does not take"
    ),
    417: StatusEntry("expectation_failed", "The expectation cannot be met"),
    421: StatusEntry(
        "wrong_host", "This service does not answer for that host", {WrongHost: "wrong_host"}
    ),
    422: StatusEntry(
        "invalid_request",
        "The request is not what this path takes",
        {
            EmptyText: "empty_text",
            UnusableSpans: "unusable_spans",
            InvalidData: "invalid_annotations",
        },
    ),
    429: StatusEntry(
        "rate_limited", "The key has used up its requests for now", {RateLimited: "rate_limited"}
    ),
    431: StatusEntry("headers_too_large", "The headers are too large"),
    500: StatusEntry(
        "internal_error",
        "The service failed; the request may be tried again",
        {EngineFailure: "inference_failed"},
    ),
    501: StatusEntry("not_implemented", "The request is sent in a way that is not read here"),
    503: StatusEntry(
        "not_ready",
        "The service cannot take this now",
        {
            Overloaded: "overloaded",
            Draining: "draining",
            EngineUnhealthy: "engine_unhealthy",
            StoreError: "store_unavailable",
        },
    ),
    504: StatusEntry(
        "deadline_exceeded",
        "The answer would have come too late",
        {DeadlineExceeded: "deadline_exceeded"},
    ),
    505: StatusEntry("http_version", "The version of HTTP is not spoken here"),
}
_UNLISTED = StatusEntry("error", "The request failed")
_KINDS: Mapping[type, ProblemKind] = {
    error: ProblemKind(number, code, status.titles.get(error, status.title))
    for number, status in STATUSES.items()
    for error, code in status.errors.items()
}
# What the response says in place of these errors' messages, which name folders and hosts: the
# messages go into the log.
PUBLIC_DETAILS: Mapping[str, str] = {
    "internal_error": STATUSES[500].title,
    "inference_failed": STATUSES[500].title,
    "store_unavailable": "annotations cannot be stored or read now; the service's log says why",
}


def kind_of_status(status: int) -> ProblemKind:
    """The kind of an error that is known by its status only."""
    found = STATUSES.get(status, _UNLISTED)
    return ProblemKind(status, found.code, found.title)


def kind_of_error(error: Exception) -> ProblemKind:
    """The kind of an error, listed or the nearest listed class above it; 500 for any other."""
    for each in type(error).__mro__:
        if each in _KINDS:
            return _KINDS[each]
    return kind_of_status(500)
