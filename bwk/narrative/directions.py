"""Words of direction, size, order and course, with what each says in numbers."""

import re

UP, DOWN, SAME = "meer", "minder", "gelijk"
WORDS = (  # what it says, and the forms of the word; the first that fits a place counts
    ("plan", r"op (?:koers|schema|peil) (?:te )?(?:blijven|komen)"),
    ("below", r"\b(?:onder koers|niet op (?:koers|schema)|achter op (?:koers|schema)|"
     r"(?:loopt|lopen|liep(?:en)?) achter|blijf?[tv]?\w* achter)\b"),
    ("above", r"\b(?:boven koers|voor op (?:koers|schema))\b"),
    ("on", r"\bop (?:koers|schema)\b"),
    ("double", r"\bverdubbel\w*|\bdubbel zo\s?veel"),
    ("triple", r"\bverdrievoudig\w*"),
    ("quadruple", r"\bverviervoudig\w*"),
    ("half", r"\b(?:gehalveerd|halv(?:eer\w*|ering)|halveren)"),
    ("record", r"\b(?:dan ooit|nooit eerder|nog nooit|record\w*)\b|"
     r"\bvoor het eerst (?:\w+ ){0,3}#"),
    (SAME, r"\bgelijk gebleven|\bbl[ie]j?[ef]\w* (?:\w+ ){0,4}?(?:gelijk|hetzelfde|stabiel|"
     r"constant|steken|op peil|stil)\b|\b(?:hetzelfde|constant) gebleven|\bonveranderd|\bstabiel\b|"
     r"\bevenveel\b|\bstagne\w+|\bgestagneerd|\bst(?:ond|aat) stil\b|\bveranderd?e? niet\b|"
     r"\bgedaald noch\b|\bgestegen noch\b"),
    ("every", r"(?<!van )(?<!van al )\balle\b(?= (?:\w+e )?"
     r"(?:deelnem|mensen|bezoekers|deelnames))|\biedereen\b"),
    ("none", r"\bgeen van (?:de|onze)\b|\bgeen enkele (?=deelnem)|\bniemand\b"),
    ("few", r"\b(?:een )?(?:heel )?klein deel\b|\bslechts enkele\b"),
    ("minority", r"\bminderheid\b"),
    ("majority", r"\b(?:meer dan|ruim) de helft\b|\b(?:meerderheid|merendeel)\b"),
    ("most", r"\b(?:de|het) meeste\b|\bgrootste (?:deel|groep|dienst)|\b(?:het )?vaakst\b|"
     r"\bhet grootst\b|\bde grootste (?:is|was)\b"),
    ("second", r"\btweede plaats\b|\bop een na (?:de |het )?groot\w+"),
    ("least", r"\b(?:de|het) minste\b|\b(?:de|het) kleinste?\b"),
    (DOWN, r"\b(?:ge)?daal(?:t|d|de|den)?\b|\bdal(?:ing|en|ende?)\b|\bafn(?:ame|e?emt|emen)\b|"
     r"\bafgenomen\b|\baf te nemen\b|\bn[ae]e?me?[nt]? (?:[\w%#]+ ){0,6}?af\b|"
     r"\b(?:ge)?krimp(?:t|en)?\b|\bkromp(?:en)?\b|\bgekrompen\b|\b(?:ge)?kelderd?[ent]*\b|"
     r"\b(?:ge)?zakt(?:en?)?\b|\bduik(?:eld?[ent]*|vlucht)\b|\bdo(?:ok|ken) (?:\w+ )?omlaag\b|"
     r"\bslonk(?:en)?\b|\bgeslonken\b|\bslink(?:t|en)\b|\bverminder\w*|\bvermindering\b|"
     r"\b(?:liep|liepen|loopt|lopen|viel|vielen|valt|vallen|ging|gingen|gaat|gaan) "
     r"(?:[\w%#]+ ){0,5}?(?:terug|omlaag|achteruit|tegen(?= met|$)|naar beneden)\b|"
     r"\bterug(?:gelopen|gevallen|gegaan|loop|gang|val)\b|\bachteruit(?:gegaan|gang)\b|"
     r"\bstort\w* (?:\w+ )?in\b|\bingestort\b|\bbrokkel\w* (?:\w+ )?af\b|\bafgebrokkeld\b|"
     r"\b(?:w[eo]rde?[nt]?|werd(?:en)?|is|zijn) (?:[\w#]+ ){0,4}?"
     r"(?:minder|kleiner|lager|geringer)\b|"
     r"\b(?:was|waren|lag|ligt|liggen) (?:[\w#]+ ){0,3}?(?:lager|kleiner|minder|geringer|onder)\b|"
     r"\bminder (?:geworden|in trek)\b|\b(?:derde|kwart|helft|vijfde) (?:kleiner|lager|minder)\b|"
     r"\bdalende\b"),
    (UP, r"\b(?:ge)?groei\w*|\b(?:ge)?ste[ei]g\w*|\bst[ij]+g\w*|\btoename\b|\btoegenomen\b|"
     r"\btoeneemt\b|\btoenemen\b|\bn[ae]e?me?[nt]? (?:[\w%#]+ ){0,6}?toe\b|"
     r"\b(?:ging|gingen|gaat|gaan|liep|loopt) (?:[\w%#]+ ){0,4}?(?:omhoog|vooruit|op(?= naar))\b|"
     r"\b(?:w[eo]rde?[nt]?|werd(?:en)?|is|zijn|was|waren) (?:[\w#]+ ){0,4}?(?:hoger|groter)\b"
     r"(?= (?:dan|geworden))"),
    (DOWN, r"\bminder\b"),
    (UP, r"\bmeer\b(?! (?:dan )?(?:de helft|diensten))"),
)  # fmt: skip
_COMPILED = [(kind, re.compile(pattern, re.I)) for kind, pattern in WORDS]


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
