"""The words of lists: what a heading says of its column, what a mark means, what is a total."""

import re
from collections.abc import Callable, Iterable, Mapping

from bwk.registrations import values

# What a column or row of labels can be.
TIME, PERSON, SERVICE, PLACE, COUNT = "tijd", "mensen", "diensten", "locaties", "aantallen"
GROUP, NUMBERING, UNREAD = "groepen", "nummering", "niet gelezen"

Check = Callable[[str], bool]


def _whole(pattern: str) -> Check:
    """Make a check of all of a text, whatever its capitals."""
    form = re.compile(pattern, re.IGNORECASE)
    return lambda text: form.fullmatch(text.strip()) is not None


def _within(pattern: str) -> Check:
    """Make a check of whether something stands in a text, whatever its capitals."""
    form = re.compile(pattern, re.IGNORECASE)
    return lambda text: form.search(text) is not None


# A label of a total, a mean or a share: `Totaal`, `Gem.`, and not `Taal`.
is_total = _whole(
    r"(?:(?:eind|sub|jaar|maand|week|dag|rij|kolom)?[ -]?tota(?:al|len|l)\b.*|tot\.?|som\b.*|σ|∑"
    r"|sum"
    r"|gem\.?|gemiddeld.*|average|max\.?|min\.?|maximum|minimum|mediaan|%.*|.*\b(?:totaal|total)"
    r"|waarvan\b.*|w\.?v\.?\b.*|(?:aantal )?unieke?\b.*"
    r"|alles(?: samen)?|allen|samen|cumulatief.*|vorig jaar.*|streef.*|.*%):*"
)
# A row that is named after what it counts, as totals below a list are: `Aantal aanwezig`.
is_number_of = _within("aantal|aanwezig|opkomst|bezoekers|deelnemers")
# A heading of a box on a card: `2e keer`, `strip 3`.
is_numbered = _within(r"^\d|\d$")
# The time at which somebody came in.
is_clock = _whole(r"\d{1,2}[.:]\d\d(?:[.:]\d\d)?(?: ?uur)?")
# The name of a sheet that repeats what is on others.
is_summary = _whole(
    r".*\b(?:totaal|totalen|overzicht|samenvatting|jaaroverzicht|jaartotaal|grafiek(?:en)?"
    r"|draaitabel|cumulatief|dashboard|summary)\b.*"
)
# A label of a quarter of a year: `Q1`, `2e kwartaal`.
is_quarter = _whole(r"q[1-4]\b.*|.*kwartaal.*|kw\.? ?[1-4]")
# A column that counts people who are in another column as well.
is_part = _whole(r".*\bnieuwe?\b.*|eerste keer.*")
# A column that counts those who came with a person: `How many people came with you?`.
is_along = _within(
    r"with you|meegekomen|meegebracht|meegenomen|introduc|\bextra\b|\bkinderen\b|children"
)
# Of two counts of the same people, the one of visits and the other one.
counts_visits = _within(r"\bbezoeken\b|\bvisits\b|\bkeer\b")
counts_people = _within(r"personen|mensen|bezoekers|deelnemers|klanten")
# A note among names: `Let op: er is koffie`.
is_sentence = _within(
    r"[:?!]|\b(?:is|zijn|er|niet|een|wordt|graag|met|om|dat|deze)\b|(?:\S+\s+){5}"
)
# A heading of those who kept the list, and are none of the people in its numbers.
is_of_keepers = _within("vrijwilliger|gastvrouw|gastheer|beheerder|begeleider|docent|ingevuld door")
# A title above numbers that are hours.
are_hours = _within(r"\buren|urenlijst|\bhours")
# A heading of times in English, where the month may stand first.
is_english = _within("date|time")
# A heading of the moment at which a form was filled in.
is_typed_at = _within("stempel|stamp|begintijd|start")
# A heading of people's names, and one of their numbers.
is_of_names = _within("naam|name|voegsel|tussenv|voorl|initial")
is_of_codes = _within("num|nr|code|pas|lid")
# A code of a person: `p01`.
is_code = _whole(r"[A-Za-z]{0,4}[-_ ]?\d[\w-]*|[0-9a-f]{6,}")
_are_guests = _whole(
    r"(?:overige? |losse |nieuwe |andere )?(?:gasten|gast|bezoekers|inlopers?|anoniem|anonieme.*|"
    r"overig(?:e|en)?|onbekend|anderen|introduc[eé]s?)"
)
_divides = _whole(
    r"\D{0,12}\d{1,2}\s*(?:-|–|t/?m|tot)\s*\d{1,3}\D{0,8}|\D{0,12}\d{1,3}\s*\+.*|[<>]\s*\d+.*|"
    r"\d+ (?:jaar )?(?:en ouder|of ouder).*|"
    r"ochtend|middag|avond|nacht|voormiddag|namiddag|man(?:nen)?|vrouw(?:en)?|m|v|x|jongens?|"
    r"meisjes?|anders|volwassenen?|kind(?:eren)?|jeugd|jongeren|ouderen|senioren|baby.?s|tieners|"
    r"pubers|onbekend|overig|nieuw|bekend|leden|niet-leden|vrijwilligers|bezoekers|deelnemers|"
    r"aantal.*|dames|heren|uur.*|\d{1,2}[.:]\d\d.*"
)
# A column of a register that says whether somebody came, or that somebody did not.
is_of_presence = _whole(
    r"(?:aanwezig|present|attend|geweest|status|deelname|deelgenomen|gekomen|kwam|verschenen).*"
)
is_no = _whole(r"0|-+|n|nee|no|onwaar|false")
is_of_absence = _whole(r"(?:afgemeld|afwezig|absent|no.?show)\W*")
_is_present = _whole(
    r"[x×vp✓✔☑√jy+●•*]|xx|1|aanw(?:ezig)?\.?|ja?|yes|pres(?:ent)?|waar|true|er|l|(?:te )?laat|"
    r"online|geweest|wel|ok|var|anwesend|présente?"
)
_is_absent = _whole(
    r"0|-+|–|—|/|\.|o|n|afw(?:ezig)?\.?|af|nee|no|ziek|z|vrij|vak(?:antie)?|verlof|afgemeld|afm\.?|"
    r"abs(?:ent)?|niet|onwaar|false|nvt|n\.v\.t\.|dicht|gesloten|vervallen|feest(?:dag)?|✗|✘|☐|"
    r"geen les|geen|s|m|ma|zm|n\.?b\.?|uitval|yok|sick|ill|excused|abwesend|no.?show|verhinderd|"
    r"geannuleerd|afgezegd"
)
_says_absent = _within(r"\b(?:niet|geen|afwezig|ziek\w*|afgemeld|vakantie|verlof|zonder)\b")
_says_present = _within(r"\b(?:aanwezig|laat|later|online|vroeg|kwam)\b")
_HAS_OTHERS = re.compile(r"\D\+ ?(\d{1,2})")
_says_several = _within(
    r"namen|names|codes|nummers|deelnemers|bezoekers|aanwezigen|wie (?:waren|was)"
)
_lists_several = _within(r",.*(?:,|\ben\b)")
_is_about_visits = _within("presen|aanwezig|bezoek|deelna|inloop|opkomst")
_is_about_people = _within(
    r"deelnem|groep|les(?:sen)?\b|cursus|klas|club|spreekuur|activiteit|mensen|personen|gasten|"
    r"turf|telling|tellijst|maaltijd|ochtend|middag|avond|aantallen"
)
_ROLES = {  # in the order in which they are tried
    UNREAD: _within(
        r"\buren|uren\b|\buur|uur\b|\bbuurt\b|\bhours?\b|duur|minuten|\bgeb\b|geboor|geboren|birth|leeftijd|\bage\b|telefoon|tel\b|"
        r"mobiel|phone|\be-?mail|adres|postcode|opmerk|bijzonder|notit|toelicht|remark|"
        r"comment|\bbegeleid|huishoud|gezin|household|geslacht|gender|tijd van volt|completion|"
        r"laatst gewijzigd|last modified|taal van|\bpunten|score|tevreden|cijfer|weer\b|"
        r"temperatuur|handtekening|paraaf|herkomst|land\b|nationaliteit|bedrag|euro|€|kosten|saldo|"
        r"prijs|bijdrage|betaald|inkomsten|uitgaven|^in$|^uit$|sinds\b|verjaar|in dienst|"
        r"schrijfdatum|geschreven|^van$|^tot$|vanaf|startdatum|einddatum|intake|stroom\b|aanschaf|aangeschaft|deadline|klaar\b|omschrijving|"
        r"aanmeld|aangemeld|afgemeld|afmeld|afwezig|wachtlijst|capaciteit|inschrijving|verwacht|openingen|"
        r"bijeenkomsten|\bmax(?:imum|imaal|\.)? (?:aantal|deeln|bezoek|pers)"
    ),
    COUNT: _within(
        r"\baantal|anzahl|nombre d|sayısı|\bhoeveel|number of|how many|"
        r"\bcount\b|bezoekers|\bopkomst|\bkeer\b|visits"
    ),
    NUMBERING: _within(
        r"^(?:nr|#|no|id|volgnr|volgnummer|rij|row|n°|response id|antwoord-?id)\.?$"
    ),
    TIME: _within(
        r"tijdstempel|timestamp|\bdatum|\bdate\b|\bdag\b|\bday\b|wanneer|when\b|begintijd|"
        r"start time|maand|month|\bweek|\bjaar\b|\byear\b|\bwk\b|\bmnd\b|ingevuld op|submitted"
    ),
    PERSON: _within(
        r"naam|\bname|voegsel|tussenv|voorl|initial|deelnemer|bezoeker|aanwezigen|attendees|persoon|cli[eë]nt|\blid|\bpas|code|member|participant|"
        r"student|leerling|cursist|vrijwilliger|bewoner|\bwie\b|\bwho\b|gast\b|klant|nummer\b|\bnr\b|"
        r"\bisim|\badı|ad soyad|heißt|\bnom\b|prénom|^(?:su |tu )?nombre$|apellido"
    ),
    SERVICE: _within(
        r"dienst|activiteit|activity|activities|activité|actividad|"
        r"aktivität|etkinlik|wofür|waarvoor|waar kwam|waarom|come for|service|"
        r"onderdeel|reden|soort|programma|cursus|\bgroep|wat kwam|wat heb|what did|type"
    ),
    PLACE: _within(
        r"locatie|location|\bplek|\bplaats|\bwaar\b|where|vestiging|\bhuis\b|kamer|buurthuis"
    ),
}
_PARTS = {
    "day": _within(r"\bdag|\bday|^datum$|^date$|^d$"),
    "week": _within(r"\bweek|\bwk|weeknr"),
    "month": _within(r"maand|month|\bmnd"),
    "year": _within(r"jaar|year"),
}
_OTHER_THINGS = {
    "geld": r"begroting|kasboek|kosten|uitgaven|inkomsten|financi|declaratie|budget|facturen|omzet",
    "spullen": r"inventaris|voorraad|artikel",
    "verwijzingen": r"verwijz|verwezen",
    "taken": r"actielijst|actiepunt|takenlijst|\bto.?do\b|notulen|rooster|planning",
    "aanmeldingen": r"aanmeldform|aanmelding",
    "adressen": r"adressen|adreslijst|ledenlijst|contactlijst|mailing|telefoonlijst|verjaardag",
}
_THINGS = {thing: _within(pattern) for thing, pattern in _OTHER_THINGS.items()}
_LEGEND = re.compile(r"([^\s=,;:(]{1,4})\s*=\s*([^,;=]+)(?:[,;]|$)")
_TALLY = re.compile(r"(?=.*[|I])[|I/ ]+|l[l/ ]*l")
_TIMES = re.compile(r"[x×]? ?(\d{1,3}) ?(?:[x×]|personen|pers\.?|mensen|bezoekers|deelnemers)?")


