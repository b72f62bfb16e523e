"""Clauses of resolutions, and lists on one line."""

import re

from model.text.boundaries.labels import begins_labelled_clause

_ITEM = re.compile(r"\(?(\d{1,3}|[a-z])(?:\s?(?:bis|ter|quater|quinquies|sexies|alt))?[.)]\s")
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
    r"|Accept|Instruct|Entrust|Designat|Elect|Observ|Believ|Exhort|Implor|Lift|Terminat)(?:s|es)\s[a-z\d]"
    r"|Whereas\s[a-z])"
)
# Behind a number, on one line with the clause before: any verb will do.
_NUMBERED = re.compile(r"\(?\d{1,3}[.)]\s+(?:[A-Z][a-z]{2,}s\s[a-z\d]|[A-Z][a-z]+ly\s[a-z]+s\s)")
# The words that clauses of preambles begin with.
_PREAMBLE_WORDS = (
    r"(?:(?:Acknowledg|Act|Affirm|Appreciat|Bear|Believ|Commend|Condemn|Confirm|Consider|Declar|Deem"
    r"|Deplor|Desir|Emphasi[sz]|Encourag|Endors|Express|Hav|Highlight|Keep|Not|Observ|Reaffirm|Reali[sz]"
    r"|Recall|Recogni[sz]|Referr|Regrett|Reiterat|Remain|Seek|Stress|Support|Tak|Underlin|Underscor"
    r"|View|Welcom)ing"
    r"|[A-Z][a-z]{3,}ing(?=\s(?:that|its|the|with|into|note|also|further|again|upon|all|grave|regard)\b)"
    r"|Alarmed|Appalled|Aware|Cognizant|Concerned|Conscious|Convinced|Desirous|Determined|Disturbed"
    r"|Encouraged|Guided|Inspired|Mindful|Pursuant|Resolved|Shocked"
    r"|(?:Also|Again|Further|Deeply|Gravely|Strongly|Seriously|Profoundly|Fully)\s[a-z]+(?:ing|ed))"
)
_PREAMBLE = re.compile(
    rf"{_PREAMBLE_WORDS}\s[a-z]|[\u2013\u2014-]\s(?:having regard to|whereas|recalling|noting)\b"
)
# What a resolution on one line holds: commas before such clauses, and before the first number.
_COMMAS = re.compile(
    rf"[,:]\s(?:{_PREAMBLE_WORDS}\s[a-z]|[\u2013-]\shaving\sregard|\(?1[.)]\s[A-Z]|(?:PP|OP)\s?\d)"
)
_ORGAN = re.compile(
    r"\bActing\s(?:under|pursuant|in\saccordance)\b"
    r"|\bThe\s[A-Z][\w-]+(?:\s[A-Z][\w-]+|\sof|\sthe|\sfor|\son|\sand|\sto){0,8},"
    rf"(?:\s[a-z][^,.;]{{1,60}},){{0,2}}\s(?:{_PREAMBLE_WORDS}\s[a-z]|[\u2013-]\shaving\sregard)"
    r"|[,;:.]\s(?:PP|OP)\s?\d"
)
_COUNTED = re.compile(
    r"[,;:.]\s\(?\d{1,3}[.)]\s(?:[A-Z][a-z]{2,}s|[A-Z][a-z]+ly\s[a-z]+s)\s[a-z\d]"
)
_INLINE_MARK = re.compile(r"[:;,.?!\u2013\u2014]\s\(?(\d{1,3}|[a-z])(?=[.)]\s)")
# How far back the item before is looked for.
_INLINE = 600


class Clauses:
    """The clauses and lists of one paragraph, asked about in order.

    Attributes:
        at_commas: whether it is a resolution on one line, whose clauses end at commas, too.
        resume: up to where the mark of an item reaches, whose full stop ends nothing.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self.at_commas = _is_resolution(text)
        self.resume = 0
        self._preamble = -1

    def begin(self, body: int, end: int, after: int, *, marked: bool) -> bool:
        """Whether a clause begins behind a semicolon; `marked` says that this one has a mark."""
        text = self._text
        if begins_labelled_clause(text, after):
            return True
        if _item_end(text, after):
            return marked and not self.continue_list(body, end, after)
        # "Welcomes the truce", "Noting the report": units of their own; names in a list are not
        return _CLAUSE.match(text, after, after + 60) is not None

    def begin_at_comma(self, body: int, after: int) -> bool:
        """Whether a clause begins behind a comma; not the first, which its organ stands before."""
        text = self._text
        if begins_labelled_clause(text, after) or _NUMBERED.match(text, after, after + 60):
            return True
        if not _begins_preamble(text, after):
            return False
        begun = self._preamble == body or _begins_preamble(text, body)
        self._preamble = body
        return begun

    def continue_list(self, body: int, end: int, after: int) -> bool:
        """Whether a list goes on that began inside the sentence, whose words are [body, end)."""
        goes_on = _list_goes_on(self._text, body, end, after)
        if goes_on:  # and its mark is no end, either
            self.resume = _item_end(self._text, after) or after
        return goes_on


def _is_resolution(text: str) -> bool:
    """Whether clauses end at commas: it names who resolves, or the power to, or counts three."""
    if not _COMMAS.search(text):
        return False
    return _ORGAN.search(text) is not None or len(_COUNTED.findall(text)) > 2


def _begins_preamble(text: str, at: int) -> bool:
    return _PREAMBLE.match(text, at, at + 60) is not None


def _item_end(text: str, at: int) -> int | None:
    """Where the mark of an item of a list ends that stands at a position."""
    match = _ITEM.match(text, at, at + 8)
    return match.end() if match else None


def _list_goes_on(text: str, body: int, end: int, at: int) -> bool:
    """Whether the item at a position follows one that began inside the sentence before it.

    "We want: 1. Reopen the pass. 2. Pay the pilots." is one sentence; body and end are its.
    """
    item = _ITEM.match(text, at, at + 8)
    if item is None:
        return False
    value = item[1]
    before = str(int(value) - 1) if value.isdigit() else chr(ord(value) - 1)
    marks = _INLINE_MARK.finditer(text, max(body, end - _INLINE), end)
    return any(mark[1] == before for mark in marks)
