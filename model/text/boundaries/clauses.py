"""Clauses of resolutions, and lists on one line."""

import re

_ITEM = re.compile(r"\(?(\d{1,3}|[a-z])[.)]\s")
_CLAUSE = re.compile(
    r"[\"\u201c]?(?:(?:Also|Further|Again|Strongly|Deeply|Gravely|Seriously|Solemnly"
    r"|Firmly|Once\sagain)\s[a-z]+"
    r"|(?!Being|During|Everything|Nothing|Something|Anything|King|Spring|Morning|Evening"
    r"|Beijing)[A-Z][a-z]{2,}ing\s(?!by\b)[a-z\d]"
    r"|(?:Convinced|Concerned|Alarmed|Determined|Mindful|Conscious|Aware|Desirous|Guided"
    r"|Having|Disturbed|Shocked)\s[a-z]"
    r"|(?:Welcom|Condemn|Call|Urg|Demand|Decid|Request|Reaffirm|Affirm|Invit|Not|Express"
    r"|Stress|Emphasiz|Emphasis"
    r"|Recall|Reiterat|Encourag|Appeal|Commend|Deplor|Declar|Reject|Endors|Support|Call"
    r"|Recommend|Authoriz|Authoris"
    r"|Approv|Adopt|Insist|Direct|Instruct|Establish|Appreciat|Acknowledg|Recogniz"
    r"|Recognis|Remain|Regret|Strongly"
    r"|Underlin|Underscor|Appoint|Extend|Renew|Requir|Resolv|Warn|Denounc|Proclaim|Remind"
    r"|Thank|Pay|Tak|Consider"
    r"|Congratulat|Confirm|Agree|Ask|Hail|Salut|Order|Pledg|Undertak|Reserv|Protest|Denie"
    r"|Accept)(?:s|es)\s[a-z\d])"
)
# How far back the item before is looked for.
_INLINE = 600


def begins_clause(text: str, at: int) -> bool:
    """Whether an operative or preambular clause begins: "Welcomes the truce", "Noting the report".

    After a semicolon these are units of their own; names in a list are not.
    """
    return _CLAUSE.match(text, at, at + 60) is not None


def item_end(text: str, at: int) -> int | None:
    """Where the mark of an item of a list ends that stands at a position."""
    match = _ITEM.match(text, at, at + 8)
    return match.end() if match else None


def list_goes_on(text: str, body: int, end: int, at: int) -> bool:
    """Whether the item at a position follows one that began inside the sentence before it.

    "Three things: 1. Open the road. 2. Free the crew." is one sentence; body and end are its.
    """
    item = _ITEM.match(text, at, at + 8)
    if item is None:
        return False
    value = item[1]
    before = str(int(value) - 1) if value.isdigit() else chr(ord(value) - 1)
    mark = re.compile(rf"[:;,.?!\u2013\u2014]\s\(?{re.escape(before)}[.)]\s")
    return mark.search(text, max(body, end - _INLINE), end) is not None
