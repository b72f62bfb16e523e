"""A web page to the text it shows: blocks to paragraphs, menus and forms left out and counted."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from model.errors import UnusableText

# The parser takes a time that grows with the square of the depth: 0.5 s for 20,000 elements in one
# another, 19 s for 80,000. Pages of parliaments and ministries stay under 60.
_MAX_DEPTH = 1000
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
# Elements that never hold others, and those that the next one of their kind ends.
_NOT_NESTING = frozenset(
    "area base br col embed hr img input link meta source track wbr p li dt dd tr td th option "
    "colgroup thead tbody tfoot caption".split()
)
# Never shown as text.
_UNSHOWN = frozenset("head script style noscript template svg math iframe object canvas".split())
# Shown, and the page's, not the statement's: left out, and said so.
_AROUND = frozenset("nav footer aside form button select menu dialog".split())
_BLOCKS = frozenset(
    "address article blockquote body dd details div dl dt fieldset figcaption figure h1 h2 h3 h4 "
    "h5 h6 header hr li main ol p pre section summary table tbody td tfoot th thead tr ul".split()
)
_SPACES = re.compile(r"[ \t\r\n\f\v]+")
_TEXT, _BREAK, _PREFORMATTED = "-text", "br", "pre"


@dataclass(frozen=True)
class PageText:
    """What a page says.

    Attributes:
        text: its paragraphs, an empty line between them.
        left_out: characters of what stands around it, by the element that holds them.
    """

    text: str
    left_out: Mapping[str, int]


def read_html(page: str) -> PageText:
    """Read the text of a page or of a piece of HTML.

    Raises:
        UnusableText: its elements nest deeper than any page's.
    """
    _check_depth(page)
    root = LexborHTMLParser(page).root
    left_out: Counter[str] = Counter()
    pieces = list(_pieces(root, left_out)) if root else []
    paragraphs = "".join(pieces).split("\x00")
    lines = ("\n".join(line.strip() for line in each.split("\n")).strip() for each in paragraphs)
    return PageText("\n\n".join(filter(None, lines)), dict(left_out))


def _check_depth(page: str) -> None:
    opened: Counter[str] = Counter()
    depth = 0
    for match in _TAG.finditer(page):
        name = match[2].lower()
        if name in _NOT_NESTING:
            continue
        if not match[1]:
            opened[name] += 1
            depth += 1
        elif opened[name]:  # an end without a beginning ends nothing
            opened[name] -= 1
            depth -= 1
        if depth > _MAX_DEPTH:
            raise UnusableText(
                f"the page nests its elements deeper than {_MAX_DEPTH:,}: send its text"
            )


def _pieces(root: LexborNode, left_out: Counter[str]) -> Iterator[str]:
    """Texts in order, with NUL where a block begins or ends; without recursion: pages nest deep."""
    stack: list[LexborNode | str] = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            yield node
            continue
        tag = node.tag or ""
        if tag == _TEXT:
            yield _text_of(node)
        elif tag == _BREAK:
            yield "\n"
        elif tag in _AROUND:
            left_out[tag] += len(_SPACES.sub(" ", node.text(deep=True)).strip())
        elif tag not in _UNSHOWN:
            edge = ["\x00"] if tag in _BLOCKS else []
            yield from edge
            stack += edge
            stack += reversed(list(node.iter(include_text=True)))


def _text_of(node: LexborNode) -> str:
    text = (node.text_content or "").replace("\x00", " ")
    parent = node.parent
    if parent is not None and parent.tag == _PREFORMATTED:
        return text
    return _SPACES.sub(" ", text)
