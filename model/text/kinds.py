"""What a sentence is: a claim, a heading, a speaker's label, furniture, an attribution."""

import re
from typing import NamedTuple

from model.text.boundaries.quotations import VERBS
from model.text.lines.claims import says
from model.text.page_words import is_furniture
from model.text.units import Kind

_LONGEST_HEADING = 200
_LONGEST_NOTICE = 300
_END = re.compile(r"[.!?\u2026;:,][\"'\u201d\u2019\u00bb)\]*_]*\Z")
_ATTRIBUTION = re.compile(
    rf".{{0,160}}\b(?:{VERBS}|statement|following|words|read)\b.{{0,60}}:\Z", re.DOTALL
)
_BYLINE = re.compile(
    r"(?P<dash>[\u2014\u2013\u2015-]{1,2}\s?)?[A-Z][\w.'\u2019-]{1,20}(?:\s(?:[A-Z][\w.'\u2019-]{0,20}"
    r"|de|del|van|von|der|den|al|bin|of|da|dos)){1,5}(?P<office>,\s.{2,80})?"
)
_WORDS = re.compile(r"[^\W\d_][\w'\u2019-]*")
_SMALL = frozenset(
    "of the a an and or to in on at by for from with as its their his her between".split()
)


class Place(NamedTuple):
    """Where a sentence stands.

    Attributes:
        alone: whether it is all of its paragraph.
        listed: whether a mark or a speaker's label stands before it.
        dashed: whether that mark is a dash.
        last: whether no paragraph follows.
        before_quotation: whether the next paragraph opens a quotation.
        after_quotation: whether the paragraph before ends one.
    """

    alone: bool
    listed: bool
    dashed: bool
    last: bool
    before_quotation: bool
    after_quotation: bool


def kind_of(text: str, place: Place) -> Kind:
    """Say what a sentence is, its marks and speaker label taken off."""
    if place.alone and place.before_quotation and _introduces(text):
        return "attribution"
    if len(text) <= _LONGEST_NOTICE and is_furniture(text, alone=place.alone):
        return "furniture"
    if place.alone and _is_byline(text, place):
        return "attribution"
    if place.alone and not place.listed and is_heading(text, last=place.last):
        return "heading"
    return "sentence"


def _introduces(text: str) -> bool:
    return text.endswith(":") and _ATTRIBUTION.fullmatch(text) is not None


def _is_byline(text: str, place: Place) -> bool:
    """Whose words stand above: a name behind a dash, or with an office below a quotation."""
    match = _BYLINE.fullmatch(text)
    if match is None or says(text):
        return False
    below = place.after_quotation and match["office"] is not None and not place.listed
    return bool(match["dash"]) or place.dashed or below


def is_heading(text: str, *, last: bool) -> bool:
    """Whether a paragraph is a title, a name or an address, not a sentence."""
    if len(text) > _LONGEST_HEADING or _END.search(text[-12:]):
        return False
    if text.startswith(("http://", "https://", "www.")) or text.isupper():
        return True
    words = _WORDS.findall(text)
    if not words or words[0][0].islower():
        return False
    content = [word for word in words[1:] if word.lower() not in _SMALL]
    if content and sum(word[0].isupper() for word in content) * 3 >= 2 * len(content):
        return True
    return not last and len(words) <= 12
