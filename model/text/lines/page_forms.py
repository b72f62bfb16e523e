"""Lines that are the page's by their form: rules, page numbers, symbols, markings, time codes."""

import re

from model.text.lines.claims import is_prose

_LONGEST = 120
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?"
_NUMERIC_DATE = r"\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4}"
_DATE = rf"(?:\d{{1,2}}\s{_MONTH},?\s\d{{4}}|{_MONTH}\s\d{{1,2}},?\s\d{{4}}|{_NUMERIC_DATE})"
_SYMBOL = (  # with a full stop behind it, it ends a sentence
    r"(?!\S*\.(?:\s|\Z))[A-Z]{1,5}(?:\.[A-Z]{1,5})?(?:/[A-Z\d.()*-]{1,12}){1,6}(?:\s?\(Resumption\s\d{1,2}\)"
    r"|/Resumption\s\d)?"
)
# Who may read a paper: the words of governments for it, and of alliances.
_CLASS = (
    r"(?:TOP SECRET|SECRET|CONFIDENTIAL|UNCLASSIFIED|UNCLAS|RESTRICTED|PROTECTED|DECLASSIFIED"
    r"|OFFICIAL(?:[- ]SENSITIVE)?|LIMITED OFFICIAL USE|(?:FOR )?OFFICIAL USE ONLY"
    r"|SENSITIVE(?: BUT UNCLASSIFIED)?|NOFORN|(?:[A-Z]{2,12} )?EYES ONLY|EXDIS|NODIS|LIMDIS|STADIS"
    r"|(?i:(?:strictly |company )?(?:private and )?confidential|restricted))"
)
_CLASSIFIED = (
    rf"(?:(?:NATO|EU|UE|UN|OSCE|COSMIC|UK|US) )?{_CLASS}(?:\s?[/,\u2013-]{{1,2}}\s?{_CLASS})*"
)
_CABLE = (
    r"(?:[A-Z] ){4,40}[A-Z](?:\s.*)?"  # C O N F I D E N T I A L
    r"|[^a-z,]{0,60}\bSECTION \d{1,2} OF \d{1,2}\b[^a-z.,]{0,40}"
    r"|[A-Z][A-Z ]{2,30}\s\d{5,9}\s+\d{3}(?:\.\d)?\s+OF\s+\d{3}"
    r"|PAGE\s\d{1,3}\s{2,}[A-Z][A-Z\d ]{0,70}"
    r"|PAGE\s\d{1,3}\s[A-Z]{3,14}(?:\s[A-Z]{3,14})?\s\d{3,6}\b[A-Z\d ]{0,40}"
    r"|.{0,40}\bDeclassified/Released\b.{0,80}"
)
_NUMBERED = (
    r"[-\u2013\u2014\[(]?\s?\d{1,4}\s?[-\u2013\u2014\])]?"
    r"|[-\u2013\u2014]\s?[ivxl]{1,6}\s?[-\u2013\u2014]|[ivxl]{2,6}"
    r"|(?:[Pp]age|PAGE|[Pp]\.|[Pp]g\.?)\s?\d{1,4}(?:\s?(?:of|OF|/)\s?\d{1,4})?"
    r"|\[\[[Pp]age .{1,20}\]\]|\[(?:[Pp]ages?|[Pp]p?\.?|[Pp]g\.?)\s?\w{1,8}(?:[-\u2013]\w{1,8})?\]"
    r"|\d{1,4}\s?(?:/|of)\s?\d{1,4}|\d{1,3}/\d{1,3}\s{3,}\S{3,20}|\S{3,20}\s{3,}\d{1,3}/\d{1,3}"
    rf"|(?:\d{{1,4}}\s+)?{_SYMBOL}(?:\s+\d{{1,4}})?(?:\s+{_SYMBOL})?(?:\s{{3,}}{_DATE})?"
    r"|\d{2}-\d{5}(?:\s?\([A-Z]\))?\*?(?:\s+\d{1,6}){0,3}|\*\d{5,9}\*"  # job numbers, bar codes
    r"|\d{1,4}\s+\d{2}-\d{5}(?:\s?\([A-Z]\))?"
    rf"|(?:{_DATE}\s?:?\s{{1,20}})?\[?(?:[Cc]olumns?|COLUMNS?|[Cc]ols?\.)\s?:?\s?\d{{1,5}}(?:[A-Z]{{1,2}})?"
    r"(?:[-\u2013]\d{1,5}(?:[A-Z]{1,2})?)?\]?"
)
_FORMS = re.compile(
    r"[-_=*~.|+#\u2013\u2014\u2500-\u257f\u2022\s:]{2,}"  # rules and borders of tables
    r"|\|"
    r"|(?:</?[A-Za-z][^<>]{0,100}>|&[a-z]{2,8};|\s){1,20}"  # markup by itself
    rf"|{_NUMBERED}|{_CLASSIFIED}|{_CABLE}"
    r"|\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?(?:\s*-->\s*[\d:.,]{4,12}.{0,40})?"  # time codes
    r"|\d{1,2}(?:[.:]\d{2})?\s?(?:[ap]\.?m\.?|noon)"  # when, in the records of parliaments
    r"|WEBVTT.{0,40}|\((?:more|MORE|ENDS?|ends?|cont(?:inued|'d|\.)?)\)"
    r"|(?:END|ENDS|BT|NNNN|-?30-?|QED)\.?"
)
# A title and a number, set apart; a browser's header. Not if they say something.
_SET_APART = re.compile(
    r"\S.{2,60}\s{8,}(?:\S.{0,30})?\d{1,4}|\d{1,4}\s{8,}\S.{2,60}"
    rf"|{_NUMERIC_DATE}(?:,?\s\d{{1,2}}:\d{{2}}(?:\s?[AaPp][Mm])?)?\s{{2,}}\S.{{0,100}}"
)
_ADDRESS = re.compile(
    r"(?:https?://|www\.|file:/)\S{1,600}\s{1,40}\d{1,3}\s?(?:/|of)\s?\d{1,3}"
    r"|\d{1,3}\s?(?:/|of)\s?\d{1,3}\s{1,40}(?:https?://|www\.|file:/)\S{1,600}"
    r"|!\[[^\[\]]{0,200}\]\([^()\s]{0,300}\)"  # a picture, and where links lead, in Markdown
    r"|\[[^\[\]\s]{1,40}\]:\s{1,4}<?(?:https?://|www\.)\S{1,600}(?:\s{1,4}[\"'(].{0,100}[\"')])?"
)
# Spares most lines the patterns above, which begin so only with these signs behind.
_PROSE = re.compile(r"\w?[a-z]+ ")
_RULE = re.compile(r"[_\u2500-\u257f]{3,80}|[-\u2014\u2013]{5,80}")


def has_form(line: str) -> bool:
    """Whether a line by itself is a rule, a page number, a document's symbol or the like."""
    if len(line) > 40 and _PROSE.match(line) and _begins_no_form(line):
        return False
    if "://" in line or "www." in line:
        return _ADDRESS.fullmatch(line) is not None
    if len(line) > _LONGEST:
        return False
    if _FORMS.fullmatch(line) is not None:
        return True
    return "  " in line and _SET_APART.fullmatch(line) is not None and not is_prose(line)


def _begins_no_form(line: str) -> bool:
    return "    " not in line and "SECTION" not in line and "/Released" not in line


def is_rule(line: str) -> bool:
    """Whether a line is only drawn, as above footnotes."""
    return _RULE.fullmatch(line) is not None
