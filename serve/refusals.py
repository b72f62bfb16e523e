"""What the service declines to do, each with the status and code that say so on the wire."""

from typing import ClassVar

from model.errors import DemarcheError


class Refusal(DemarcheError):
    """A request is not done; the message says why and what would help.

    Attributes:
        retry_after: seconds after which another try makes sense; None if that will not help.
    """

    status: ClassVar[int]
    code: ClassVar[str]

    def __init__(self, detail: str, *, retry_after: int | None = None) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class Unauthorised(Refusal):
    """No key, or one that is not known."""

    status, code = 401, "unauthorised"


class Forbidden(Refusal):
    """The key does not reach that far."""

    status, code = 403, "forbidden"


class WrongHost(Refusal):
    """The request names a host that this service does not answer for."""

    status, code = 421, "wrong_host"


class CrossSite(Refusal):
    """A browser sent the request for a page of another site."""

    status, code = 403, "cross_site"


class NotActivated(Refusal):
    """A model is not put into service; the one before it serves on."""

    status, code = 409, "not_activated"


class RateLimited(Refusal):
    """The key has used up its requests for now."""

    status, code = 429, "rate_limited"


class Overloaded(Refusal):
    """More work waits than is done within the time set; nothing of the request was started."""

    status, code = 503, "overloaded"


class Draining(Refusal):
    """The service is being stopped and this request was not finished in the time left."""

    status, code = 503, "draining"


class EngineUnhealthy(Refusal):
    """The engine makes no progress; the process ends, for whatever started it to start it anew."""

    status, code, exit_code = 503, "engine_unhealthy", 70


class DeadlineExceeded(Refusal):
    """The answer would come later than the request may wait; it is not computed."""

    status, code = 504, "deadline_exceeded"