def _named_by(checks: Mapping[str, Check], text: str) -> str:
    """Return the name of the first check that holds; empty where none does."""
    return next((name for name, check in checks.items() if check(text)), "")


def role_of(heading: str) -> str:
    """Tell what a heading says that its column holds; empty where it says nothing.

    >>> role_of("Lidnummer"), role_of("Aantal deelnemers"), role_of("What did you come for?")
    ('mensen', 'aantallen', 'diensten')
    """
    return _named_by(_ROLES, " ".join(heading.replace("_", " ").split()))


def part_of(heading: str) -> str:
    """Tell of which part of a date a heading says that numbers are: day, week, month or year."""
    return _named_by(_PARTS, heading.strip())


def people_in(text: str, is_plural: bool) -> list[str]:
    """Part the people in one cell; `Bos, Anna` is one unless the column is of several.

    >>> people_in("Anna Bos, Bea Vos", True), people_in("Bos, Anna", False)
    (['Anna Bos', 'Bea Vos'], ['Bos, Anna'])
    """
    parts = [part for part in re.split(r"\s*[;|]\s*", text) if part]
    by_comma = [part for part in re.split(r"\s*[;|,]\s*|\s+en\s+", text) if part]
    return by_comma if (is_plural and len(parts) < 2) or all(map(is_code, by_comma)) else parts


