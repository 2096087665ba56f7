"""Words of direction, size, order and course, with what each says in numbers."""

import re

UP, DOWN, SAME = "meer", "minder", "gelijk"
TIMES, RANK = "keer", "plaats"  # of so many times as much; of a place in an order
_PARTS = {  # what the patterns below share
    "gap": r"(?:[\w%#]+ ){0,6}?",
    "go": r"\b(?:lo+p|liep|va+l|viel|ga+|ging|zak|duik|do+k|schiet|scho+t|gl[ie]+d)\w* ",
    "take": r"\bn[ae]e?me?[nt]? ",
    "gone": r"(?:ge)?(?:lo+p|va+l|ga+|zak|doken|schoten|gleden|gang)\w*",
    "be": r"\b(?:w[eo]rde?[nt]?|werd(?:en)?|is|zijn|was|waren|l[aie]+g\w*|kom\w*|kwam\w*|"
    r"viel\w*|val(?:t|len)|bl(?:ij[fv]|e+[fv])\w*) ",
    "stay": r"\bbl(?:ij[fv]|e+[fv])\w* ",
    "not": r"(?:niet|nauwelijks|amper)",
}
WORDS = (  # what it says, and the forms of the word; the first that fits a place counts
    ("plan", r"op (?:koers|schema|peil) (?:te )?(?:blijven|komen)"),
    ("below", r"\b(?:onder koers|niet op (?:koers|schema)|achter op (?:koers|schema)|"
     r"(?:loopt|lopen|liep(?:en)?) achter)\b|{stay}achter\b"),
    ("above", r"\b(?:boven koers|voor op (?:koers|schema))\b"),
    ("on", r"\bop (?:koers|schema)\b"),
    (TIMES, r"\bver(?:dubbel|\w+voudig)\w*|\bdubbel zo\s?veel|\b(?:ge)?halve(?:er\w*|ren|ring)"),
    ("record", r"\b(?:dan ooit|nooit eerder|nog nooit|record\w*)\b|"
     r"\bvoor het eerst (?:\w+ ){0,3}#"),
    (SAME, r"\b(?:gelijk|hetzelfde|constant) gebleven|\bon(?:veranderd|gewijzigd)|\bstabiel\b|"
     r"{stay}{gap}(?:gelijk|hetzelfde|constant|steken|hangen|op peil|stil)\b|\bevenveel\b|"
     r"\bstagne\w+|\bgestagneerd|\bst(?:ond|aat) stil\b|\bveranderd?e? niet\b|"
     r"\b(?:gedaald|gestegen) noch\b|\beven (?:hoog|groot|veel|vaak|druk) als\b|"
     r"\b(?:gelijk|vergelijkbaar) (?:aan|met)\b|{stay}zoals\b|\bhetzelfde (?:aantal|niveau)\b|"
     r"\bstok(?:t|ten?)\b|"
     r"\bverschil(?:t|len|den?) {not}|\bwe+k\w* {gap}{not} {gap}af\b"),
    ("every", r"(?<!van )(?<!van al )\balle\b(?= (?:\w+e )?"
     r"(?:deelnem|mensen|bezoekers|deelnames))|\biedereen\b"),
    ("none", r"\bgeen van (?:de|onze)\b|\bgeen enkele (?=deelnem)|\bniemand\b"),
    ("few", r"\b(?:een )?(?:heel )?klein deel\b|\bslechts enkele\b"),
    ("minority", r"\bminderheid\b"),
    ("majority", r"\b(?:meer dan|ruim) de helft\b|\b(?:meerderheid|merendeel)\b"),
    (RANK, r"\b(?:(?:op )?(?:een|twee) na (?:de |het )?)?(?:grootste (?:deel|groep|dienst|"
     r"activiteit|onderdeel)|groot?ste (?:is|was)|het (?:groo|klein)tst|het grootst|"
     r"(?:de|het|onze?|ons) (?:meeste|minste|kleinste?)|(?:het )?vaakst)\b|"
     r"\b(?:eerste|tweede|derde|vierde|laatste) plaats\b|"
     r"\b(?:de|onze) (?:tweede|derde|vierde) (?:dienst|activiteit)\b|"
     r"{be}{gap}(?:de|het|onze) grootste\b"),
    (DOWN, r"\b(?:ge)?daal(?:t|d|de|den)?\b|\bdal(?:ing|en|ende?)\b|\bafn(?:ame|e?emt|emen)\b|"
     r"\baf(?:genomen|gebrokkeld|gezwakt| te nemen)\b|{take}{gap}af\b|"
     r"\b(?:brokkel|zwak)\w* {gap}af\b|"
     r"\b(?:ge)?(?:krimp|kromp|krompen|kelder|zakt|duikel|duikvlucht|slonk|slink|taan)\w*|"
     r"\bdo(?:ok|ken)\b|\bdieptepunt\b|\bbergafwaarts\b|"
     r"\bverminder\w*|{go}{gap}(?:terug|omlaag|achteruit|tegen(?= met|$)|naar beneden)\b|"
     r"\b(?:terug|achteruit|omlaag){gone}|\bstort\w* {gap}in\b|"
     r"\b(?:in|weg)ge(?:stort|zakt|vallen)\b|"
     r"{be}{gap}(?:minder|kleiner|lager|geringer)\b|(?:{stay}|\b(?:la?g|lig)\w* ){gap}onder\b|"
     r"\bminder (?:geworden|in trek)\b|\b(?:derde|kwart|helft|vijfde) (?:kleiner|lager|minder)\b|"
     r"\bne(?:er|der)gaande\b|\b(?:kom|kwam|volg|sta)\w* {gap}na\b"),
    (UP, r"\b(?:ge)?(?:groei|ste[ei]?g|st[ij]+g|klim|klom)\w*|\bgeklommen\b|"
     r"\btoe(?:name|genomen|neemt|nemen)\b|{take}{gap}toe\b|"
     r"\b(?:in de lift|opwaartse lijn|aan populariteit)\b|"
     r"{go}{gap}(?:omhoog|vooruit|op(?= naar))\b|\bvaker (?={gap}dan\b)|"
     r"{be}{gap}(?:hoger|groter)\b(?= (?:dan|geworden|uit))"),
    (DOWN, r"\bminder\b"),
    (UP, r"(?<!of )\bmeer\b(?! (?:dan )?(?:de helft|diensten|een dienst))"),
)  # fmt: skip


def _filled(pattern: str) -> str:
    return re.sub(r"\{([a-z]+)\}", lambda part: _PARTS[part[1]], pattern)


_COMPILED = [(kind, re.compile(_filled(pattern), re.I)) for kind, pattern in WORDS]


def find(words: str) -> list[tuple[str, re.Match[str]]]:
    """Return what each word in some words says, and its place; in order, none over another."""
    matches = [
        (kind, rank, match)
        for rank, (kind, pattern) in enumerate(_COMPILED)
        for match in pattern.finditer(words)
    ]
    taken = 0
    kept = []
    for kind, _, match in sorted(matches, key=lambda each: (each[2].start(), each[1])):
        if match.start() >= taken:
            kept.append((kind, match))
            taken = match.end()
    return kept


def of(words: str) -> str:
    """Return the direction that some words say: `meer`, `minder` or `gelijk`; empty where none."""
    said = [kind for kind, _ in find(words) if kind in (UP, DOWN, SAME)]
    denied = "niet " if re.search(r"\b(?:niet|geen|nauwelijks|buiten)\b", words) else ""
    return denied + said[0] if said else denied.strip()
