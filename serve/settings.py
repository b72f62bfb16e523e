"""What runs the server: read from the environment once, then passed on as a value."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from data.location import DEFAULT as ANNOTATIONS
from model.registry import MODELS


class Settings(BaseSettings):
    """Every setting is an environment variable with the prefix DEMARCHE_, such as DEMARCHE_PORT."""

    model_config = SettingsConfigDict(env_prefix="DEMARCHE_", frozen=True, extra="forbid")

    host: str = Field("127.0.0.1", description="address to listen on")
    port: int = Field(8000, ge=0, le=65535, description="port to listen on; 0 takes a free one")
    model: Path | None = Field(
        None, description="the model folder to serve; none: the registry's live model"
    )
    models: Path = Field(MODELS, description="the registry, the folder of trained models")
    threads: int | None = Field(None, ge=1, description="inference threads; default: all cores")
    max_body_bytes: int = Field(1024 * 1024, ge=1024, description="largest request body")
    max_characters: int = Field(200_000, ge=1, description="most characters in a request")
    max_sentences: int = Field(512, ge=1, description="most sentences in a request")
    annotations: str = Field(
        ANNOTATIONS, description="the annotation store: a path, or a postgresql:// URL"
    )
