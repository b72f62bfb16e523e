"""Errors for requests that the service refuses; serve/api/problem_table.py has their statuses."""

import math
import random

from model.errors import DemarcheError

_MAX_RETRY_AFTER = 30


class Refusal(DemarcheError):
    """A request is refused; the message says why and what would help.

    Attributes:
        retry_after: seconds after which another try makes sense; None if that will not help.
    """

    def __init__(self, detail: str, *, retry_after: int | None = None) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class Unauthorised(Refusal):
    """The request has no key, or one that is not known."""


class Forbidden(Refusal):
    """The key does not have the scope that the path needs."""


class WrongHost(Refusal):
    """The request names a host that this service does not answer for."""


class CrossSite(Refusal):
    """A browser sent the request for a page of another site."""


class NotActivated(Refusal):
    """A model is not put into service; the one before it stays."""


class NotAnswered(Refusal):
    """A model's answer is asked for by somebody who has not answered yet."""


class RateLimited(Refusal):
    """The key has used up its requests for now."""


class Overloaded(Refusal):
    """More work waits than can be done within the time set; nothing of the request was started."""


class Draining(Refusal):
    """The service is stopping, and this request was not finished in the time left."""


class EngineUnhealthy(Refusal):
    """The engine makes no progress; the process ends, and its supervisor should start it again."""

    exit_code = 70


class DeadlineExceeded(Refusal):
    """The answer would come later than the request may wait; it is not computed."""


def overloaded(seconds: float) -> Overloaded:
    """Say that so many seconds of work wait, and when to come back.

    The time is random by a fifth, so that clients refused together do not come back together.
    """
    spread = 0.8 + 0.4 * random.random()
    retry_after = min(max(math.ceil(seconds * spread), 1), _MAX_RETRY_AFTER)
    return Overloaded(f"{seconds:.1f} s of work wait: try again later", retry_after=retry_after)