def parts(text: str) -> list[str]:
    """Part what stands in one cell beside each other.

    >>> parts("6-1, 13-1 en 20-1")
    ['6-1', '13-1', '20-1']
    """
    return re.split(r"\s*[;|,+&]\s*|\s+en\s+", text)


def is_of_several(heading: str, labels: Iterable[str]) -> bool:
    """Tell whether the cells of a column name several people: its heading or a cell says so.

    >>> is_of_several("Wie", ["An, Bea en Cor", "Dirk"]), is_of_several("Naam", ["Bos, Anna"])
    (True, False)
    """
    return _says_several(heading) or any(map(_lists_several, labels))


def is_guests(label: str) -> bool:
    """Tell whether a row among people is of people without a name."""
    return values.is_nobody(label) or _are_guests(label)


def is_division(label: str) -> bool:
    """Tell whether a label divides people: by age, sex, part of the day, or who is new.

    >>> [is_division(label) for label in ("ochtend", "18-65 jaar", "Kinderen", "Taal")]
    [True, True, True, False]
    """
    return _divides(label) or is_of_presence(label) or is_part(label)


def presence(mark: str) -> bool | None:
    """Tell whether a mark says that somebody was there; None where nobody knows.

    >>> presence("X"), presence("afw"), presence("was ziek"), presence("k")
    (True, False, False, None)
    """
    plain = mark.strip().casefold()
    if others_in(plain):
        return None
    for text in (plain, re.split(r"[ ,;(:]", plain)[0]):
        if _is_present(text):
            return True
        if _is_absent(text):
            return False
    if _says_absent(plain):
        return False
    if _says_present(plain):
        return True
    value = number(plain)
    return None if value is None else value > 0


