"""A TOML file to its table."""

import tomllib
from pathlib import Path
from typing import Any

from model.errors import Fault, InvalidData


def read_toml(path: Path) -> dict[str, Any]:
    """Read and parse; what the table must hold is its reader's affair.

    Raises:
        InvalidData: it cannot be read or parsed.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        fault = Fault(str(path), 0, "file", "toml", str(error), "a TOML file")
        raise InvalidData([fault]) from error
