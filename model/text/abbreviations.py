"""What a full stop after a word may mean: abbreviations, by what may follow them."""

import re

# Before a name: never the end of a sentence.
TITLES = frozenset(
    (
        "mr mrs ms mx dr drs prof profs messrs mlle mme mgr msgr rev revd fr sr sra srta "
        "dra hon shri "
        "sri reps sens gens "
        "smt kum alh alhaji engr arch barr pst bp abp card sh sheik ustaz capt cmdr comdr "
        "col gen lt "
        "maj sgt cpl pvt adm brig brigd cdr cmdt insp supt amb gov sen rep min pres sec secy asst "
        "assoc dep dir chmn atty cllr cde dato datuk tn eng ing lic dott avv st ste mt ft pt "
        "pte radm vadm wg sqn flt amn approx ca cca viz vs cf al incl excl ed eds trans tel fax "
        "mv ss distr com comm resp cit ibid loc est hrh ref"
    ).split()
)
# Before a number or a letter of a list: the end only before a word that is neither.
REFERENCES = frozenset(
    (
        "no nos nr art arts para paras par p pp vol vols ch chs chap chaps sect sects sec "
        "secs cl cls "
        "pl fig figs tab res doc docs add corr rev supp suppl ann app op ex reg regs r ll "
        "l n fn nn pt pts "
        "sched ser sess mtg"
    ).split()
)
_MONTHS = (
    "jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun"
)
MONTHS = frozenset(_MONTHS.split())
# May end a sentence or stand inside a name: the end only before a word that begins sentences.
ENDINGS = frozenset(
    (
        "inc ltd llc plc co cos corp bros jr snr jnr esq etc govt dept depts intl natl "
        "univ assn assoc "
        "ave blvd bldg rd ksh rs usd tsh ush km kg cm mm hrs mins secs yrs mo nat int "
        "inst ctr cttee "
        "parl prov dist mun fed soc cong comt ctte hq div bn cie gmbh ag sa nv pty ret"
    ).split()
)
# After these a capital letter is a name even if the word begins sentences elsewhere.
HONOURS = frozenset(("h.e", "s.e", "h.h", "h.r.h", "h.m", "h.i.m", "rt", "m.v", "s.s", "h.m.s"))
CLOCK = frozenset(("a.m", "p.m"))
ZONES = re.compile(
    r"(?:[A-Z]{1,2}[SD]?T|GMT|UTC|CES?T|Z|Eastern|Central|Pacific|Mountain|Greenwich|Standard|Local"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
    r"|(?:January|February|March|April|May|June|July|August|September|October|November|December))\b"
)
# Words that begin sentences, and do not begin names.
STARTERS = frozenset(
    (
        "The A An This That These Those It He She They We You His Her Its Their Our My Your I "
        "In On At By For From With Without To After Before Since Until While When Where "
        "As If But And "
        "Or Nor So Yet However Moreover Furthermore Therefore Thus Hence Nobody Nothing "
        "None No Some "
        "Many Most All Both Each Every Others There Here Then Now Today Yesterday Tomorrow Tonight "
        "What Who Whom Whose Why How Which Whether Although Though Because Such Not Never "
        "Only Also "
        "Still Once Under Over Between During Despite Nevertheless Nonetheless Meanwhile "
        "Later Earlier "
        "Neither Either Another Several Few More Less Much Is Are Was Were Do Does Did "
        "Will Would Can "
        "Could Should Must Has Have Had Let Please Yes Instead Finally Indeed Perhaps Nowhere "
        "Everybody Everyone Everything Somebody Someone Something Anyone Anybody Anything Unless "
        "Even Just Last Next Again Above Across Against Among Throughout Within Upon According"
    ).split()
)
# Words after which a line or a sentence cannot end.
OPEN_WORDS = frozenset(
    (
        "of the a an and or to in on at by for from with without which who whose whom as than into "
        "upon between against under during its his their our my your these be been is are was were "
        "has have had will would shall should may might must can could nor but if when while where "
        "because since until through toward towards within per via de la del le les des "
        "du da dos van "
        "von al el bin ibn mr mrs ms dr prof that this her not both either neither among "
        "amid despite all "
        "regarding concerning including namely every each such very more most less"
    ).split()
)
_VOWEL = re.compile(r"[aeiouyAEIOUY]|[^\x00-\x7f]")
_TAIL = re.compile(r"[^\s.,;:()\[\]\"“”'‘’/\-–—]+(?:\.[A-Za-z]{1,3})*\Z")


def last_token(text: str) -> str:
    """The word at the end of a text, dots inside it kept: "H.E", "Gen" of "Lt.-Gen"."""
    match = _TAIL.search(text[-24:])
    return match.group() if match else ""


def is_abbreviation(token: str) -> bool:
    """Whether a full stop after the word need not end a sentence."""
    low = token.lower()
    if "." in token or (len(token) == 1 and token.isalpha()):
        return True
    known = low in TITLES or low in ENDINGS or low in REFERENCES or low in MONTHS
    return known or is_clipped(token)


def is_clipped(token: str) -> bool:
    """Whether it has a capital and no vowel, as "Ksh" and "Sgt" have, and no word of English."""
    if not 2 <= len(token) <= 4 or not token[0].isupper() or not token[1:].islower():
        return False
    return token.isalpha() and not _VOWEL.search(token)


def ends_with_abbreviation(line: str) -> bool:
    """Whether a line's last full stop may be that of an abbreviation."""
    tail = line[-25:].rstrip()
    return tail.endswith(".") and is_abbreviation(last_token(tail[:-1]))
