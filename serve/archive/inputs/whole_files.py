"""Files that are one document: plain text and web pages."""

from codecs import BOM_UTF8
from collections.abc import Iterator
from typing import Any

from model.errors import InputError
from model.text.html import read_html
from serve.archive.inputs.byte_stream import ByteStream
from serve.archive.inputs.record import (
    MAX_BYTES,
    Found,
    Position,
    Problem,
    ReadOptions,
    decoded,
    shown,
)


def read_text(stream: ByteStream, start: Position, options: ReadOptions) -> Iterator[Found]:
    """Yield the one document of a text file."""
    text = _whole(stream, options)
    value = text if isinstance(text, Problem) else {options.text: text}
    yield Found(1, Position(stream.offset, 1, start.record + 1), value, ends=True)


def read_page(stream: ByteStream, start: Position, options: ReadOptions) -> Iterator[Found]:
    """Yield the one document of a web page: its text, and what was left out of it."""
    text = _whole(stream, options)
    value: dict[str, Any] | Problem
    if isinstance(text, Problem):
        value = text
    else:
        try:
            page = read_html(text)
            value = {options.text: page.text}
            if page.left_out:
                value["html_left_out"] = dict(page.left_out)
        except InputError as error:
            value = Problem("text", "unusable", shown(text), str(error), shown(text))
    yield Found(1, Position(stream.offset, 1, start.record + 1), value, ends=True)


def _whole(stream: ByteStream, options: ReadOptions) -> str | Problem:
    content = stream.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        got = f"over {MAX_BYTES:,} bytes"
        return Problem("file", "too_long", got, "a file of fewer bytes", shown(content))
    return decoded(content.removeprefix(BOM_UTF8), options.encoding)
