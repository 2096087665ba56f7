"""The grammar of `claims`: which Dutch words are numbers that count, and which are none.

What is no claim is masked by the ordered rows of `RULES`; what is left is read by the rows of
`FORMS`, with one of the `HEDGES` before it. In a row, which may go on on indented lines, `{name}`
stands for a row of `PARTS`, and a space for white space with one line end at most; of a match with
a group `it`, only that is masked. A number after a noun that stands bare (`{label}`) names it, as
in `fase 2`, unless what it counts follows (`{bare}`): `in januari 30 bezoekers`.
"""

import re
from collections.abc import Mapping
from functools import cache

from bwk import formats

ONES = "een twee drie vier vijf zes zeven acht negen".split()
TEENS = "tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien".split()
TENS = "twintig dertig veertig vijftig zestig zeventig tachtig negentig".split()
ORDINALS = "derde vierde vijfde zesde zevende achtste negende tiende".split()
SCALES = {"duizend": 1e3, "miljoen": 1e6, "miljard": 1e9}
MARK = "ǂ"  # stands for each letter of a number word, while the rules that follow are applied

PARTS = r"""
# numbers: before the words are marked, and after
one       [eé][eé]n|twee|drie|vier|vijf|zes|zeven|acht|negen
upto99    {one}[eë]n{tens}|{teens}|{tens}|{one}
upto999   {upto99}?honderd(?:(?:en)?{upto99})?|{upto99}
word      (?!een\b)(?:{upto999}?duizend(?: ?(?!een\b){upto999})?|{upto999})|nul|een(?= {scale}\b)
half      anderhal(?:f|ve)|een half(?= {scale})|{one}[eë]nhal(?:f|ve)
digits    (?:[0-9]{1,3}(?:\.[0-9]{3}){1,4}|[0-9]{1,15})(?:,[0-9]{1,9})?(?!(?!m[²2])\w|[.,:/][0-9])
number    {digits}|(?:{half}|{word})(?!\w|-\w|-\s)
amount    {number}(?: ?%| procent\b)?
single    (?:één|eén|éen|1(?![.,]?\d))
small     (?:{one}|tien|\d)(?!\w)
few       (?!een\b)(?:{one}|tien|honderd|[2-9]|100?)
part      [eé][eé]n {ordinals}n?(?:\b(?! ?\w)|(?= (?:deel|{plain}|\w{2,}t|me+r|minder|\w+eren)\b))|
    {few}(?: |(?!tiende)){ordinals}n?\b|(?<=geen\s)(?:kwart|{ordinals})\b
as        (?:zo ?(?:veel|groot|hoog|vaak|druk|lang|sterk|snel)|meer|vaker|groter|hoger)\b(?! dan)
n         ǂ++|{digits}
to        (?: ?[–-] ?|-? (?:[àáa]|of|en|t/m|tot(?: en met)?) )(?:de )?
list      {n}(?:(?:, ?|{to}| op ){n}){0,4}
nr        (?![\d.]+,\d)(?:\d++(?:\.\d++)*+(?:(?:, ?|{to}){digits})*|ǂ++(?:{to}ǂ++)?)
# time
year      (?:19\d|20[0-4])\d
date      (?:[12]?\d|3[01])
month     {months}\b|(?:jan|feb|mrt|apr|jun|jul|aug|sept?|okt|nov|dec)\b\.?
day       (?:maan|dins|woens|donder|vrij|zater|zon)dag\w*|\w*(?:ochtend|middag|avond|morgen)s?|ma|
    di|wo|do|vr|za|zo
timed     (?:gemiddelde )?(?:jaar(?:tal)?|leeftijd\w*|tijd(?:stip)?|datum|week|maand|duur|nr\.?)
time      (?:\w{2,}e |heel |vol |druk |half )?(?:(?:school|werk|zomer|winter|les)?(?:ja(?:ar|ren)|we
    (?:ek|ken)|dag(?:en|delen)?|u(?:ur|ren)?)|maand(?:en)?|kwart(?:ier|alen)|minu(?:ut|ten)|
    seconden?|nachten|lentes|eeuw(?:en)?|decenni(?:um|a)|zomers|winters|seizoenen|termijnen|period
    (?:en|es)|jrs?|mnd|wk|sec|(?:uur|week|kwartier|minuut|dag|jaar)t?jes?|week(?:end|einde?n?))\b
since     (?:nu|al|pas|net|bijna|inmiddels|zelf|intussen|meestal|vorig\w* \w+|in {month})
# words that name nothing, so that a number after them is not their name
before    in|op|van|voor|naar|uit|bij|zie|naast|via|tot|volgens|met|over|tijdens|na|aan|binnen|
    langs|achter|onder|boven|tegen|tussen|sinds|vanaf|door|om|rond|tegenover|zonder|behalve
verb      is|zijn|wa[st]|waren|zal|kan|mag|wil|moe[ts]t?|tel[dt]\w*|(?:word|werd|kom|kwam|heef|hebb|
    had|doe|dee?d|gaa?|ging|staa|stond|kunn|mog|moch|krijg|kree?g|blijv?f?|bleef|vond|liep|zitt?|
    zat|start|zull|blee?k|zei)(?:den|ten|te|en|t|n)?|\w*(?:droeg|trok|gaf|nam)
adverb    ofwel|oftewel|namelijk|maar|want|omdat|als|toen|zoals|dus|terwijl|dan|soms|eens|samen|
    alleen|niet|ook|nog|nu|al|wel|weer|toch|vandaag|slechts|gemiddeld|later|eerder|geleden|terug|
    zelf|hier|daar
pronoun   ik|hij|zij|ze|wij|we|je|u|men|hem|haar|hen|hun|ons|wie|wat|dit|deze|die|dat|het|de|er
determine en|of|per|een|elke?|iedere?|alle|beide|vorige?|afgelopen|andere|mijn|zijn|haar|hun|onze?
plain     {before}|{verb}|{pronoun}|{adverb}|{determine}
quantity  (?:{hedges})|\w*(?:lijk|els|totaal|aantal|cijfer|score|saldo|gemiddelde|oplage|respons|
    norm|bedrag|budget|omvang|capaciteit|waarde|schatting|imum|record|schieter)|(?:daar|waar|hier)
    \w+|precies|momenteel|afloop|aanvang|begin|einde?|kerst|pasen
verbal    \w+t(?<!teit)(?<!ct)(?<!nt)(?<!p[oi][sr]t)(?<!lot)(?<!lijst)(?<!kaart)|(?:\w*ge|ver)\w+d
label     (?!(?:{plain}|{quantity}|{month}|{day}|ǂ+)\b)[^\W\d_][\w'-]{1,30}
singular  (?<!en)(?<!ers)(?<!ies)(?<!mes)(?<!'s)
ref       pagina(?:'s)?|(?:pp?|pag|blz|fig|art|nr)\.|bladzijden?|hoofdstuk|artikel|tabel|vraag|
    groep|week|wijk|\w*(?:noot|punt|nummer|bus|straat|weg|laan|plein|kade|gracht|hof|dreef|singel|
    steeg|dijk|markt)|niveau|ruimte|lokaal|lid|verdieping|postcode\w*|motie|toestel|(?-i:Villa|
    Studio|Café|Fonds|Radio|Hotel|Loods|Blok|Gebouw|Zaal|Hal)
# what is counted; where it follows, the number is a claim
people    \w*(?:man|vrouw|meid|jongen|meisje|(?:moe|va|ou)der|o[mp]a|zoon|dochter|kind|mens|person|
    eur|ist|icus|weduw\w*|neer|heer|dame|dj|juf|zus|broer|neef|nicht|docent|meester|coach|trainer|
    beheerder|begeleider|l[ie]d|cliënt|gast|leerling|volwassen|jonger|studente?|stagiaire?|
    (?:vrijwillig|bezoek|bewon|deelnem|ontvang|gebruik|tien)(?:er|ster))(?:(?:n|er)?en?|s)?
counted   (?!(?:ontv|v|g|h)ingen\b)(?:keer|stuks|euro|fte|kilo|\w*(?:meter|gram|liter)|k[mg]|\w+
    (?:houdens|houders|names|yers)|{people}(?<=[ns])|\w*(?:bezoek|groep|vrag|gesprekk|ing|gezinn|
    kaart)en)\b
noun      (?:(?!{plain}\b)\w{3,}e )?(?:{counted}|(?!{plain}\b)\w{3,}(?:en|'?s)\b)(?! (?:[\dǂ]|
    (?:[wz](?:e|ij)|er|de|het|een|{adverb})\b))
some      (?! ?%| procent| {counted})
bare      (?! ?%| procent| {noun}| \([^()\n]{0,20}\d ?%)
stop      (?=[.,;!?)]| {plain}\b){bare}
another   (?!(?P=name)\b)(?-i:[a-z]+) (?:ǂ|\d)
cap       (?-i:[A-Z])
he        ik|hij|zij|ze|zelf|die|je|(?:mijn|haar|zijn|hun|de) {people}
am        ben|is|was|werd|wordt?
same      A4\w*|getal|schip|gat|oogopslag|lijn|klap|man|adem|\w*slag|dak|mond|woord|geheel|familie|
    ruk|stuk|beweging|druk|stem|ding|kant|en (?:al|ander|de\w*)|van|of (?:ander|meer)\w*|grote|been|
    oog|ander\w*|\w+ na
"""

