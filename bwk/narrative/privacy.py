"""What must not be in a text: persons, how to reach them, and counts that are too small.

Rules and a list of first names tell a person; what looks like one and is none stands in the
evaluators' own list of words. Who has no name is told by what fits one person alone, or by two
things that are said of one. A message says where it stands, and never what.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from bwk import cells, formats
from bwk.facts import FactSheet
from bwk.facts.expressions import Referrals
from bwk.narrative import proposals, sentences, statements
from bwk.narrative.candidates import Candidate, candidates
from bwk.narrative.claims import Claim, cover
from bwk.narrative.grammar import filled, patterns
from bwk.narrative.statements import Statement
from bwk.personal import is_citizen_number, is_first_name

# In a row, which may go on on indented lines, `{name}` stands for a row of `_PARTS`; the group `it`
# is the name.
_PARTS = (
    r"""
cap       (?-i:[A-ZÀ-ÖØ-ÞĆČĐĞİŁŃŚŞŠŹŻŽ])[\w'’-]{1,40}
link      (?:van|v\. ?d\.|v/d|de|den|der|el|al|ben|ten|ter|te|la)
full      (?:{link} )*{cap}
alone     mevrouw|meneer|man|vrouw|dame|heer|jongen|meisje|kind|wedu(?:we|wnaar)|oom|tante|opa|oma|
    buur(?:vrouw|man|meisje|jongen)|zus(?:je)?|broer(?:tje)?|zoon|dochter|moeder|vader|
    echtgeno(?:te|ot)|vriend(?:in)?|(?:deelnem|vrijwillig|bezoek)(?:er|ster)|
    (?:mede)?bewo(?:ner|onster)|stagiaire?|statushouder|student(?:e)?
spot      plan|blok|gebouw|zaal|hal|groep|fase|vitamine
title     {alone}|{unique}|de heer|mw\.?|dhr\.?|mevr\.?|dokter|zuster|familie|gezin|echtpaar|
    prof(?:essor|\.)|zus(?:sen|jes)|broer(?:s|tjes)|pastor|pater|gastvrouw|gastheer|sleutelhouder|
    {job}(?! (?-i:van) )|(?:[dm]rs?|ir|ing)\.|neef|nicht|collega|ome|heet(?:te)?|naam is|
    noem(?:en|t|de) (?:we|ze|hem|haar)
tells     vertel(?:t|de)|zegt|zei|verzucht|lacht|lachte|glundert|herinnert
feels     (?:durft|durfde|woont|woonde|slaapt|sliep|huilt|huilde|trouwde|geniet|genoot|glimlacht\w*|
    schrok|
    bloosde)
site      [\w-]{0,40}(?:straat|laan|weg|plein|plantsoen|park|kade|gracht|singel|hof|dreef|dijk|pad|
    college|
    school|kerk|huis|brug|tunnel|prijs|fonds|stichting|arena|stadion|centrum|zaal|bad|toren)
road      (?!pakweg)\w*(?:straat|laan|weg|plein|plantsoen|gracht|singel|kade|hof|dreef|dijk|pad|
    steeg)
street    {road} (?:op )?\d|\bnummer \d+ (?:van|in|aan|op) (?:de |het )?{road}\b|
    \b(?:laan|weg|plein|straat) (?:[a-z'’-]+ ){1,4}\d|\b(?-i:[1-9]\d{3} ?[A-Z]{2})\b|
    \b(?:op|van|uit) (?:huis)?(?:nummer|nr\.?) \d
kin       (?:schoon|stief|pleeg|klein)?(?:man|vrouw|zoon|dochter|moeder|vader|kind|broer|zus)|
    wedu(?:we|wnaar)|echtgeno(?:te|ot)|oma|opa|oom|tante|neef|nicht|buur(?:man|vrouw)|vriendin|ex
unique    voorzit(?:ter|ster)|penningmeester|secretaris|coördinator|beheerder|conciërge|imam|
    dominee|
    pastoor|rector|directeur|directrice
job       \w*(?:arts|[^a]loog|(?:[fst]|ni)eur|icus|(?<!bes)(?<!ver)liste?|[gnrst]iste?|kundige|
    lera(?:ar|res)|docente?|meester|advocaat|agent|coach|consulent|therapeut|
    bakker|kap(?:per|ster)|slager|kok|schilder|boer|smid|juf|trainer|chirurg|(?:werk|leid|
    verzorg)(?:st)?er)
person    \w*(?:man|vrouw|bode)|(?:oud|ex)-[a-z]+|{alone}|{kin}|{unique}|{job}|iemand|persoon|
    {cap}ër|cliënt|gast|(?:jonger|ouder)e|leerling|
    (?!(?:kam|print|comput|beam|num|zom|wint|kalend|fold|post|contain|roost|
    vloer)m?er)(?:oud-)?\w{3,}
    (?:(?<![aeo])[bdgmnprtv]er|[klz]er|igent|sident|istent|ikant|(?<!ro[on])(?<!n)(?<!regi)(?<!kloo)ster)
acts      heeft|had|wilde?|kan|kon|komt|kwam|gaat|ging|brengt|bracht|neemt|nam|doet|deed|maakte?|
    zit|zat|
    leer(?:t|de)|stond|staat|vindt|vond|bleef|begint|begon|stopt(?:e)?|verloor|kookte?|bakte?|
    {feels}|begeleid(?:t|de)|
    spreekt|sprak|vroeg|zingt|zong|danst|naait|breit|tekent|fietst|belde?t?|loopt|liep|le?est?|las|
    keek|kijkt|
    voelt|weet|wist|lust|spaart|kent|kende|hee+t|legt|houdt
# most verbs of one subject, but not what organisations do as well, and nouns that look so
verb      {acts}|(?-i:(?!ge|{serves})[a-z]+(?:eid|eg|[bfgklmnprsvz])(?:dt?|t|de|te))
serves    \w*(?:reken|betaal|lever|seer|stuur|wijs|help|steun|open|sluit|duur|start|vergoed|
    huur)(?:de?|t)|
    \w*(?:kant|tijd|heid|post|west|oost|noord)|eerste|beste|laatste|derde|rond|halte
public    burgemeester|wethouder|minister|staatssecretaris|koning(?:in)?|raadslid
old       (?:(?:in|rond|boven) de |bijna |ruim )?(?:\d{1,3}|\w*tig|elf|twaalf|\w*tien)
# what stands between two words of one sentence
gap       [^.!?\n]{0,150}?
date      \d{1,2} (?:{months})
"""
    + f"months    {'|'.join(formats.MONTHS)}\n"
)
_PERSONS = r"""
titled    \b(?:{title}),? (?P<it>{full}|(?:{link} )+(?-i:[A-Z])\b)
small     \b(?:mevrouw|meneer|mw\.?|dhr\.?|de heer) (?P<it>(?:de|el|ten|van der|van den) (?!voorz|
    burg)[a-z]{3,})
tells     (?<!\buit )(?<!\bin )(?P<it>{cap}) (?:{tells})\b
acts      (?<![\w,;’'] )(?<![\w-])(?P<it>(?=\w(?-i:[a-zà-ÿ])){cap})(?<!en)(?<!s)(?<!ing)(?<!heid)
    (?<!dag)(?<!lijk)\s(?:{acts})\b(?! (?:hij|zij|ze|wij|we|men|er|dit|dat|deze|die|hier|u|je|ik|
    ongeveer|ruim|bijna|\d|{cap}))
acts      (?<!\bde )(?<!\bhet )(?<!\been )(?<!\bonze )\b(?:{verb}|dankzij|(?:missen|bedanken|
    leerden|kennen|zien|zagen|horen|spraken|spreken)(?: (?:we|wij|ze))?|dank aan|dat|toen|
    omdat|doordat|zodat|nadat) (?:(?:meestal|vaak|soms|altijd|ook|nu|weer) )?(?P<it>(?!\w+(?:s|
    isch)\b)(?=\w(?-i:[a-zà-ÿ])){cap})(?= (?-i:[a-z])(?!pen\b)|[.,])
kin       \b(?:{kin}|kinderen|ouders) van (?P<it>{cap})
known     (?P<it>{cap}), (?:onze|de|een|haar|zijn) (?:[\w-]+e )?(?:{person})\b
told      \b(?:{tells}|aldus|volgens) (?P<it>{cap})
small     \b(?:mw|dhr|mevr)\.? (?P<it>(?:{link} )*[a-z]{3,})
initials  (?<![\w.])(?-i:(?:[A-Z]\. ?){1,4})(?P<it>{full}|(?:{link} )+(?-i:[A-Z])\.)
initials  (?:^|[^\w\s] ?|\b(?!(?:{spot}) )\w+ )(?P<it>(?-i:(?!B\.V|N\.V)(?:[A-Z]\.){1,3}))(?=,|
    (?:\s(?-i:[a-z(])))
quoted    [”’"'][.,]? ?[-–—(]+ ?(?!(?:een|{person})\b)(?P<it>{cap})
kin       \b(?!soms|eens|thuis)(?P<it>{cap}s) {kin}\b
kin       (?P<it>{cap}) en (?:zijn|haar) (?-i:[a-z])
shortened (?<!\w)(?!(?:{spot}) )(?P<it>{cap}) (?-i:[A-Z])\.
    (?=,| (?-i:[a-z]))
"""
# By which one can be told who has no name: one of a kind, of somebody, of a house, or called so.
_TOLD_APART = r"""
sole      \b(?:enige|eerste|oudste|jongste|trouwste|bekendste|langst\w*) (?:\w+e )?{person}\b
sole      \b(?:maar|slechts|precies|exact) (?:[ée][ée]n|1) (?:\w+e )+{person}\b
sole      \b(?:hij|zij|ze) (?:is|was|werd) (?:de|het|onze) (?:enige|eerste|oudste|jongste)\b
kin       \b(?:{kin}|echtpaar|stel|jongen|meisje|eigena(?:ar|res)) van (?:de|het|
    onze) (?:\w+e )?(?!(?:dag|week|maand|jaar)\b)\w+(?<!en)(?<!rs)(?<!es)\b
kin       \b(?:gezin|familie|kinderen|ouders|zo(?:on|nen)s?|dochters) van (?:de|
    onze) (?:\w+e )?{person}\b
near      \b(?:gezin|familie|stel|echtpaar|bewoners|buren|{alone}) (?:(?:boven|naast|tegenover|
    achter) (?:de|het|
    ons) \w|
    (?:van|op|uit|aan) (?:(?:nummer|nr\.?) \d+|\w+[ -]?hoog|beneden|boven|hiernaast|\w+ (?:huizen|
    deuren) verder|
    de overkant|de hoek|het hoekhuis)\b)
that      \b(?:de|het|die|onze) (?:\w+e )?(?:{kin}|jongen|meisje|dame|heer|mevrouw|meneer) (?:die|
    dat|met)\b
whose     \b(?:de|het|die|onze) (?:\w+e )?{person},? (?:wiens|wier|(?:die|met wie|
    van wie)\b{gap}\b
    (?:vorige?|afgelopen|in (?:{months})|{date}))\b
called    \bnoem\w* (?:haar|hem) (?:\w+ )?[“"‘']|\b(?:ken(?:t|nen|de)|noem\w*) (?:\w+ )?(?:haar|
    hem) (?:\w+ ){0,4}als\b|\bbijnaam\b
"""
# One person, and what tells him apart where two of such stand together.
_ONE = r"""
one       \b(?:(?:een|de|het|onze|die|deze|\w+-jarige) (?:[\w-]+en? ){0,3}(?!{public})|
    (?=iemand)){person}\b
"""
# Of whom a mark behind them is, and not of the one person before them.
_MANY = re.compile(
    r"\b(?:mensen|mannen|vrouwen|ouderen|jongeren|gezinnen|\w{4,}(?:ers|sters|eurs|isten))\b"
)
_MARKS = r"""
age       \b(?:{person}(?: van|,)|{alone} \() ?{old}\b(?! (?:uur|euro|kind))|\w-jarige|\b(?:is|werd|
    wordt) {old}
    (?=[.,]| jaar\b| en\b)
alone     \bwedu(?:we|wnaar)|\balleenstaande?|\bgescheiden|\bscheiding
many      \b(?:moe|va)der van (?:vijf|zes|zeven|acht|negen|tien|elf|twaalf|[5-9]|1\d)\b
family    \b(?:moe|va)der van|\b(?:twee|drie)ling|\b(?:haar|zijn|wiens) {kin}\b
origin    \buit (?:de |het )?{cap}|(?-i:[A-ZÀ-Þ])[a-zë-ï]+s(?:ch)?e {person}
job       \b(?:een|de|onze) (?:[\w-]+en? ){0,3}(?:{job})\b|\b(?:gepensioneerd|voormalig|oud-|ex-)|
    \b(?:de|onze) (?:{unique}|{person} (?:van|op|bij|in|uit|aan) (?:de|het|onze?|{cap}))\b
himself   \b(?:de|onze) (?:{unique}|{person} (?:van|op|bij)) {gap}\bzelf\b
that      \b(?:de|het|die) (?:\w+e )?{person} (?:die|met)\b
lived     \btrans(?:man|vrouw|gender)|\bhomo|\blesb|\btbs\b|\bstrafblad|\bcelstraf|\breclass
ill       \b(?:met|heeft) (?-i:[A-Z]{2,4})\b|(?<!\bover )(?<!\bvan )\b(?:syndroom|kunst(?:been|arm)|
    amput|diabet|kanker|tumor|dement|alzheimer|parkinson|depressi|
    burn-?out|beroerte|hersen|epilep|autis|psycho(?!lo)|trauma|blinde?\b|doof|dove|slecht(?:zi|ho)|
    rolstoel|scootmobiel|prothese|handicap|beperking|verslaa?[fv]|drank|gok|ziek(?!enh)|opgenomen|
    zwanger|geopereerd|hart(?:aanval|infarct))|\bmet drinken|
    \b\w*(?:kanker|laesie|stoornis|[a-z]infarct|bloeding|verlamming)\b|\bzonder (?:be+n|arm|hand)
event     verongelu|\bbrand\b|\bviel\b|\bongeluk|overval|mishandel|vermoord|gevangen|ontslagen|
    daklo[oz]|
    \buit huis|gevlucht|\basiel|faillie|overle(?:ed|den)|verloor|\bstierf|
    \bz[ai]t (?:\w+ ){0,3}vast\b
money     schuld(?!h)|bijstand|uitkering|voedselbank
"""
_NO_PERSONS = r"""
named     \b(?:{cap}|(?-i:[A-Z]|[DdMm]rs?)\.) ?(?:{link} |{cap} ){0,4}(?-i:[A-Z]){site}\b
holy      \b(?:sint|prins(?:es)?|koning(?:in)?|paus|minister|wethouder|burgemeester)[ -](?:{link}
    )*{cap}
named     \b\w*noemd naar {cap}(?: {cap}){0,3}|\b\w*(?:stichting|vereniging|fonds|bureau|winkel|
    corporatie|firma|team|centrum) {cap}(?: {cap}){0,3}
place     \b(?:zaal|huis|gebouw|project|koor|locatie|storm) {cap}(?: {cap}){0,3}|{cap} (?:is|was|
    wordt) de naam van
feast     \b{cap}[ -](?:hemelvaart|lichtmis|tenhemel\w+)\b
famous    \b(?:sinterklaas|kerstman|martin luther king|albert (?:heijn|cuyp)|anne frank|
    jip en janneke|van der valk|johan cruijff)\b
"""
_WORD = re.compile(r"\w[\w-]+")
# What is a name and a word is the word behind an article, and where `en` or `je` follows it at the
# start of a sentence.
_USED_AS_WORD = re.compile(
    r"(?:(?<=\b[Dd]e )|(?<=\b[Hh]et )|(?<=\b[Ee]en ))\w|"
    r"(?:(?<![\w,;’'] )|(?<=\A))[\w-]+ (?:en|je)\b"
)
_CITIZEN_NUMBER = "burgerservicenummer"
# By which somebody can be reached, or is known.
_CONTACTS = r"""
mailadres      (?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.-]*\w|[\w.]+ [(\[]?(?:apenstaart(?:je)?|at)[)\]]?\s
    \w+(?: (?:punt|dot) |\.)\w+
telefoonnummer (?<![\w.,])(?:\(?0[\s().-]{0,3}(?:\d[\s().-]{0,3}){8}|
    (?:\+|00)(?:\d[\s().-]{0,3}){9,12})
    \d(?!\d)
account        (?<![\w@.])@\w[\w.]+\w|\b(?:insta|snap|tiktok|telegram|
    facebook){gap} [a-z]+[_.\d]\w+|
    \b(?:facebook|instagram|linkedin|tiktok|twitter)\.com/[\w./-]*\w
woonadres      \b(?:wo+n(?:t|de|en|achtig)|(?:zijn|haar|hun) (?:adres|postcode|huis|flat|woning|
    appartement|kamer)|adres van|
    familie|gezin|(?:twee|drie)ling|{alone})\b{gap}\b(?:{street})|
    \b(?:uit|thuis (?:op|aan)) (?:de |het )?(?:{street})|\b(?:{street}){gap}\bwo+n|
    \b(?:hij|zij|ze|hem)\b{gap}\b(?:{street})|
    \bwoon(?:t|de|achtig)\b{gap} (?:op|aan|in) (?:[a-z]+ ){0,3}(?:{cap} ){1,3}
    \d+(?=[.,-]| en\b|$)
rekeningnummer \b(?-i:[A-Z]{2}\d\d(?: ?[A-Z\d]{4}){3,7})
kenteken       (?<![\w-])(?-i:(?=(?:\w-?){6}(?![\w-]))(?=[\d-]*[A-Z])(?=[A-Z-]*\d)(?:[A-Z]{1,3}|
    \d{1,3})-(?:[A-Z]{2,3}|\d{2,3})-(?:[A-Z]{1,3}|\d{1,3}))
geboortedatum  \bgeb(?:oren|oortedatum|\.)\W+(?:\w+ ){0,2}?\d{1,2}[-/. ](?:\d{1,2}|
    [a-z]+)[-/. ]\d\d|
    \b(?:hij|zij|ze|{alone})\b{gap} {date}\b{gap}(?:verjaardag|jarig)|
    \b(?:hij|zij|ze|{alone})\b{gap}(?:verjaardag|jarig|(?:is|werd|
    wordt) \d\d)\b{gap} {date}\b|
    \b(?:hij|zij|ze) (?:is|was) van {date}\b|\b{date} \d{4} geboren|
    \b{date} (?:wordt|werd|is) (?:hij|zij|ze|
    {cap}) (?:jarig|{old})\b|
    \b(?:zijn|haar) (?:\w+tigste )?verjaardag\b{gap} {date}\b
leeftijd       \b{alone} \(\d{1,3}\)|\b(?:{alone} van \d{1,3}|\d{1,3}-jarige (?:\w+ )?{alone})\b
    {gap}\b(?:uit|wo+n\w*)\b
burgerservicenummer (?<!\d)\d{9}(?!\d)|\b(?:bsn|sofi|burgerservice)\w*\W+(?:\w+ )?\d[\d. -]{7,}
"""
_ASIDE = (  # what is named, and not counted
    r"\b(?:dankzij|mede door|naast|ondanks|behalve|zonder) (?:de |het |onze? |ons )?(?:\w+e )?\w+"
)
_NEAR = 150  # characters, within which what is said is of the same person
_TOO_FEW = "Zo weinig mensen kan iemand herkennen: haal het getal weg"
_WITHHELD = "Dit cijfer is achtergehouden om herkenning te voorkomen: haal het getal weg"
_NAME = (
    "Hier staat misschien de naam van een mens: haal die weg. Is het geen naam? Zet het woord dan "
    "in woordenlijst.txt"
)

_DESCRIPTION = (
    "Hieraan is misschien één mens te herkennen: schrijf dit algemener. Gaat het niet over één "
    "mens? Zeg dat dan bij Controle"
)


@dataclass(frozen=True)
class Seen:
    """What must not be in a sentence: the sentence, its number, and what to do."""

    sentence: str
    number: int
    message: str

    @property
    def remark(self) -> str:
        """Where it stands and the remedy, in Dutch."""
        return f"Zin {self.number}: {self.message}."

    @property
    def fingerprint(self) -> str:
        """Of what was seen in which words, without telling them: another sentence has another."""
        return cells.fingerprint(f"{self.message} {self.sentence}")


def found(text: str, own: FactSheet, known: Collection[str] = ()) -> Iterator[Seen]:
    """Yield what must not be in a text.

    Parameters
    ----------
    text : str
        Markdown source of a cell.
    own : FactSheet
        Of the report: the names in its data are none of persons.
    known : collection of str
        Words that are no names, in small letters.
    """
    accepted = {word.lower() for word in known} | _own_words(own)
    yield from _numbered(
        text, [*_contacts(text, accepted), *_named_persons(text, accepted), *_described(text)]
    )


def _numbered(text: str, told: Sequence[tuple[int, str]]) -> Iterator[Seen]:
    """Yield each message once with the number of its sentence: a word of it could be a name."""
    filled = [span for span in sentences.spans(text) if text[slice(*span)].strip()]
    for number, (start, end) in enumerate(filled, 1):
        inside = [message for place, message in sorted(told) if start <= place < end]
        sentence = " ".join(text[start:end].split())
        yield from (Seen(sentence, number, message) for message in dict.fromkeys(inside))


def _own_words(own: FactSheet) -> set[str]:
    divisions = (*own.services, *own.roles, *own.neighbourhoods, *own.partners, *own.domains)
    labels = (*divisions, *own.locations, own.scope)
    names = [name for label in labels for name in (label.name, label.group)]
    names += [*own.not_reported, *own.programme.values()]
    return {word for name in names for word in re.findall(r"[\w-]+", name.lower())}


@cache
def _patterns(table: str) -> list[tuple[str, re.Pattern[str]]]:
    return patterns(table, _PARTS)


def _contacts(text: str, accepted: Collection[str]) -> Iterator[tuple[int, str]]:
    """Yield where one stands who can be reached, and what to do."""
    for name, pattern in _patterns(_CONTACTS):
        for match in pattern.finditer(text):
            is_nine_digits = name == _CITIZEN_NUMBER and match[0].isdecimal()
            if match[0].lower() in accepted:
                continue
            if not is_nine_digits or is_citizen_number(match[0]):
                yield match.start(), f"Hier staat een {name}: haal dat weg"


def _named_persons(text: str, accepted: Collection[str]) -> Iterator[tuple[int, str]]:
    """Yield where a person is named: after a title, with a verb of speech, or by first name."""
    for _, pattern in _patterns(_NO_PERSONS):
        text = cover(text, pattern)
    for _, pattern in _patterns(_PERSONS):
        for match in pattern.finditer(text):
            word = match["it"].split()[-1].lower()
            if word not in accepted and not _NO_NAME.fullmatch(word):
                yield match.start("it"), _NAME
    for match in _WORD.finditer(text):
        as_written = match[0].lower() if _USED_AS_WORD.match(text, match.start()) else match[0]
        if match[0].lower() not in accepted and is_first_name(as_written):
            yield match.start(), _NAME


def _described(text: str) -> Iterator[tuple[int, str]]:
    """Yield where a description fits one person: by one telling mark, or by two together."""
    for _, pattern in _patterns(_TOLD_APART):
        yield from ((match.start(), _DESCRIPTION) for match in pattern.finditer(text))
    [(_, one)] = _patterns(_ONE)
    for start, end in sentences.spans(text):
        for person in one.finditer(text, start, end):
            near = min(end, person.end() + _NEAR)
            about = _MANY.split(text[person.start() : near])[0]
            if sum(bool(mark.search(about)) for _, mark in _patterns(_MARKS)) > 1:
                yield person.start(), _DESCRIPTION


# Words that open a sentence, and stand where a name could.
_NO_NAME = re.compile(
    filled("{plain}|{n}|{word}|{ordinals}")
    + r"|\w*(?:mand|iedereen|iets|niks|alles|gens|waarts|bree?d|maals|snel)|(?:daar|waar|hier)\w*|"
    r"verder|soms|vaak|gisteren|helaas|pas|steeds|nooit|ooit|altijd|meestal|misschien|zo|hoe|straks"
)


def small_counts(text: str, numbers: Sequence[Claim], own: FactSheet) -> Iterator[Seen]:
    """Yield what is said of each claim that tells of too few people, or of what is held back."""
    threshold = int(own.programme.get("threshold", 0))
    people = {label.slug for label in own.roles} | {"personen"}
    told = []
    for claim in numbers:
        if claim.kind != "count":
            continue
        statement = statements.derive(text, claim, own)
        if 0 < claim.value < threshold and statement.unit in people:
            told.append((claim.start, _TOO_FEW))
        elif _is_held_back(text, claim, statement, own):
            told.append((claim.start, _WITHHELD))
    yield from _numbered(text, told)


def _is_held_back(text: str, claim: Claim, statement: Statement, own: FactSheet) -> bool:
    """Whether what a number is told of is likelier a count held back than one that is shown."""
    words = statements.context(text, claim)
    about = {*statements.named(re.sub(_ASIDE, " ", words.clause), own), statement.place}
    held_back = [
        proposals.score(claim, words, statement, fact)
        for fact in candidates(own)
        if fact.fact.withheld and fact.keys and {*fact.keys.values()} <= about
        if fact.place == statement.place and _is_counted(fact, statement.unit)
    ]
    shown = proposals.single(text, claim, {own.scope.slug: own})
    return max(held_back, default=0) > max((each.score for each in shown), default=0)


def _is_counted(fact: Candidate, unit: str) -> bool:
    return unit in (fact.unit, *fact.keys.values()) or bool(unit and isinstance(fact.of, Referrals))
