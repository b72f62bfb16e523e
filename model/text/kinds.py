"""What a sentence is: a claim, a heading, a speaker's label, furniture, an attribution."""

import re

from model.text.boundaries.quotations import VERBS
from model.text.units import Kind

_LONGEST_HEADING = 200
_LONGEST_NOTICE = 300
_END = re.compile(r"[.!?\u2026;:,][\"'\u201d\u2019\u00bb)\]*_]*\Z")
_CREDIT = re.compile(
    r"(?:\(?(?:Additional |Further )?(?:Reporting|Editing|Writing|Edited|Written|Reported"
    r"|Compiled|Translated|Translation|Photo(?:graph)?s?|Video|Graphics?)"
    r"(?: and (?:editing|writing|reporting))? by\b|(?:Photo|Image|Picture|Source|Photos"
    r"|Credit|Video)\s?(?:credit)?:\s|(?:Media |Press )?Contacts?\s?:\s)"
    r".{0,200}",
    re.IGNORECASE | re.DOTALL,
)
# Who owns the words: a sign, "Copyright 2031", or "Copyright" and names up to a year.
_OWNER = re.compile(
    r"(?:[\u00a9\u2117]|(?i:(?:Crown )?Copyright(?:\s?:|,)?\s(?:\u00a9|\(c\)|\d{4}\b))"
    r"|Copyright by [A-Z]"
    r"|\([cC]\)\s(?:Copyright\s)?\d{4}\b"
    r"|(?:Crown [Cc]opyright|Copyright)(?:,?\s(?:[A-Z][\w.'\u2019&-]*|of|the|and|for))*,?\s\d{4}\b"
    r"|Crown [Cc]opyright\b)"
)
# What follows it, in sentences of their own; never what "we" say.
_LICENCE = re.compile(
    r"(?:[^.!?]|(?<=[A-Z])\.|\.(?=\S|\s[a-z\d])){0,120}(?:[.!?]+\s*|\Z)"
    r"(?:(?!We |I |Our |My )[^.!?]{0,160}(?i:rights?|licen[cs]e|licensed|copyright|reserved"
    r"|permission|permitted|reproduc|reprint|trade ?mark|registered|attribution|terms|privacy)"
    r"[^.!?]{0,160}(?:[.!?]+\s*|\Z)){0,4}"
)
_NAVIGATION = re.compile(
    r"(?:(?:TAGS|REFS?|REFTEL|E\.O\. \d{5}|EO \d{5})\s?:.{0,200}|SIPDIS|(?i:read (?:more"
    r"|also|next|on)|see also|more on this)\s?:.{0,200}"
    r"|(?:READ|SEE|WATCH|LISTEN|LEARN) (?:ALSO|MORE|NEXT|ON|NOW)\b.{0,200}|(?:Related|See "
    r"also|More on this|Recommended|Most read|Trending)\s?:.{0,200}"
    r"|(?:Share|Tweet|Print|E-?mail|Subscribe|Sign up|Follow us|Back to top|Skip to|Home"
    r"|Menu|Search|Log ?in|Next|Previous|Download)\b"
    r"(?:\s(?:this|on|now|to|the|for|our|us|page|article|content|main|navigation"
    r"|newsletter|top|in|here|story|PDF|Facebook|Twitter|WhatsApp|X|up))*[.:!]?"
    r"|(?:[\w ]{2,25}(?:\s(?:[|>\u00bb\u203a])\s)){2,12}[\w ]{2,40}"
    r"|(?:Continue reading|Click here|Advertisement|ADVERTISEMENT|Table of contents)\b.{0,80})",
    re.DOTALL,
)
# Looked for as plain strings: one pattern of them all took a third of the time of splitting.
_DISCLAIMERS = (
    "check against delivery",
    "for immediate release",
    "embargoed until",
    "embargo until",
    "please recycle",
    "all rights reserved",
    "responsibility for the content",
    "corrections should be",
    "correction should be",
    "not necessarily reflect",
    "not necessarily represent",
    "this record contains the text of",
    "for information media",
    "not an official record",
    "not an official document",
    "without formal editing",
    "final text will be printed",
    "cookie policy",
    "uses cookies",
    "use cookies",
    "terms of use",
    "terms of service",
    "privacy policy",
    "unsubscribe",
    "distr.: ",
    "original: english",
    "original: french",
    "original: spanish",
    "original: russian",
    "original: arabic",
    "original: chinese",
    "more information, please",
    "further information, please",
    "media contact:",
    "press contact:",
    "media contacts:",
    "press contacts:",
)
_ATTRIBUTION = re.compile(
    rf".{{0,160}}\b(?:{VERBS}|statement|following|words|read)\b.{{0,60}}:\Z", re.DOTALL
)
_BYLINE = re.compile(
    r"[\u2014\u2013-]{1,2}\s?[A-Z][\w.'\u2019-]{1,20}(?:\s[A-Z][\w.'\u2019-]{0,20}){1,4}(?:,\s.{2,80})?"
)
_WORDS = re.compile(r"[^\W\d_][\w'\u2019-]*")
_SMALL = frozenset(
    "of the a an and or to in on at by for from with as its their his her between".split()
)


def kind_of(text: str, *, alone: bool, listed: bool, last: bool, before_quotation: bool) -> Kind:
    """Say what a sentence is, its marks and speaker label taken off.

    Args:
        text: the sentence.
        alone: whether it is all of its paragraph.
        listed: whether a mark or a speaker's label stands before it.
        last: whether no paragraph follows.
        before_quotation: whether the next paragraph opens a quotation.
    """
    if alone and before_quotation and text.endswith(":") and _ATTRIBUTION.fullmatch(text):
        return "attribution"
    if len(text) <= 300 and is_furniture(text, alone=alone):
        return "furniture"
    if alone and _BYLINE.fullmatch(text):
        return "attribution"
    if alone and not listed and is_heading(text, last=last):
        return "heading"
    return "sentence"


def is_notice(text: str) -> bool:
    """Whether a paragraph says whose the words are and what may be done with them, no more."""
    owner = _OWNER.match(text) if len(text) <= _LONGEST_NOTICE else None
    return owner is not None and _LICENCE.fullmatch(text, owner.end()) is not None


def is_furniture(text: str, *, alone: bool) -> bool:
    """Whether the words are the page's: a credit, navigation, a disclaimer."""
    if not text[0].isalnum() and not any(char.isalnum() for char in text):
        return len(text) > 1 or text in "|-*#_~=>"
    if alone and (_CREDIT.fullmatch(text) or _NAVIGATION.fullmatch(text)):
        return True
    if is_notice(text):
        return True
    low = text.lower()
    return any(words in low for words in _DISCLAIMERS)


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
