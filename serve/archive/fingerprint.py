"""What a run is of: if any of it is different, its output would be, too."""

import platform
import sys
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import model.text
from serve.archive.inputs.sources import Source

_OURS = Path(__file__).parent
_TEXT = Path(model.text.__file__).parent
_SCORING = (_TEXT.parent / "scored.py", _TEXT.parent / "repeats.py", _TEXT.parent / "decide")
# what decides how a text is split, a page is read, a language is told
_PACKAGES = ("pycld2", "selectolax", "tokenizers")


def fingerprint(
    sources: Sequence[Source],
    options: Mapping[str, Any],
    instrument: Mapping[str, Any],
) -> dict[str, Any]:
    """Describe a run: its inputs, options, model, engine with its numerics, and program."""
    return {
        "inputs": [
            {"name": each.name, "format": each.format, "size": each.size, "digest": each.digest}
            for each in sources
        ],
        "options": dict(options),
        **instrument,
        "splitter": _digest(_TEXT),
        "program": {
            "archive": _digest(_OURS, *_SCORING),
            "python": ".".join(map(str, sys.version_info[:2])),
            **{name: version(name) for name in _PACKAGES},
            **({"pyarrow": version("pyarrow")} if find_spec("pyarrow") else {}),
        },
    }


def difference(old: object, new: object, name: str = "") -> str | None:
    """Name the first field in which two fingerprints differ, and both values."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        pairs = ((key, old.get(key), new.get(key)) for key in {**old, **new})
        return next(filter(None, (difference(a, b, f"{name}.{k}") for k, a, b in pairs)), None)
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        return next(filter(None, _of_lists(old, new, name)), None)
    if old == new:
        return None
    if isinstance(old, list) and isinstance(new, list):
        return f"{name[1:]}: {len(old)} then, {len(new)} now"
    return f"{name[1:]}: {str(old)[:80]} then, {str(new)[:80]} now"


def machine() -> dict[str, str]:
    """Name the machine, for people: what counts is the digest of the engine's numerics."""
    return {"processor": _processor(), "system": platform.platform()}


def _of_lists(old: list[Any], new: list[Any], name: str) -> Iterator[str | None]:
    for number, (a, b) in enumerate(zip(old, new, strict=True)):
        title = a.get("name", number) if isinstance(a, Mapping) else number
        yield difference(a, b, f"{name}[{title}]")


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())


def _digest(*places: Path) -> str:
    """Of the sources of packages: whatever is changed there, texts may be split otherwise."""
    digest = sha256()
    for place in places:
        for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            digest.update(path.relative_to(place.parent).as_posix().encode() + b"\0")
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
