"""Features of this machine's processors that decide which engine gives correct scores."""

from pathlib import Path

_CPU_INFO = Path("/proc/cpuinfo")
_NVIDIA = Path("/proc/driver/nvidia/version")
# Without one of these, x86 adds pairs of u8 x s8 products in 16 bits, which overflow: int8 scores
# are then wrong (onnxruntime issue 6004). Arm's dot products add in 32 bits.
_EXACT_INT8 = {"avx512_vnni", "avx_vnni", "amx_int8", "asimddp", "i8mm"}


def cpu_flags(path: Path = _CPU_INFO) -> frozenset[str]:
    """Read the flags of the first processor; empty if the system does not list them."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return frozenset()
    for line in lines:
        name, _, value = line.partition(":")
        if name.strip() in ("flags", "Features"):
            return frozenset(value.split())
    return frozenset()


def multiplies_int8(flags: frozenset[str]) -> bool:
    """Return whether int8 products are exact on a CPU with these flags."""
    return bool(flags & _EXACT_INT8)


def has_nvidia(driver: Path = _NVIDIA) -> bool:
    """Return whether there is an NVIDIA driver, without loading torch."""
    return driver.exists()