RULES = r"""
# markup, links and addresses
code       ^(?:```|~~~)[\s\S]*?(?:^(?:```|~~~)|\Z)|`[^`\n]{0,500}`|<!--[\s\S]*?(?:-->|\Z)|
    </?[a-z][^<>]{0,500}>|&#\w{1,8};
link       !\[[^\]\n]{0,300}\]\([^()\n]{0,500}\)|\]\([^()\n]{0,500}\)|^\[[^\]^\n][^\]\n]{0,99}\]:.*|
    \[(?:\^[^\]\n]{1,30}|\d{1,3})\]|https?://\S+|\bwww\.\S+|(?<![\w.+-])[\w.+-]{1,64}@[\w.-]+|
    (?<![\w.-])[\w-]{1,60}\.(?:nl|com|org|eu|csv|xlsx|pdf|ipynb)\b(?:/\S*)?
# sayings, in which the number counts nothing
idiom      (?<![\d.,])\b{single} (?:{same})\b|\b(?:niet|nummer|geen|de|het) {single}\b|\bop {single}
    (?=[.,;!?])|\balles in {single}\b|\b(\w+)[\s-](?:op|voor|aan|tegen)[\s-]\1\b
idiom      \btwee (?:kapiteins|linkerhanden|stoelen|kanten|benen|handen|vliegen|maten|gezichten|
    gedachten|vuren|woorden)\b|\b(?:vier muren|vijf voor twaalf|nul op het rekest|nul komma nul|
    drie woorden|tien met een griffel|anderhalve meter|1,5 meter|negen van de tien keer)\b|\bvan
    (?:af)? nul\b|\bvoor {word}(?: te)? werk\w+|\bduizend ?maal dank|
    \b(?-i:top)[\s-](?:{word}|\d+)\b|\bonder {word} ogen\b|
    \b(?:1|[eé][eé]n)[,\s-]+(?:2|twee)[,\s-]+(?:3|drie)\b|\b(?:paar|enkele|enige) (?:honderd|
    duizend)\b|\b(?:volle|geeft) honderd procent\b|\b(?:100|honderd|duizend) ?
    (?:%|procent) (?:over|achter|zeker|gelijk)\b
idiom      \bin acht(?=[.,;]| (?:ge)?n[eo]| te)|(?<!was\s)(?<!is\s)\bacht (?:het|dit|dat|zich|te|
    slaan)\b|\b(?:ik|hij|ze|men|wij|we) acht\b
idiom      \bmeer dan {single} (?=dienst\b|activiteit\b|locatie\b|plek\b)|\b(?:twee|
    2) of meer (?=\w+en\b)
# what needs the words as they are written; after `mark` each number word is a row of ǂ
name       (?<!\w)'(?-i:[A-Z])[^'".,!?\n]{0,30}'(?!\w)|"(?-i:[A-Z])[^'".,!?\n]{0,30}"|\b(?-i:(?:
    (?<=[a-z]\s)|(?<=\bDe\s)|(?<=\bHet\s))(?=[A-Z])){word}\b(?! procent)
period     (?<!\w)'\d\d\b(?:[-/]'?\d\d\b)?|\bjaren (?:{word}|\d+)\b
age        \bin de (?:{tens}|\d0){stop}|\bvan in de (?:{tens}|\d0)|\bde (?:{tens}|
    \d0) (?:gepasseerd|voorbij)
frequency  (?<!verwees\s)(?<!verwezen\s)(?<!de\s)(?<!bijna\s)(?<!ruim\s)(?<!stuk\sof\s)
    (?<![\w,])(?<!samen\s)(?<!totaal\s)(?:{small}{to})?{small} (?:keer|maal)\b
    (?! {as})(?![^.\n]*\bverwezen\b)
mark       \b(?:{word}|{half})(?!\w|-\w|-\s)
# telephone and account numbers; no count begins with a nought
code       (?<!\w)(?:\(?0\d{1,3}\)?|\+31)(?:\s?[–/.-]?\s?\d){6,9}\b|\b(?:0[89]00[\s-]\d|14 0)\d{2,3}
    \b|(?<![\d.,])0\d+\b(?!,)|\b(?-i:[A-Z]{2})\d\d(?: ?(?-i:[A-Z\d]{2,4})){3,5}\b|\b[1-9]\d{3} ?
    (?-i:[A-Z]{2})\b
code       \b(?:bel|bellen|kvk):? \d[\d\s]{2,8}\b|\b11[23](?= (?:ge)?bel)|\b(?:bel(?:t|len|den?)?|
    nood|brand)\b[^.!?\n]{0,60} (?P<it>11[23])\b
# dates and times of the day
date       \b\d{1,2}[-/.]\d{1,2}[-/.](?:{year}|\d\d)\b|\b{year}-\d\d?-\d\d?\b|\b(?:van {date} op )?
    (?:(?:{day}) )?{date}(?:(?:, ?|{to})(?:(?:{day}) )?{date}){0,9} {month}(?: {year}\b)?|
    \b{month} {year}\b|\b(?:{day}|op|van|tot)\.? \d{1,2}[-/]\d{1,2}\b{bare}
clock      \b\d{1,2}[.:]\d\d(?!\d)(?: uur)?|(?:\b{n} (?:voor|over) )?\bhalf {n}(?: tot {n})?|
    \bkwart (?:voor|over) {n}|\b(?:om (?:{n} (?:voor|over) )?|ǂ++ over ){n}{stop}
clock      \b(?:(?:ge)?open|aanwezig|welkom|spreekuur|{day})(?: \w+){0,2} (?:van|tussen|vanaf|tot|
    om) {list}{bare}
clock      {n}(?:–|-| tot | t/m )(?=\0)|(?<=\0) tot {n}{stop}|(?:[,(]|\ber) ?van {n} tot {n}{stop}|
    (?<=\0)(?:,| en) \d\d?[–-]\d\d?\b{bare}
# how old somebody is
age        \b{n}[\s-]?jarigen?\b|\b\d\d(?:\+(?!\d)| plus\w*)|\b{n}-(?= tot)|\b(?:ouder|
    jonger) dan {n}|\b{n} (?:en|of) (?:ouder|jonger)\b|\b(?:begin|eind|midden|half|achter
    (?:in| in) de) (?:ǂ++|\d0){some}
age        ^\|[^|\n]*(?:leeftijd|duur)[^|\n]*\|.*|\bleeftijd\b:?(?: [^\W\d]+){0,5} {list}|\b
    (?:jongste|oudste)\b[^.\dǂ\n]{0,30} {n}{stop}
age        \b(?:{he}) (?:{since} )?{n} (?:{am})\b|\b(?:{he} (?:{am}|waren)|
    {people} waren|{people}(?:(?<!en)(?<!rs)|(?<=jongen)) {am}|(?:{am}) (?:{he}
    ))(?: {since})* {list}(?=[.,;!?]| (?:en|jaar)\b)|\b(?:werd|wordt) (?:op )?\0+ \d\d{stop}
age        (?<!aantal\s)\b(?:{people}|allemaal|allen)(?:(?: \w+)?, van|(?: van)? (?:van|tot|tussen|
    vanaf|onder|boven|rond|tegen|over))(?: de)? {list}(?! naar){bare}
age        \b{people} (?:van )?(?:onder|boven) de \d\d{some}|\b{people}(?<!en)(?<!rs)(?: {cap}
    [\w'-]*)* van \d\d{some}
age        \b{people} \({n}{to}{n}(?=[,)])|\b{people}(?<!en)(?<!s)(?: {cap}[\w'-]*\.?| (?:van|de|
    den|der|el)){0,4} \(\d\d?\b{bare}|(?<!uit\s)(?<!in\s)(?<!\),\s)\b{cap}[\w'-]{1,30} \(\d\d(?=\)
    (?! {noun}|,? [^.()]{1,40} \(\d)|, )|\b(?=\S{1,40},)(?:{cap}[\w'-]{1,30}|{people}
    ), (?:{since} )?\d\d?(?=,(?!\d))
# how long, how often and when
duration   {n} {time}[^.!?\n]{1,60}? (?:in(?: {year})?|eens|laatste) (?P<it>{n}){stop}
duration   (?!\b(?:\d{3}|\d\.\d{3}) (?:uur|uren)\b)
    (?:\b(?:{n}|een)(?:{to}| naar |, soms ))?\b(?!\d+\.){n} ?(?:en een hal(?:f|ve) )?{time}|
    \b{time} of {n}|\bde (?:volgende|komende|afgelopen) {n}{stop}
frequency  (?<![\d,.])(?!\d+,\d|\d{3}|[4-9]\d)\b{list} ?(?:keer|maal|x|avonden|middagen|
    ochtenden) (?:per|
    in (?:de|het)
    ) (?:{n} )?{time}
year       \b(?:in|van|over|voor|sinds|vanaf|eind|begin) (?P<it>{year})\b(?!%|[.,]\d)|
    (?<![\d.,€+−-])(?<!€\s)(?<!ruim\s)(?<!bijna\s)(?<!dan\s)\b{year}(?:[/–-](?:{year}|\d\d))?\b(?!%|
    [.,:]\d| {counted})
# numbers that name: of a list, a chapter, a street, a room, a product
numbering  ^[^\S\n]{0,9}(?:>\s?)*\d{1,3}\\?[.)](?=\s)|^#+ \d+(?:\.\d+)*\.? (?={cap})|(?:^|[:;,.] )
    \(?\d\)(?= \w)|[:;,] \d\.(?-i:(?= [a-z]))|(?:…|\.{3,}) ?\d{1,3}(?=\s*$)
name       (?={cap}){label} \d{1,2} (?-i:[a-wyzé])(?![\w'.])
name       \b\d[\d.]{0,9}(?:e|ste|de)\b|\b\d+%-\w+|\b{cap}\w+ van de {n} {cap}|(?<![\w-])
    (?!\d+m[2²]\b|\d+x\b|\d+-tal\b)(?:\d+-?[^\W\d_]+|[^\W\d_]{1,40}-?\d+)[\w-]*|
    \|[^|\d\n]*{label} {nr}[^\S\n]*(?=\|)
score      \bop de \d+ meter\b|\b(?:(?:ge)?w[io]n\w*|verl[io]\w+|eindig\w+|uitslag|stand|finale|
    werd het|het werd)(?: \w+){0,5}:? (?P<it>\d[–-]\d\b){bare}
reference  \bschaal (?:van )?{n}{to}{n}|§ ?{n}(?:\.\d+)*|\b(?=\S{1,40} [\dǂ])(?!{verbal}\b)
    {label} {nr}(?=:)
reference  (?<!per\s)(?<!\bde\s)(?<!elke\s)(?<!deze\s)(?<!een\s)(?<!het\s)\b(?:{ref}) \(?{nr}
    \b{some}
reference  \b(?:de|het|{before}) [a-z]\w+(?:en|s) \d\d?(?:(?:, ?|{to})\d\d?)+\b{some}
reference  (?<![\dǂ],\s)(?<![\dǂ]\sen\s)\b(?:{before}) (?-i:(?=[a-z]))(?P<name>{label}) (?:\d\d?
    (?![.,]?\d)(?:{to}\d\d?)?|ǂ++|\d+\.\d+){bare}(?!(?:,| en) (?:{before}) {another})
reference  (?:^(?:[>#•|–-]|[^\S\n]){0,9}|[.!?]['"]? |(?<![\dǂ])(?:[:;,] ?| \(| (?:en|of) )
    (?!{verbal}\b))(?P<it>(?P<name>{label})(?:{singular}|(?= {n} (?:{verb})\b)) {nr}{bare}
    (?=[.:,;)]| [a-zǂ(|])(?!(?:,| en) {another}))
reference  \b(?=\w{1,40} \S{1,40} [\dǂ])(?!(?:{before}|{pronoun}|{determine}|\w*e)\b)\w+ (?P<it>
    (?!{verbal}\b){label}(?<!en)(?<!s)(?<!jaar)(?<!dag)(?<![dt]e) {nr}){bare}
reference  (?<=\0)(?:(?:, | en | of )(?:(?:{before}) )?(?!{verbal}\b){label} {nr}{bare})+
name       (?<=[a-z,(]\s)(?<!\bin\s)(?<!\bbij\s)(?<!\buit\s)(?<!\bvoor\s)(?<!\bvan\s)(?<!\ben\s)
    (?={cap}){label}(?: {cap}[\w'-]*)? \d{1,4}(?:\.\d\d?)?(?:{to}\d++)?(?![.,]?\d){bare}
    (?=[.,;!?)]| [a-z(\0]|\s*$)
"""
FORMS = r"""
ratio     (?:{number}|een) op (?:de |elke |iedere )?{number}|{few} van (?:de|elke) {few}\b
fraction  de (?:andere )?helft\b|drie ?kwart\b|(?:[eé][eé]n|{few}) kwart\b|{part}
factor    (?:{word}maal|{number} (?:keer|maal)|\d{1,4}(?:,\d)?x) {as}\b|(?:dubbel|half) zo ?veel\b
range     tussen (?:de )?{amount} en (?:de )?{amount}|
          (?<!van\s)(?:{amount}|een(?= [àáa] ))(?: ?[–-] ?| (?:[àáa]|of|tot) ){amount}
tens      (?:een )?(?:{upto999}tal|dozijn)\b
number    (?:€ ?)?[+−-]?{number}(?: {scale}\b)?(?: ?%| procent(?:punt(?:en)?)?\b)?
"""
# How far a hedge reaches below and above, at most, as a part of the number; how round that is may
# keep it nearer (`claims`). `Ruim` and `bijna` are not of the number itself, `minstens` is.
HEDGES = r"""
-,0.1667 ruim|dik|een goede|een ruime|(?:net )?iets meer dan|net boven de
1,0      niet meer dan|hooguit|hoogstens|ten hoogste|maximaal|op (?:zijn|z'n) hoogst
0,inf    niet minder dan|zeker|min(?:stens|imaal)|ten ?minste|op (?:zijn|z'n) minst
-,0.25   meer dan|boven de
0.1,-    bijna|haast|vrijwel|amper|n(?:og|et) (?:geen|niet)|krap|een kleine|tegen de
0.1,-    (?:net )?iets minder dan|net onder de
0.25,-   minder dan
0.1,0.1  circa|ca\.?|ong\.|ongeveer|plm\.|zo'?n|zowat|rond(?: de)?|naar schatting
0.1,0.1  pakweg|grofweg|om en (?:na)?bij(?: de)?|plusminus|±|een stuk of
"""


