"""A service whose engine hangs over "HANG", on a clock that jumps an hour when it does."""

import os
import sys
import time
from threading import Event

from model.engines.protocol import Logits
from serve.app import create_app
from serve.process.server import serve
from serve.settings import Settings
from serve.telemetry.logs import configure_logs
from tests.fakes import FakeClassifier, NamingEngine


class Hanging(NamingEngine):
    """Never answers; `clock` is the service's."""

    def __init__(self) -> None:
        super().__init__()
        self.jumped = 0.0

    def clock(self) -> float:
        return time.monotonic() + self.jumped

    def score(self, text: str) -> Logits:
        if "HANG" in text:
            self.jumped = 3_600.0
            Event().wait()
        return super().score(text)


if __name__ == "__main__":
    configure_logs()
    settings = Settings(port=0, deadline_seconds=1e9)
    engine = Hanging()
    app = create_app(settings, FakeClassifier(engine), clock=engine.clock)
    serve(app, settings, announce=lambda at: print(f"ready at {at}", flush=True))  # noqa: T201
    sys.exit(os.EX_OK)
