"""Addresses of the web at the ends and beginnings of lines: broken over two, or by themselves."""

import re

_ALONE = re.compile(r"[<(]?(?:https?://|www\.)\S+\Z")
_LAST = re.compile(r"(?:https?://|www\.)\S+\Z")
# What an address cannot end with, and what its rest looks like.
_UNFINISHED = re.compile(r"[-_=&?%+.](?<!\.\.)\Z")
_REST = re.compile(r"[\w%&=?#~+-]*[/_=&%?#.-](?=[\w/])[\w./%&=?#~+-]*/?")
_PIECE = re.compile(r"[\w./%&=?#~+-]*[\w/]")


def is_address(line: str) -> bool:
    """Whether a line is an address and no more."""
    return _ALONE.match(line) is not None


def ends_in_address(line: str) -> bool:
    """Whether an address stands at the end of a line."""
    if "://" not in line and "www." not in line:
        return False
    last = line.rpartition(" ")[2]
    return ("://" in last or last.startswith("www.")) and _LAST.search(last) is not None


def address_goes_on(line: str, after: str) -> bool:
    """Whether the address at the end of a line was broken there, and its rest begins the next."""
    first = after.partition(" ")[0]
    if "://" in first or first.startswith("www."):
        return False
    if _UNFINISHED.search(line):
        return _PIECE.match(first) is not None and not line.endswith(".")
    rest = _REST.match(first)
    return rest is not None and len(rest.group()) >= len(first.rstrip(".,;:)>"))
