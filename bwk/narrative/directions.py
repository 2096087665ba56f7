"""Words of direction, size, order and course, with what each says in numbers."""

import re

from bwk.narrative.grammar import patterns

UP, DOWN, SAME = "meer", "minder", "gelijk"
DENIED = "niet"
TIMES, RANK = "keer", "plaats"  # of so many times as much; of a place in an order
# In a row, which may go on on indented lines, `{name}` stands for a row of `_PARTS`.
_PARTS = r"""
gap       (?:[\w%#]+ ){0,6}?
go        \b(?:lo+p|liep|va+l|viel|ga+|ging|zak|duik|do+k|schiet|scho+t|gl[ie]+d)\w* 
take      \bn[ae]e?me?[nt]? 
gone      (?:ge)?(?:lo+p|va+l|ga+|zak|doken|schoten|gleden|gang)\w*
reach     \bha+l(?:t|en|den?) (?:het|de) (?:oude |vorige |eerdere )?(?:(?:half)?jaar|periode|
    niveau|aantal|peil)\b
count     #|\w+e?n\b|\w+s\b
be        \b(?:w[eo]rde?[nt]?|werd(?:en)?|is|zijn|was|waren|l[aie]+g\w*|kom\w*|kwam\w*|viel\w*|
    z[ai]t\w*|val(?:t|len)|bl(?:ij[fv]|e+[fv])\w*) 
stay      \bbl(?:ij[fv]|e+[fv])\w* 
not       (?:niet|nauwelijks|amper)
"""
# What is said, and the forms of the word; the first row that fits a place counts.
_WORDS = r"""
plan      op (?:koers|schema|peil) (?:te )?(?:blijven|komen)
below     \b(?:onder koers|niet op (?:koers|schema)|achter op (?:koers|schema)|(?:loopt|lopen|
    liep(?:en)?) achter)\b|{stay}achter\b
above     \b(?:boven koers|voor op (?:koers|schema))\b
on        \bop (?:koers|schema)\b
keer      \bver(?:dubbel|\w+voudig)\w*|\bdubbel zo\s?veel|\b(?:ge)?halve(?:er\w*|ren|ring)
record    \b(?:dan ooit|nooit eerder|nog nooit(?! (?:\w+ )?geweest)|record\w*)\b|
    \bvoor het eerst (?:\w+ ){0,3}#
gelijk    \b(?:gelijk|hetzelfde|constant) gebleven|\bon(?:veranderd|gewijzigd)|\bstabiel\b|
    {stay}{gap}(?:gelijk|hetzelfde|constant|steken|hangen|op peil|stil)\b|\bevenveel\b|
    \bstagne\w+|\bgestagneerd|\bst(?:ond|aat) stil\b|\bveranderd?e? niet\b|\b(?:gedaald|
    gestegen) noch\b|\beven (?:hoog|groot|veel|vaak|druk) als\b|\b(?:gelijk|vergelijkbaar) (?:aan|
    met)\b|{stay}zoals\b|\bhetzelfde (?:aantal|niveau)\b|\bstok(?:t|ten?)\b|\bverschil(?:t|len|
    den?) {not}|\bwe+k\w* {gap}{not} {gap}af\b|\bverander(?:t|d|de|den)? {not}\b|{not} (?:veranderd|
    verschoven)\b|\bgelijke tred\b|\bnet zo (?:hoog|groot|veel|vaak|druk|laag|klein) als\b|
    \bstabiliseer\w*|\bgestabiliseerd\b|\bschommel\w*(?: {not})?|\b(?:geen|nauwelijks|weinig|
    amper) (?:groei (?:en|of) geen (?:krimp|daling)|
    (?:beweging|verandering|verschuiving))\b|\bverander\w* (?:\w+ ){0,4}?(?:ni(?:et|k)s|weinig)\b|
    \bkabbel\w*|
    \bwat (?:het|ze) wa(?:s|ren)\b|\bop (?:de oude|dezelfde) voet\b|\bbij het oude\b|
    \bnet als (?:in )?(?:de |het )?vorige? \w+ {gap}(?:op|er) (?=#)|\bniet van (?:zijn|de|
    haar) plaats\b|
    \bnoch omhoog\b|\bnoch omlaag\b|\bpas op de plaats\b
every     (?<!van )(?<!van al )\balle\b(?= (?:\w+e )?(?:deelnem|mensen|bezoekers|deelnames))|
    \biedereen\b
none      \bgeen van (?:de|onze)\b|\bgeen enkele (?=deelnem)|\bniemand\b
few       \b(?:een )?(?:heel )?klein deel\b|\bslechts enkele\b
minority  \bminderheid\b
majority  \b(?:meer dan|ruim) de helft\b|\b(?:meerderheid|merendeel)\b
plaats    \b(?:(?:op )?(?:een|twee) na (?:de |het )?)?(?:grootste (?:deel|groep|dienst|activiteit|
    onderdeel)|groot?ste (?:is|was)|het (?:groo|klein)tst|het grootst|(?:de|het|onze?|
    ons) (?:meeste|minste|kleinste?)|(?:het )?vaakst)\b|\b(?:eerste|tweede|derde|vierde|
    laatste) plaats\b|\b(?:de|onze) (?:tweede|derde|vierde) (?:dienst|activiteit)\b|
    {be}{gap}(?:de|het|onze) grootste\b|\b(?:de|het|onze?|ons) (?:drukst|populairst|geliefdst|
    rustigst|stilst|
    (?:best|slechtst) ?bezocht)e?\b|\bkoploper\b|\bnergens (?:\w+ ){0,4}?(?:meer|minder|zo)\b|
    \bhekkensluiter\b
minder    \b(?:ge)?daal(?:t|d|de|den)?\b|\bdal(?:ing|en|ende?)\b|\bafn(?:ame|e?emt|emen)\b|
    \baf(?:genomen|gebrokkeld|gezwakt| te nemen)\b|{take}{gap}af\b|\b(?:brokkel|
    zwak)\w* {gap}af\b|\b(?:ge)?(?:krimp|kromp|krompen|kelder|zakt|duikel|duikvlucht|slonk|slink|
    taan)\w*|\bdo(?:ok|ken)\b|\bdieptepunt\b|\bbergafwaarts\b|\bverminder\w*|{go}{gap}(?:terug|
    omlaag|achteruit|tegen(?=:|,| met|$)|naar beneden)\b|\b(?:terug|achteruit|omlaag){gone}|
    \bstort\w* {gap}in\b|\b(?:in|weg)ge(?:stort|zakt|vallen)\b|{be}{gap}(?:minder|kleiner|lager|
    geringer)\b|(?:{stay}|\b(?:la?g|lig)\w* ){gap}onder\b|\bminder (?:geworden|in trek)\b|
    \b(?:derde|kwart|helft|vijfde) (?:kleiner|lager|minder)\b|\bne(?:er|der)(?:gaande|waarts)\b|
    \b(?:kom|kwam|volg|sta)\w* {gap}na\b|\b(?:terugval|dip|inzinking|teruggang|achteruitgang)\b|
    {go}{gap}onderuit\b|\bonderuit{gone}|\b(?:tuimel|kukel|hol|kachel|buitel|hobbel|
    glijd|gleed|rol)\w* {gap}(?:omlaag|achteruit|terug|onderuit|naar beneden|weg)\b|
    \bleverd?en? {gap}in\b|\blevert {gap}in\b|\bingeleverd\b|\bverl(?:ie[sz]|o+r)\w* (?:\w+ )?
    (?:terrein|(?={count}))|\bterreinverlies\b|\b(?:heen over|over) {gap}hoogtepunt|
    \b(?:droog|ebde?|ebt|kalf|vloei)\w* {gap}(?:op|weg|af)\b|\b(?:opgedroogd|weggeëbd|afgekalfd|
    uitgedund)\b|
    \b(?:dunde|dunt) {gap}uit\b|\b(?:in|onder) de min\b|\been min\b(?! of)|\bvan kwaad tot erger\b|
    \bminder(?:de|t)\b|\been (?:flinke |forse )?duik(?:vlucht)?\b|\bboet\w* {gap}in\b|
    \bingeboet\b|\been veer (?:moeten )?laten\b|\b(?:la?te?n?|liet\w*) {gap}veren\b|\bgeslonken\b|
    \b(?:knauw|laagterecord|in het slop|verflauw\w*)\b|\b(?:af|terug|weg|omlaag|
    achteruit) (?:naar|tot) (?=#)|
    \b(?:rustiger|stiller|leger|slechter)\b(?= (?:dan|bezocht|bezet|gew|bij|in)|\W*$)|
    {stay}{gap}weg\b|
    \bwegge(?:bleven)\b|\bterrein (?:\w+ )?(?:verloren|prijs\w+)|\been (?:flinke |forse )?(?:tik|
    deuk|dreun|klap)\b|
    \bde (?:klad|loop|rek|fut) {gap}er(?:in|uit)\b
meer      \b(?:ge)?(?:groei|ste[ei]?g|st[ij]+g|klim|klom)\w*|\bgeklommen\b|\btoe(?:name|genomen|
    neemt|nemen)\b|{take}{gap}toe\b|\b(?:in de lift|opwaartse lijn|aan populariteit)\b|
    {go}{gap}(?:omhoog|vooruit|op(?= (?:naar|tot)))\b|\b(?:opge|omhoogge|vooruitge)(?:lopen|gaan|
    schoten|kropen|klommen|vlogen)\b|\b(?:kro+p|kruip|vlieg|vloog|schuif|scho+f)\w* {gap}(?:omhoog|
    op)\b|\bdoor het (?:dak|plafond)\b|\b(?:nam|neemt|nemen) een vlucht\b|\been hoge vlucht\b|
    \b(?:in|op) de plus\b|\bflink bij\b|\been sprong\b|\bcrescendo\b|
    \b(?:dik|zwel|zwol|trek|trok|wakker)\w* {gap}aan\b|
    \b(?:aangedikt|gezwollen|aangetrokken|uitgebreid|gestegen)\b|\bw[io]nt? (?:\w+ )?terrein\b|
    \bovertr(?:of|ef)\w* (?:het|de) (?:vorige|eerdere|oude)\b|{reach}|
    \bkwam\w* (?:niet )?aan (?:het|de) oude\b|\b(?:op|uit) (?:naar|tot) (?=#)|\b(?:drukker|voller|
    populairder|
    geliefder|levendiger|beter bezocht)\b|\b(?:bloei|leef|fleur|veer|krabbel)\w* {gap}op\b|
    \bkw?[ao]+m\w* {gap}bij(?=[:.,;(]|\W*$)|\bterrein (?:\w+ )?gewonnen\b|\bde vaart {gap}erin\b|
    \bschepje bovenop\b|
    \bvaker (?={gap}dan\b)|
    \b(?:bl(?:ijf|e+f|ijv)\w*|la+t|liet\w*) (?=(?-i:[A-Z])[\w ]+? (?:voor|achter
    zich)\b(?: met|[.,;:(]|$))|{be}{gap}(?:hoger|
    groter)\b(?= (?:dan|geworden|uit))
minder    \bminder\b
meer      (?<!of )\bmeer\b(?! (?:dan )?(?:de helft|diensten|een dienst))
"""


_FORMS = patterns(_WORDS, _PARTS)


def find(words: str) -> list[tuple[str, re.Match[str]]]:
    """Return what each word in some words says, and its place; in order, none over another."""
    matches = [(kind, match) for kind, form in _FORMS for match in form.finditer(words)]
    kept: list[tuple[str, re.Match[str]]] = []
    for kind, match in sorted(matches, key=lambda pair: pair[1].start()):
        if not kept or match.start() >= kept[-1][1].end():
            kept.append((kind, match))
    return kept


def of(words: str) -> str:
    """Return the direction that some words say: `meer`, `minder` or `gelijk`; empty where none."""
    ways = [kind for kind, _ in find(words) if kind in (UP, DOWN, SAME)]
    denied = [DENIED] if re.search(r"\b(?:niet|geen|nauwelijks|buiten)\b", words) else []
    return " ".join([*denied, *ways[:1]])
