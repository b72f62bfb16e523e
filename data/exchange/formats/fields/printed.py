"""Lists and numbers of classes as programs print them into one cell of text."""

import ast
import json
import re

from data.exchange.formats.fields.options import ReadOptions

SEPARATORS = ("|", ";", ",", "#", "/", "+", "&", "\n")
_NUMBER = re.compile(r"\d{1,9}(\.0+)?")


def class_numbers(text: str, options: ReadOptions) -> list[float]:
    """Numbers of classes in a cell of text, one or several; none if they have no meaning here."""
    for separator in ("", *SEPARATORS):
        parts = text.split(separator) if separator else [text]
        if all(_NUMBER.fullmatch(part.strip()) for part in parts):
            mapped = all(str(int(float(part))) in options.names for part in parts)
            return [float(part) for part in parts] if options.classes or mapped else []
    return []


def printed(text: str) -> object:
    """The list or object that JSON, Python or numpy printed; the text if it is none."""
    spaced = re.sub(r"(?<=['\"])\s+(?=['\"])", ", ", text)  # numpy puts no commas
    for parse in (json.loads, ast.literal_eval):
        try:
            value = parse(spaced)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            continue
        return list(value) if isinstance(value, (tuple, set)) else value
    return text
