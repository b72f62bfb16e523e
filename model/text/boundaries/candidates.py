"""The places of a paragraph where a sentence may end, with what belongs to its stop."""

import re
from collections.abc import Iterator

# Stops of other scripts, and full-width ones: these end sentences whatever comes after.
FOREIGN = (
    "\u3002\uff01\uff1f\uff0e\uff61\u0964\u0965\u0589\u1362\u1367\u06d4\u061f"
    "\u203c\u2047\u2048\u2049\u037e"
)
_STOPS = rf".!?\u2026{FOREIGN}"
_RAISED = r"[\u00b9\u00b2\u00b3\u2070-\u2079\u207b\u207d\u207e\u02b0-\u02b8\u1d43-\u1d5b]"
# Always matches where a terminal stands, and takes what belongs to it at once, so that no run of
# marks is walked through twice. "++" and "*+" keep what they took.
_CLOSERS = (
    r"(?:[\"'\u201d\u2019\u00bb\u00ab\u201c)\]*_`\u2020\u2021\u2016\u300d\u300f\u3011\uff09\u2033\uff02]"
    r"|[\u00a7\u00b6](?!\s?\d)"
    r"|\[(?:\^[\w-]{1,20}|\d{1,3}(?:[,\u2013-]\s?\d{1,3}){0,5}|[a-z]|(?:note|fn|n)\.?\s\d{1,3}|sic"
    r"|citation needed)\]|\(\d{1,3}\)"
    rf"|{_RAISED}++(?:[,\u2013-]\s?{_RAISED}++)*+"
    r"|[ \u00a0\u202f](?:\u00bb|\[\d{1,3}\])"
    r"|[ \u00a0](?:\((?:[CSU]|SBU|[CS]//?NF|LOU|\d{1,2}/\d{1,2})\)(?=\s*\Z))"  # (C), (2/3)
    r"|</[a-zA-Z]\w{0,9}>|<br\s?/?>|&(?:nbsp|\#160|\#xa0);)*+"
)
_EMOJI = "\u2600-\u27bf\u2b50\u2b55\U0001f1e6-\U0001f1ff\U0001f300-\U0001faff"
# Remarks of a record on what happened; of the last, words were lost there.
_ASIDE = (
    r"[(\[](?P<aside>(?i:(?:(?:prolonged|loud|general|sustained|some|further|more)\s)?"
    r"(?:applause|laughter|laughing|laughs|cheers|cheering|interruptions?|interjections?|pause|silence"
    r"|gavel|music|hear, hear|end of (?:clip|video)|video (?:clip )?plays)"
    r"(?:\s(?:and|from|in|by|on|of)\s[^()\[\]]{1,40})?|(?P<lost>crosstalk|inaudible|unintelligible"
    r"|indiscernible|off-?\s?mi(?:c|ke))[^()\[\]]{0,20}))[.!]?[)\]]"
)
_CANDIDATE = re.compile(
    rf"(?P<stop>(?:[{_STOPS}]++|(?<=[\u0370-\u03ff\u1f00-\u1fff]);)(?:[ \u00a0\u202f]\.++)*+)"
    rf"(?P<close>{_CLOSERS})"
    r"|;(?=\s{1,20}[\"\u201c(\u2018]?[A-Z\d])"
    r"|[,:](?=\s{1,20}[\d(A-Z\u2013-])"
    rf"|{_ASIDE}"
    rf"|(?P<emoji>[{_EMOJI}](?:[{_EMOJI}\ufe0f\u200d]|\s(?=[{_EMOJI}]))*+)"
    r"|</(?i:p|div|li|h[1-6]|tr|td|blockquote|ul|ol|table)>|<(?i:br)\s?/?>"
)
# What a candidate begins with. The pattern above, tried only there, takes an eighth of the time.
_FIRST = re.compile(rf"[{_STOPS};(\[<{_EMOJI}]")
_FIRST_OF_CLAUSES = re.compile(rf"[{_STOPS};(\[<{_EMOJI},:]")


def candidates(text: str, *, clauses: bool) -> Iterator[re.Match[str]]:
    """Yield the places in order; commas and colons only where clauses may end at them."""
    first = _FIRST_OF_CLAUSES if clauses else _FIRST
    edge = 0
    for match in first.finditer(text):
        if match.start() < edge:
            continue
        found = _CANDIDATE.match(text, match.start())
        if found:
            edge = found.end()
            yield found