@cache
def rules() -> list[tuple[str, re.Pattern[str]]]:
    """Return the name and the pattern of each of the `RULES`; they take a while to compile."""
    return [(name, _compiled(pattern, re.I | re.M)) for name, pattern in rows(RULES)]


def rows(table: str) -> list[tuple[str, str]]:
    """Return the first word, and the rest, of each row of a table."""
    return re.findall(r"^([\w.,-]+) +(.+)$", re.sub(r"\n +", "", table), re.M)


def filled(pattern: str, parts: Mapping[str, str] | None = None) -> str:
    """Return a pattern with the parts that it names: those of `PARTS`, or others."""
    parts = parts or WORDS
    return re.sub(r"\{([a-z]\w*)\}", lambda part: f"(?:{filled(parts[part[1]], parts)})", pattern)


def _compiled(pattern: str, flags: int = 0) -> re.Pattern[str]:
    return re.compile(filled(pattern).replace(" ", r"(?:\s[^\S\n]{0,4})"), flags)


WORDS = {
    "tens": "|".join(TENS),
    "teens": "|".join(TEENS),
    "ordinals": f"(?:{'|'.join(ORDINALS)})",
    "months": "|".join(formats.MONTHS),
    "scale": f"(?:{'|'.join(SCALES)})",
    "hedges": "|".join(words for _, words in rows(HEDGES)),
} | dict(rows(PARTS))
HEDGED = [
    (_compiled(words), [None if edge == "-" else float(edge) for edge in edges.split(",")])
    for edges, words in rows(HEDGES)
]
FRACTION = _compiled(r"({number}|{one})? ?(kwart|{ordinals})n?")
NUMBER = _compiled(r"(?<!\w){number}")
CLAIM = _compiled(
    r"(?=[^\s\0])(?<![\w/\0])(?<!\d[.,:])(?<![\w\0][–-])(?<!\0[.,/:])"
    r"(?:(?P<hedge>{hedges})(?:(?<=±)| ))?"
    rf"(?:{'|'.join(f'(?P<{name}>{pattern})' for name, pattern in rows(FORMS))})"
)
TIMES = _compiled(r"\s*{timed}\s*$", re.I)
