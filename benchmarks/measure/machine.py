"""The machine that a benchmark ran on, stated beside its figures."""

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from model.engines.cores import usable_cores
from model.engines.cpu_flags import cpu_flags

_TELLING = ("avx2", "avx512f", "avx512_vnni", "avx_vnni", "avx512_bf16", "amx_int8", "amx_bf16")
_PACKAGES = ("openvino", "torch", "transformers", "onnxruntime", "tokenizers", "numpy", "uvicorn")


def describe_machine() -> str:
    """Describe CPU, cores, flags, memory, versions and date, as Markdown."""
    flags = cpu_flags()
    telling = " ".join(flag for flag in _TELLING if flag in flags) or "none known"
    packages = ", ".join(f"{name} {found}" for name in _PACKAGES if (found := _version(name)))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {_processor()}, {usable_cores()} cores ({telling}), "
        f"{memory:.0f} GiB, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, {packages}. "
        f"Load of the machine before the run: {os.getloadavg()[0]:.1f}."
    )


def busy() -> bool:
    """Return whether something else runs on this machine: ratios are then less exact."""
    return os.getloadavg()[0] > 0.5


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    named = dict(reversed([line.split(":", 1) for line in lines if ":" in line]))
    fields = {name.strip(): value.strip() for name, value in named.items()}
    model = fields.get("model name", platform.machine())
    family, number = fields.get("cpu family"), fields.get("model")
    return f"{model} (family {family}, model {number})" if family else model


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
