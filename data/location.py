"""Where annotations are kept, unless a command or the server is told otherwise."""

import os

DEFAULT = "var/annotations.db"
ENVIRONMENT = "DEMARCHE_ANNOTATIONS"  # the server's setting, so that all use one store


def default_location() -> str:
    """A path, or a `postgresql://` URL."""
    return os.environ.get(ENVIRONMENT) or DEFAULT
