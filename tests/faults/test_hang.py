"""An engine that hangs ends the process, loudly, and nobody waits in silence."""

import http.client
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from serve.refusals import EngineUnhealthy
from tests.servers import Server, started


def test_a_hung_engine_fails_what_waits_and_the_process_ends_with_70():
    with started([sys.executable, "-m", "tests.faults.hanging_server"]) as server:
        assert server.ask("POST", "/v1/classify", {"text": "A demand."})[0] == 200

        with ThreadPoolExecutor(5) as clients:
            answers = list(clients.map(lambda n: sent(server, f"HANG {n}."), range(5)))

        code, log = server.ended()
        assert {(status, body["code"]) for status, body in answers} == {(503, "engine_unhealthy")}
        assert code == EngineUnhealthy.exit_code == 70
        assert "engine_hung" in log
        assert "HANG" not in log  # no text in the log, now least of all


def sent(server: Server, text: str) -> tuple[int, dict[str, str]]:
    with suppress(http.client.RemoteDisconnected):
        return server.ask("POST", "/v1/classify", {"text": text})
    return 0, {"code": "no answer"}
