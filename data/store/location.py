"""Where annotations are kept and who made them, unless something else is said."""

import os

from data.judgements.person import UNNAMED as UNNAMED

DEFAULT = "var/annotations.db"
IMPORTED = "import:"  # how the source of what a file said begins; then digits of its sha256
ENVIRONMENT = "DEMARCHE_ANNOTATIONS"  # the server's setting, so that all use one store


def default_location() -> str:
    """A path, or a `postgresql://` URL."""
    return os.environ.get(ENVIRONMENT) or DEFAULT
