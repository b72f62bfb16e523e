"""Whether a sentence ends at a full stop behind a number: ordinals, dates and counts of items."""

import re

_MONTH = re.compile(
    r"(?:Januar|Jänner|Februar|März|Mai|Juni|Juli|Oktober|Dezember|januar|februar|mars|maj|juni|juli"
    r"|august|oktober|desember|december)\b"
    r"|(?:January|February|March|April|May|June|July|August|September|October|November|December)"
    r",?\s\d{4}\b"
)
_DAY_AND_MONTH = re.compile(r"\d{1,2}\.\s?\d{2,4}\b")
_YEAR = re.compile(r"\d{4}\b")
_ORDINAL = re.compile(r"\d{1,3}(?:st|nd|rd|th|er|re|e|o|a|\u00ba|\u00aa)\Z")
# What is counted so: "the 1st. Committee", but "on the 31st. Tarsia left".
_COUNTED = re.compile(
    r"(?:Committee|Commission|Division|Army|Corps|Brigade|Battalion|Regiment|Fleet|Squadron|Infantry"
    r"|Session|Meeting|Sitting|Congress|Parliament|Assembly|Conference|Summit|Chamber|Reading|Republic"
    r"|Vice|Deputy|Secretary|Lieutenant|Lt|District|Circuit|Amendment|Anniversary|Floor|Street|Avenue)\b"
)
_ARTICLES = frozenset("der die das dem den des am im vom zum zur beim den det".split())


def number_ends(number: str, previous: str, following: str) -> bool:
    """Whether a sentence ends behind "12."; not in "3. Mai", "3. 6. 2011", "the 1st. Committee".

    Args:
        number: the word before the full stop, which begins with a digit.
        previous: the word before that.
        following: some twenty characters after the white space.
    """
    if _ORDINAL.match(number):
        return _COUNTED.match(following) is None
    if not number.isdigit() or len(number) > 2:
        return True
    if _DAY_AND_MONTH.match(following) or _MONTH.match(following):
        return int(number) > 31
    if previous.endswith(".") and previous[:-1].isdigit() and _YEAR.match(following):
        return False
    article = previous.lower()
    ordinal = article in _ARTICLES or (article == "the" and len(number) == 1)
    return not (ordinal and following[:1].isupper())
