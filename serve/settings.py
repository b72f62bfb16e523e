"""The settings of the server: read from the environment once, then passed on as a value."""

from ipaddress import ip_address
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from data.store.location import DEFAULT as ANNOTATIONS
from model.decide.second_opinion import Effort
from model.registry.registry import MODELS


class Settings(BaseSettings):
    """Every setting is an environment variable with the prefix DEMARCHE_, such as DEMARCHE_PORT."""

    model_config = SettingsConfigDict(env_prefix="DEMARCHE_", frozen=True, extra="forbid")

    host: str = Field("127.0.0.1", description="address to listen on")
    hosts: str = Field(
        "",
        description="names that requests may give as Host, with , between, such as those that a "
        "proxy passes on; loopback names need no naming",
    )
    port: int = Field(8000, ge=0, le=65535, description="port to listen on; 0 takes a free one")
    metrics_port: int | None = Field(
        None,
        ge=1,
        le=65535,
        description="second port, where GET /metrics needs no key and nothing else is answered",
    )
    model: Path | None = Field(
        None, description="the model folder to serve; none: the registry's live model"
    )
    effort: Effort = Field(
        Effort.BALANCED,
        description="what a model with two networks asks twice: nothing (fast), what it doubts "
        "(balanced), every sentence (careful)",
    )
    models: Path = Field(MODELS, description="the registry, the folder of trained models")
    annotations: str = Field(
        ANNOTATIONS, description="the annotation store: a path, or a postgresql:// URL", repr=False
    )
    keep_scored: int = Field(
        0,
        ge=0,
        le=1_000_000,
        description="newest scored sentences kept in the annotation store for GET /v1/queue; "
        "0 keeps none, as texts can be sensitive",
    )
    threads: int | None = Field(
        None, ge=1, description="inference threads; default: cores and quota"
    )

    keys: str = Field(
        "", description="API keys, with ; between; python -m serve key makes one", repr=False
    )
    keys_file: Path | None = Field(None, description="file of API keys, one a line")
    insecure: bool = Field(
        default=False, description="let anyone in, without keys, though not on loopback"
    )
    requests_per_minute: int = Field(600, ge=1, description="most requests of one key")

    max_body_bytes: int = Field(1024 * 1024, ge=1024, description="largest request body")
    max_characters: int = Field(200_000, ge=1, description="most characters in a request")
    max_sentences: int = Field(
        10_000,
        ge=1,
        description="most items in a list of sentences or spans; texts have no limit",
    )
    max_annotations: int = Field(512, ge=1, description="most annotations in a request")
    max_requests: int = Field(128, ge=1, description="most requests being answered at once")
    max_connections: int = Field(512, ge=1, description="most connections open at once")

    queue_seconds: float = Field(2.0, gt=0, description="seconds of work that may wait")
    deadline_seconds: float = Field(10.0, gt=0, description="seconds in which an answer must come")
    header_seconds: float = Field(10.0, gt=0, description="seconds in which headers must come")
    body_seconds: float = Field(10.0, gt=0, description="seconds in which a body must come")
    keep_alive_seconds: int = Field(5, ge=1, description="seconds an idle connection is kept")
    send_seconds: float = Field(
        30.0, gt=0, description="seconds in which a client must take what is sent to it"
    )
    drain_delay_seconds: float = Field(
        0.0, ge=0, description="seconds to serve on, unready, after SIGTERM"
    )
    drain_seconds: int = Field(25, ge=1, description="seconds in which accepted work is finished")

    @property
    def on_loopback(self) -> bool:
        """Whether only this machine can reach the service."""
        if self.host == "localhost":
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False
