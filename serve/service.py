"""The parts of one running service, typed: what routes, guards and the lifespan work with."""

from dataclasses import dataclass

from starlette.applications import Starlette

from serve.annotating.recorder import ScoredRecorder
from serve.annotating.store_on_demand import StoreOnDemand
from serve.live.activation import Activation
from serve.scoring.backlog import Backlog
from serve.scoring.inference import Inference
from serve.scoring.limits import Limits
from serve.scoring.watchdog import HealthState
from serve.telemetry.metrics import Metrics


@dataclass(frozen=True)
class Scoring:
    """The parts that exist only while a model is loaded."""

    backlog: Backlog
    inference: Inference
    activation: Activation


@dataclass
class Service:
    """Everything that requests share.

    Attributes:
        scoring: None before the model is loaded, and again once the service stops.
        startup_error: why the service could not start, if that is known.
    """

    limits: Limits
    annotations: StoreOnDemand
    recorder: ScoredRecorder
    metrics: Metrics
    health: HealthState
    scoring: Scoring | None = None
    startup_error: Exception | None = None


def add_service(app: Starlette, service: Service) -> None:
    """Attach the service to its application."""
    app.state.service = service


def service_of(app: Starlette) -> Service:
    """The service of an application."""
    service: Service = app.state.service
    return service
