"""The recipes for running it name probes, settings and times that exist and fit."""

import re
from pathlib import Path

import pytest
import yaml

from serve.guard.hosts import configured_hosts
from serve.guard.paths import PROBES
from serve.settings import Settings
from serve.telemetry.metrics import Metrics

DEPLOY = Path(__file__).parents[2] / "deploy"
RECIPES = sorted(path for path in DEPLOY.iterdir() if path.name != "nginx.conf")


def kubernetes(kind: str) -> dict:
    documents = yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text())
    return next(each for each in documents if each["kind"] == kind)["spec"]


@pytest.mark.parametrize("path", RECIPES, ids=lambda p: p.name)
def test_recipes_set_only_what_there_is_to_set(path: Path):
    named = set(re.findall(r"DEMARCHE_([A-Z_]+)\b", path.read_text()))

    assert {name.lower() for name in named} <= set(Settings.model_fields)


def test_kubernetes_asks_each_probe_for_what_it_says():
    (container,) = kubernetes("Deployment")["template"]["spec"]["containers"]

    for probe, path in (("startup", "startupz"), ("liveness", "livez"), ("readiness", "readyz")):
        assert container[f"{probe}Probe"]["httpGet"]["path"] == f"/{path}"
        assert f"/{path}" in PROBES


def test_kubernetes_leaves_time_to_drain():
    pod = kubernetes("Deployment")["template"]["spec"]
    env = {each["name"]: each.get("value") for each in pod["containers"][0]["env"]}
    delay, drain = (float(env[f"DEMARCHE_{name}_SECONDS"]) for name in ("DRAIN_DELAY", "DRAIN"))
    readiness = pod["containers"][0]["readinessProbe"]

    assert pod["terminationGracePeriodSeconds"] > delay + drain + 5
    assert delay > readiness["periodSeconds"] * readiness["failureThreshold"]


def test_kubernetes_scales_on_a_metric_that_exists():
    (metric,) = kubernetes("HorizontalPodAutoscaler")["metrics"]
    name = metric["pods"]["metric"]["name"]

    assert name in Metrics().names()


def environment() -> dict[str, str | None]:
    (container,) = kubernetes("Deployment")["template"]["spec"]["containers"]
    return {each["name"]: each.get("value") for each in container["env"]}


def test_kubernetes_scrapes_without_a_key_by_a_port_that_no_service_shows():
    template, env = kubernetes("Deployment")["template"], environment()
    port = env["DEMARCHE_METRICS_PORT"]
    (container,) = template["spec"]["containers"]
    named = {each["name"]: each["containerPort"] for each in container["ports"]}

    assert template["metadata"]["annotations"]["prometheus.io/port"] == port
    assert named["metrics"] == int(port or 0)
    assert [each["targetPort"] for each in kubernetes("Service")["ports"]] == ["http"]
    open_to_all = [
        each["ports"] for each in kubernetes("NetworkPolicy")["ingress"] if "from" not in each
    ]
    assert open_to_all == [[{"port": "http"}]]


def test_behind_each_proxy_the_host_that_it_passes_on_is_taken():
    unit, proxy = ((DEPLOY / name).read_text() for name in ("demarche.service", "nginx.conf"))
    name = re.search(r"server_name (\S+);", proxy).group(1)
    hosts = configured_hosts(
        Settings(hosts=re.search(r"DEMARCHE_HOSTS=(\S+)", unit).group(1), host="127.0.0.1")
    )

    assert "proxy_set_header Host $host;" in proxy
    assert hosts.allow(name)
    cluster = configured_hosts(Settings(hosts=environment()["DEMARCHE_HOSTS"], host="0.0.0.0"))  # noqa: S104
    assert cluster.allow("demarche")
    assert cluster.allow("demarche.default.svc.cluster.local:80")


def test_compose_and_systemd_leave_time_to_drain_and_start_again_after_a_hang():
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]["demarche"]
    unit = (DEPLOY / "demarche.service").read_text()

    needed = Settings.model_fields["drain_seconds"].default + 5
    assert int(compose["stop_grace_period"].rstrip("s")) > needed
    assert int(re.search(r"TimeoutStopSec=(\d+)", unit).group(1)) > needed
    assert compose["restart"] == "on-failure"
    assert "Restart=on-failure" in unit
