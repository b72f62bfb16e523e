"""The files of a registry, read so that damage in one of them harms nothing else."""

import re
from pathlib import Path

from model.artifact.folder import MANIFEST
from model.artifact.manifest import Manifest, read_manifest
from model.errors import ArtifactCorrupt, ArtifactMissing, RegistryError
from model.registry.history import RegistryEvent, parse_event

VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]*")
_REPAIR = (
    "make the last line of history.jsonl its content, or delete it to serve the model that comes "
    "with the software"
)


def read_pointer(path: Path) -> RegistryEvent | None:
    """Read the event that made the live model so; None if none was ever promoted.

    Raises:
        RegistryError: the file is damaged or was changed by hand; the message says the way out.
        OSError: it cannot be read just now.
    """
    try:
        event = parse_event(path.read_bytes())
    except FileNotFoundError:
        return None
    except RegistryError as error:
        raise RegistryError(f"{path} is damaged: {_REPAIR} ({error})") from error
    if not event.shipped and not VERSION.fullmatch(event.after):
        raise RegistryError(f"{path} names {event.after!r}, which is no version: {_REPAIR}")
    return event


def read_folder(folder: Path) -> Manifest:
    """Read the manifest of a model folder, without verifying the rest.

    Raises:
        ArtifactError: it has none, or one that is damaged or of another format.
    """
    try:
        return read_manifest((folder / MANIFEST).read_text(encoding="utf-8"))
    except OSError as error:
        raise ArtifactMissing(f"{folder} holds no finished model: no {MANIFEST} in it") from error
    except UnicodeDecodeError as error:
        raise ArtifactCorrupt(f"{folder / MANIFEST} is damaged: copy the folder again") from error
