"""Notices that pages and papers carry: who may print them, whose views they are, where to write.

Each is known by words that only notices have, and by the form around them: "for immediate release"
stands at the head of a press release, and in many a demand.
"""

import re

from model.text.lines.claims import says

_ANY = re.compile("")
_CONTACT = re.compile(
    r"\W*for (?:more|further|additional|media|press|all)\b.{0,40}\b(?:information|enquiries"
    r"|inquiries|details|queries)\b.{0,40}(?:please|contact|visit|see|call|:)"
    r"|\W*(?:media|press) (?:enquiries|inquiries|queries)\b.{0,3}:"
)
_OF_SITE = re.compile(
    r".*\b(?:you|your|site|website|web ?page|cookies?)\b"
    r"|\W*(?:(?:our|the|see|read|view|and|&|privacy|cookies?|policy|notice|settings|terms|of|use"
    r"|service|conditions|accessibility|contact|about|us|site ?map|copyright|disclaimer|legal"
    r"|imprint)\b\W*){2,16}\Z"
)
_MAIL = re.compile(
    r"(?:\W*(?:disclaimer|notice|confidentiality)\W+)*(?:(?:any |the )?(?:information|contents?)"
    r" (?:contained |transmitted )?(?:in|with|by) )?(?:this|the) "
    r"(?:e-?mails?|messages?|communication|transmission)\b.*\b(?:confidential|privileged|addressee"
    r"|intended recipient|named recipient|solely for|sole use|intended only|in error)"
    r"|if you (?:are not|have received|received)\b.*\b(?:addressee|intended recipient"
    r"|in error|delete)"
    r"|(?:please|kindly) (?:notify|consider|think|delete|do not print)\b.*\b(?:e-?mail"
    r"|sender|message"
    r"|printing)"
    r"|.*\b(?:e-?mail|message|attachments?)\b.*\b(?:viruses|virus-free|scanned for)"
)
# Words looked for as plain strings (one pattern of them all took a third of the time of
# splitting), and the form that a notice with them has, in small letters.
_FORMS = (
    ("check against delivery", re.compile(r".{0,60}check against delivery.{0,40}\Z")),
    (
        "immediate release",
        re.compile(r"\W*(?:press release\W+)?for immediate release(?! of\b)[^.!?]{0,60}\W*\Z"),
    ),
    (
        "embargo",
        re.compile(r"\W*(?:strictly |under |under strict )*embargo(?:ed)? (?:until|till)\b"),
    ),
    ("please recycle", re.compile(r".{0,20}please recycle.{0,20}\Z")),
    (
        "rights reserved",
        re.compile(r".{0,160}\ball rights reserved(?: (?:to|by) .{1,60})?\W*\Z"),
    ),
    (
        "responsibility for the content",
        re.compile(r".*\b(?:no|not|without|disclaims?|declines?) (?:\w+ ){0,3}responsibility"),
    ),
    (
        "correction",
        re.compile(r".*corrections? should be (?:sent|submitted|made|issued|addressed|c|inc)"),
    ),
    (
        "not necessarily re",
        re.compile(
            r".*\b(?:views?|opinions?|positions?|contents?|statements?|ideas|boundaries)\b.*"
            r"not necessarily re(?:flect|present)"
        ),
    ),
    ("this record contains the text of", _ANY),
    ("for information media", re.compile(r"\W*for information media|.*not an official")),
    (
        "not an official",
        re.compile(
            r"(?:.{0,60}\W|th(?:is|e) (?:\w+ )?is )?not an official (?:record|document)\W*\Z"
        ),
    ),
    (
        "without formal editing",
        re.compile(r".*(?:issued|reproduced|circulated|published)\b"),
    ),
    ("final text will be printed", _ANY),
    ("cookies", re.compile(r".*\buses? cookies")),
    ("cookie policy", _OF_SITE),
    ("privacy policy", _OF_SITE),
    ("terms of use", _OF_SITE),
    ("terms of service", _OF_SITE),
    (
        "unsubscribe",
        re.compile(
            r"\W*unsubscribe\b.{0,30}\Z"
            r"|.*\b(?:click|newsletter|mailing|e-?mails?|to unsubscribe|receiv)"
        ),
    ),
    ("distr.: ", _ANY),
    ("original: ", re.compile(r".*\boriginal: (?:english|french|spanish|russian|arabic|chinese)")),
    ("information", _CONTACT),
    ("nquiries", _CONTACT),
    ("contact", re.compile(r"\W*(?:media|press) contacts?\W{0,2}(?::|\Z)")),
    ("mail", _MAIL),
    ("addressee", _MAIL),
    ("recipient", _MAIL),
    ("the sender", _MAIL),
    ("in error", _MAIL),
)
# Those that are names and no sentence: what says something shares only their words.
_NAMING = frozenset(("immediate release", "rights reserved", "distr.: ", "original: "))


# A word of each, looked for first, with what may stand behind it: most sentences have none.
_WORDS = frozenset(
    word + end
    for word in (
        "delivery release embargo embargoed recycle reserved content correction corrections "
        "necessarily contains media official formal printed cookies cookie policy use service "
        "unsubscribe distr. original information enquiries inquiries contact contacts mail e-mail "
        "e-mails email emails addressee addressees recipient recipients sender error"
    ).split()
    for end in ("", ".", ",", ":", ";", ")", "!")
)


def is_standing_notice(text: str) -> bool:
    """Whether a sentence is one of the notices that stand on every page of somebody's."""
    low = text.lower()
    if _WORDS.isdisjoint(low.split()):
        return False
    if "\n" in low:
        low = low.replace("\n", " ")
    for words, form in _FORMS:
        if words in low and form.match(low) and not (words in _NAMING and says(text)):
            return True
    return False
