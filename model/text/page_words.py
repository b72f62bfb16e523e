"""Words of the page around a statement: credits, navigation, counters, notices of owners and lists.

What claims something is none of these, whatever words it shares with them.
"""

import re

from model.text.lines.claims import says
from model.text.standing_notices import is_standing_notice

_LONGEST_NOTICE = 300
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
# Fields that pages print beside a text, each on a line of its own.
_CAPTION = re.compile(
    r"(?i:(?:image|media|photo|file|video) (?:caption|source|credit))\s?:.{0,250}"
)
_FIELD = re.compile(
    r"(?i:tags?|topics?|filed under|categor(?:y|ies)|keywords?|(?:first "
    r"|date )?published(?: on| at)?"
    r"|last (?:updated|modified|reviewed)(?: on| at)?|updated(?: on| at)?|posted(?: on| in| by)?"
    r"|from|to|cc|bcc|sent|date|reply-to|importance|attachments?"
    r"|reading time|share(?: this)?(?: page| article| story| post)?(?: on| via| with)?|related"
    r" (?:articles|stories|links|topics)|file photo|views|hashtags?)\s?:(?P<rest>.{0,200})",
    re.DOTALL,
)
_NETWORK = (
    r"(?i:facebook|twitter|x|whats ?app|linked ?in|e-?mail|print|telegram|reddit"
    r"|pinterest|instagram"
    r"|you ?tube|rss|flickr|tik ?tok|threads|bluesky|mastodon|messenger|viber|weibo"
    r"|we ?chat|line|vk"
    r"|copy (?:link|url)|share|tweet|pin it|pocket|sms|more|save|a\s?[+-])"
)
_NETWORKS = re.compile(
    rf"(?i:share|follow|find|print)(?: (?:this|us|on|via|it|page|article|story|post))*\W{{1,4}}"
    rf"(?:{_NETWORK}(?!\w)\W{{0,4}}){{1,15}}|(?:{_NETWORK}(?!\w)\W{{1,4}}){{1,15}}{_NETWORK}\W{{0,2}}"
    r"|(?i:facebook|twitter|whatsapp|linkedin|instagram|youtube|telegram|copy link)"
)
_BUTTON = re.compile(
    r"(?i:(?:accept|reject|decline|allow|manage|customi[sz]e)(?: (?:all|cookies?|only|necessary"
    r"|essential|optional|settings|preferences|choices|options))+"
    r"|(?:cookie|privacy) (?:settings|preferences)|toggle (?:navigation|menu|search)"
    r"|(?:load|show|see|view|read) (?:more|all|less)(?: \w{1,12})?|skip to [\w ]{4,30}"
    r"|sign (?:in|up|out)|log ?(?:in|out)|register|close(?: menu)?|open menu|main menu|play video"
    r"|listen(?: to (?:this )?(?:article|story))?|watch live|go to top"
    r"|contact us|about us|related (?:links|articles|stories)|top of page"
    r"|back to [\w ]{3,20})"
)
_COUNTER = re.compile(
    r"(?i:(?:\d[\d.,]{0,8}\s?[km]?\s(?:min(?:ute)?s?(?: of)? read(?:ing)?|comments?"
    r"|shares?|likes?|views?"
    r"|retweets?|repl(?:y|ies)|reads?|followers?|reactions?|reposts?|bookmarks?)\W{0,5}){1,6})"
)
_DATED = re.compile(
    r"(?i:(?:first )?(?:published|updated|posted|last (?:updated|modified|reviewed))(?: on| at)?)"
    r"\s(?:\d{1,2}\s[A-Z][a-z]{2,8}|[A-Z][a-z]{2,8}\s\d{1,2},?|\d{1,2}[./-]\d{1,2}[./-])\s?\d{2,4}"
    r"\b[^a-z]{0,30}"
)
_AGENCY = re.compile(
    r"(?:[\w .'\u2019-]{2,40}\s?[/|]\s?)?(?:Getty(?: Images)?|AFP|Reuters|AP(?: Photo)?"
    r"|EPA(?:-EFE)?|PA Media"
    r"|Shutterstock|Alamy|iStock|WireImage|Anadolu(?: Agency)?|Xinhua|NurPhoto|Bloomberg)"
    r"(?:\s?(?:/|via)\s?[\w .'\u2019-]{2,40})?"
)
_ADDRESS = re.compile(
    r"(?i:(?:e-?mail|tel|phone|fax"
    r"|mob(?:ile)?)\.?\s?:?\s)?(?:[\w.+-]{1,60}@[\w-]{1,60}(?:\.[\w-]{1,30})+"
    r"|\+\d[\d ()./-]{6,24})|Sent from my [\w ]{2,30}\.?|\(?\d{1,3}/\d{1,3}\)?"
)


def is_notice(text: str) -> bool:
    """Whether a paragraph says whose the words are and what may be done with them, no more."""
    owner = _OWNER.match(text) if len(text) <= _LONGEST_NOTICE else None
    return owner is not None and _LICENCE.fullmatch(text, owner.end()) is not None


def is_furniture(text: str, *, alone: bool) -> bool:
    """Whether the words are the page's: a credit, navigation, a disclaimer."""
    if not text[0].isalnum() and not any(char.isalnum() for char in text):
        return len(text) > 1 or text in "|-*#_~=>"
    if alone and (_is_credit(text) or _NAVIGATION.fullmatch(text) or _CAPTION.fullmatch(text)):
        return True
    if text[-1] not in ".!?" and (_BUTTON.fullmatch(text) or (alone and _is_around(text))):
        return True
    return is_notice(text) or is_standing_notice(text)


def _is_credit(text: str) -> bool:
    return _CREDIT.fullmatch(text) is not None and not says(text)


def _is_around(text: str) -> bool:
    """Whether a paragraph is what web pages print around a text."""
    field = _FIELD.fullmatch(text)
    if field and not says(field["rest"]):
        return True
    return any(form.fullmatch(text) for form in (_NETWORKS, _COUNTER, _DATED, _AGENCY, _ADDRESS))
