"""A model folder: written whole or not at all, and verified before it is used.

Files: manifest.json, tokenizer.json, engine.xml and engine.bin, checkpoint.safetensors (retraining
starts from it), golden.jsonl (sentences of the self-test), README.md (the model card), report/, hf/
(optional: for transformers), careful/ (optional: tokenizer and engine of a second network),
and COMPLETE, written last, with the sha256 of manifest.json.
"""

import errno
import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from model.artifact.manifest import Manifest, read_manifest
from model.durable import sync, whole_folder
from model.errors import ArtifactCorrupt, ArtifactError, ArtifactMissing

MANIFEST, COMPLETE = "manifest.json", "COMPLETE"
TOKENIZER, GRAPH, GOLDEN, CARD = "tokenizer.json", "engine.xml", "golden.jsonl", "README.md"
HF_FOLDER, REPORT_FOLDER, CAREFUL_FOLDER = "hf", "report", "careful"
CHECKPOINT = "checkpoint.safetensors"
# these say nothing of the folder: too many open files, here or on the machine, and no memory
_PASSING = (errno.EMFILE, errno.ENFILE, errno.ENOMEM)


@dataclass(frozen=True)
class StoredNetwork:
    """One network of a model folder: where its files are, and how they are run."""

    folder: Path
    engine: str
    max_window: int
    pad_id: int

    @property
    def tokenizer(self) -> Path:
        """The tokenizer's file, normalisation included."""
        return self.folder / TOKENIZER

    @property
    def graph(self) -> Path:
        """The engine's graph; its weights are in the .bin file, or files, beside it."""
        return self.folder / GRAPH


@dataclass(frozen=True)
class Artifact:
    """A verified model folder."""

    folder: Path
    manifest: Manifest

    @property
    def fast(self) -> StoredNetwork:
        """The network that reads every sentence."""
        m = self.manifest
        return StoredNetwork(self.folder, m.engine, m.max_window, m.pad_id)

    @property
    def careful(self) -> StoredNetwork | None:
        """The network that reads what the fast one doubts, if there is one."""
        m = self.manifest.careful
        if m is None:
            return None
        return StoredNetwork(self.folder / CAREFUL_FOLDER, m.engine, m.max_window, m.pad_id)

    @property
    def tokenizer(self) -> Path:
        """The tokenizer's file of the fast network."""
        return self.fast.tokenizer

    @property
    def graph(self) -> Path:
        """The graph of the fast network."""
        return self.fast.graph

    def golden(self, *, asked_twice: bool = False) -> list[tuple[str, Mapping[str, float]]]:
        """Read the sentences of the self-test, each with the scores that it must get.

        They are those of the fast network alone or, if `asked_twice`, of both together.
        """
        lines = (self.folder / GOLDEN).read_text(encoding="utf-8").splitlines()
        field = "asked_twice" if asked_twice else "scores"
        return [(row["text"], row[field]) for row in map(json.loads, lines)]


def open_artifact(folder: Path) -> Artifact:
    """Verify every byte of a model folder and return it.

    Raises:
        ArtifactMissing, ArtifactCorrupt, ArtifactFormat, ArtifactLabels: see model.errors.
    """
    complete = folder / COMPLETE
    if not complete.is_file():
        raise ArtifactMissing(f"{folder} holds no finished model: there is no {COMPLETE} in it")
    try:
        return _verified(folder)
    # whatever the bytes of its files are: names with NUL, digests that are numbers, half characters
    except (ValueError, TypeError, AttributeError, OverflowError) as error:
        raise ArtifactCorrupt(f"{folder} is damaged, copy it again: {error}") from error
    except OSError as error:
        if error.errno in _PASSING:
            raise
        raise ArtifactCorrupt(f"{folder} cannot be read, copy it again: {error}") from error


def _verified(folder: Path) -> Artifact:
    manifest_path = folder / MANIFEST
    _verify(manifest_path, (folder / COMPLETE).read_text(encoding="ascii").strip())
    manifest = read_manifest(manifest_path.read_text(encoding="utf-8"))
    for name, digest in manifest.files.items():
        _verify(folder / name, digest)
    return Artifact(folder, manifest)


@contextmanager
def new_artifact(folder: Path) -> Iterator[Path]:
    """Give a temporary folder to fill and `seal`, which becomes `folder` when the block ends.

    On any error, and if it was not sealed, nothing of it remains.

    Raises:
        ArtifactError: `folder` exists already; model folders are immutable.
    """
    if folder.exists():
        raise ArtifactError(f"{folder} exists already: model folders are never overwritten")
    with whole_folder(folder, is_complete=_is_sealed) as temporary:
        yield temporary


def seal(folder: Path, manifest: Manifest) -> None:
    """Write the manifest with every file's sha256, then COMPLETE; all of it reaches the disk."""
    names = sorted(path for path in folder.rglob("*") if path.is_file())
    files = {str(path.relative_to(folder)): sha256_file(path) for path in names}
    (folder / MANIFEST).write_text(replace(manifest, files=files).to_json(), encoding="utf-8")
    for path in [*names, folder / MANIFEST]:
        sync(path)
    (folder / COMPLETE).write_text(sha256_file(folder / MANIFEST) + "\n", encoding="ascii")
    sync(folder / COMPLETE)
    sync(folder)


def _is_sealed(folder: Path) -> bool:
    return (folder / COMPLETE).is_file()


def sha256_file(path: Path) -> str:
    """Return the hexadecimal sha256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _verify(path: Path, digest: str) -> None:
    if not path.is_file():
        raise ArtifactMissing(f"{path} is missing: the model folder is not whole, copy it again")
    if sha256_file(path) != digest:
        raise ArtifactCorrupt(f"{path} was changed or damaged since training: copy it again")
