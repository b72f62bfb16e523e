"""The closed vocabularies of abbreviations, by what may follow their full stop.

Titles and ranks: the style books of AP and of the UN's editors, ranks of English, French, Spanish
and Portuguese forces, India's and West Africa's honorifics. Law: the Bluebook's tables of courts,
reporters and legislative documents. Other languages' are those that stand in English documents.
Small letters; apostrophes and elisions are taken off before words are looked up.
"""


def _words(*lines: str) -> frozenset[str]:
    return frozenset(" ".join(lines).split())


# Before a person's name: never the end of a sentence.
PERSONS = _words(
    "mr mrs ms mx dr drs prof profs messrs mlle mlles mme mmes mgr mgrs msgr hon hons rev",
    "revd rt fr sr sra sras srta dra dr\u00aa shri sri smt kum alh alhaji engr barr bp",
    "abp sh ustaz cde dato datuk tn eng ing lic dott avv arq dhr mevr hr hrn fru frl mult",
    "hc exmo exma excmo excma ilmo ilma adv vs cf viz amn \u0433-\u043d",
    "\u0442\u043e\u0432 \u0433\u0440 \u0430\u043a\u0430\u0434 \u043f\u0440\u043e\u0444",
)
# Offices and ranks, and what stands before other names: the end only before words such as "The".
OFFICES = _words(
    "capt cmdr comdr cdr lcdr cdre comdt col ltcol gen lt ltc maj sgt ssgt msgt sfc cpl",
    "lcpl pvt pfc pte spc adm radm vadm brig brigd cmdt sqn flt wg gp ldr mshl insp supt",
    "const amb ambs gov govs sen sens gens rep reps min mins pres sec secy secs asst",
    "assoc dep dpty dir dirs chm chmn chmns atty att cllr plen commr treas pst st ste mt",
    "mts ft pt pto pta s\u00e3o approx ca cca al incl excl ed eds trans mv ss distr com",
    "comm resp cit ibid loc est hrh bspw bzw vgl ggf evtl inkl etw av avda \u0443\u043b",
    "\u0438\u043c \u0433 \u0433\u0433 \u0442",
)
# As those, and words of English, too, if they have no capital: "Sol. Gen.", "For. Min.", "Pub. L.".
CAPITALISED = _words(
    "sol perm for def fin pub priv con adj aud compt surg int pr adv nat fed agr soc chf",
    "vice undersec exec crim civ proc evid cert misc rec hrg rptr atl arch card calif",
    "penn mass conn ind ill wis",
)
# Before a number or a letter of a list: the end only before a word that is neither.
REFERENCES = _words(
    "no nos nr nrs nbr art arts para paras par subpara subparas subsec subsecs subart",
    "subcl p pp vol vols ch chs chap chaps sect sects sec secs cl cls pl fig figs tab res",
    "doc docs add corr rev supp suppl ann app op ex reg regs r ll l n fn nn pt pts sched",
    "ser sess mtg eq eqs ext ord rept repts cir cmnd cmd bk tit fasc cong dok dz ziff abs",
    "ust poz pkt bd hft rn rz tz pos buchst tel fax ref n\u00fam num p\u00e1g p\u00e1gs",
    "pag blz apdo fracc r\u00e9f \u00e9d \u043f \u043f\u043f \u0441\u0442 \u0447",
    "\u0433\u043b \u0441\u0442\u0440 \u0440\u0438\u0441 \u043b \u043b\u043b",
)
# As those, and words of English, too, if they have no capital: "Cap. 12", "115 Stat. 224".
CAPITALISED_REFERENCES = _words("cap stat ser cas ops pub")
MONTHS = _words(
    "jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri",
    "sat sun",
)
# May end a sentence or stand inside a name: the end only before a word that begins sentences.
ENDINGS = _words(
    "inc ltd llc plc co cos corp bros jr snr jnr esq etc govt dept depts intl natl univ",
    "assn assoc aff affs rels fedn corpn orgn org commn admin agcy bur svc svcs instn",
    "coll acad conf conv cncl hrs mins secs yrs km kg cm mm ave blvd bldg rd sq ksh rs",
    "usd tsh ush mo nat int inst ctr cttee ctee terr regt coy parl prov dist mun fed soc",
    "cong comt ctte hq div bn cie gmbh ag sa nv pty ret retd rtd dto dpto depto ct zagr",
    "pers dz tzn itd itp usw u\u00e4 \u0440\u0443\u0431 \u0442\u044b\u0441",
    "\u043c\u043b\u043d \u043c\u043b\u0440\u0434",
)
# Behind a number: the end before a capital, but for a time zone or a currency.
UNITS = _words(
    "hr hrs min mins sec secs yr yrs km kg cm mm mi nm yd yds ft lb lbs oz sq ha mw kw",
    "mio mln mrd bn tn pct",
)
# What brackets behind a rank or title may hold: "Brig. Gen. (ret.) Arno", "Dr. (Mrs.) Pell".
BRACKETED = PERSONS | OFFICES | _words("ret retd rtd res")
# After these a capital letter is a name even if the word begins sentences elsewhere.
HONOURS = _words("h.e s.e h.h h.r.h h.m h.i.m rt m.v s.s h.m.s s.a.r s.m s.e.m")
# Remarks that a sentence follows: "P.S. We shall not come."
REMARKS = _words("p.s p.p.s n.b")