def others_in(mark: str) -> int:
    """Return with how many others a mark says that somebody came.

    >>> others_in("x +2"), others_in("x")
    (2, 0)
    """
    match = _HAS_OTHERS.search(mark)
    return int(match[1]) if match else 0


def is_absent(mark: str) -> bool:
    """Tell whether a mark says that nobody was there."""
    return presence(mark) is False


def says_nobody(text: str) -> bool:
    """Tell whether a cell in the place of a name says that nobody was there.

    >>> says_nobody("dicht, feestdag"), says_nobody("-"), says_nobody("S Bakker")
    (True, True, False)
    """
    first = re.split(r"[ ,;(:]", text)[0]
    is_initial = len(first) == 1
    return _is_absent(text) or _says_absent(text) or (not is_initial and _is_absent(first))


def says_present_alone(letter: str, marks: Iterable[str]) -> bool:
    """Tell whether an `a` or `v` is of somebody who was there: no other mark says that.

    >>> says_present_alone("a", {"a", "p"}), says_present_alone("a", {"a", "z", ""})
    (False, True)
    """
    return not any(mark and mark != letter and (presence(mark) or mark == "a") for mark in marks)


def legend(texts: Iterable[str]) -> dict[str, bool]:
    """Read what a sheet itself says of its marks.

    >>> legend(["k = kwam wel, a = afwezig", "Let op: neem kaarten mee"])
    {'k': True, 'a': False}
    """
    meanings = {}
    for text in texts:
        for mark, meaning in _LEGEND.findall(text.casefold()) if "=" in text else ():
            is_present = presence(meaning.strip(" ().-"))
            if is_present is not None:
                meanings[mark] = is_present
    return meanings


def other_things(*titles: str) -> str:
    """Tell what a list is about that is not about visits; empty where it may be about those.

    >>> other_things("Kasboek 2019", "Blad1"), other_things("Presentie en kosten"), other_things("")
    ('geld', '', '')
    """
    text = " ".join(titles)
    return "" if _is_about_visits(text) else _named_by(_THINGS, text)


def are_about_people(*titles: str) -> bool:
    """Tell whether titles and headings say that people who came are counted.

    >>> are_about_people("Inloop 2019"), are_about_people("Meterstanden", "Gas")
    (True, False)
    """
    text = " ".join(titles)
    return _is_about_visits(text) or _is_about_people(text)


def number(text: str) -> float | None:
    """Read a number of people; None where there is none, or more than a city has.

    >>> number("1.204"), number("-3"), number("|||| ||"), number("2x"), number("1" + "0" * 300)
    (1204.0, None, 6.0, 2.0, None)
    """
    plain = text.strip()
    if _TALLY.fullmatch(plain):
        return float(len(plain.replace(" ", "")))
    times = _TIMES.fullmatch(plain.casefold())
    value = values.number(times[1] if times else plain)
    return value if value is not None and 0 <= value <= values.MOST else None


def numbers(texts: Iterable[str]) -> list[float]:
    """Read the numbers of people among some texts."""
    return [value for value in map(number, texts) if value is not None]


def worth(text: str) -> float:
    """Return how many a cell adds to a sum: a mark is one."""
    value = number(text)
    return float(bool(text and presence(text))) if value is None else value
