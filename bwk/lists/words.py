"""The words of lists: what a heading says of its column, what a mark means, what is a total."""

import re
from collections.abc import Iterable

from bwk.registrations import values

# What a column or row of labels can be.
TIME, PERSON, SERVICE, PLACE, COUNT = "tijd", "mensen", "diensten", "locaties", "aantallen"
GROUP, NUMBERING, UNREAD = "groepen", "nummering", "niet gelezen"

_TOTAL = re.compile(
    r"(?:eind|sub|jaar|maand|week|dag|rij|kolom)?[ -]?tota(?:al|len|l)\b.*|tot\.?|som\b.*|σ|∑|sum"
    r"|gem\.?|gemiddeld.*|average|max\.?|min\.?|maximum|minimum|mediaan|%.*|.*\b(?:totaal|total)"
    r"|waarvan\b.*|w\.?v\.?\b.*|(?:aantal )?unieke?\b.*"
    r"|alles(?: samen)?|allen|samen|cumulatief.*|.*%"
)
_SUMMARY = re.compile(
    r".*\b(?:totaal|totalen|overzicht|samenvatting|jaaroverzicht|jaartotaal|grafiek(?:en)?"
    r"|draaitabel|cumulatief|dashboard|summary)\b.*"
)
_PART = re.compile(r".*\bnieuwe?\b.*|eerste keer.*")
_HEADINGS = (  # in the order in which they are tried
    (
        UNREAD,
        r"uren|uur|\bhours?\b|duur|minuten|\bgeb\b|geboor|geboren|birth|leeftijd|\bage\b|telefoon|tel\b|"
        r"mobiel|phone|\be-?mail|adres|postcode|opmerk|bijzonder|notit|toelicht|remark|"
        r"comment|\bbegeleid|huishoud|gezin|household|geslacht|gender|tijd van volt|completion|"
        r"laatst gewijzigd|last modified|taal van|\bpunten|score|tevreden|cijfer|weer\b|"
        r"temperatuur|handtekening|paraaf|herkomst|land\b|nationaliteit|bedrag|euro|€|kosten|saldo|"
        r"prijs|bijdrage|betaald|inkomsten|uitgaven|^in$|^uit$|sinds\b|verjaar|in dienst|"
        r"schrijfdatum|geschreven|^van$|^tot$|vanaf|startdatum|einddatum|intake|stroom\b|aanschaf|aangeschaft|deadline|klaar\b|omschrijving|"
        r"aanmeld|aangemeld|afgemeld|afwezig|wachtlijst|capaciteit",
    ),
    (COUNT, r"\baantal|\bhoeveel|number of|how many|\bcount\b|bezoekers|\bopkomst|\bkeer\b|visits"),
    (NUMBERING, r"^(?:nr|#|no|id|volgnr|volgnummer|rij|row|n°|response id|antwoord-?id)\.?$"),
    (
        TIME,
        r"tijdstempel|timestamp|\bdatum|\bdate\b|\bdag\b|\bday\b|wanneer|when\b|begintijd|"
        r"start time|maand|month|\bweek|\bjaar\b|\byear\b|\bwk\b|\bmnd\b|ingevuld op|submitted",
    ),
    (
        PERSON,
        r"naam|\bname|voegsel|tussenv|voorl|initial|deelnemer|bezoeker|persoon|cli[eë]nt|\blid|\bpas|code|member|participant|"
        r"student|leerling|cursist|vrijwilliger|bewoner|\bwie\b|\bwho\b|gast\b|klant|nummer\b|\bnr\b",
    ),
    (
        SERVICE,
        r"dienst|activiteit|activity|activities|waarvoor|waar kwam|waarom|come for|service|"
        r"onderdeel|reden|soort|programma|cursus|\bgroep|wat kwam|wat heb|what did|type",
    ),
    (PLACE, r"locatie|location|\bplek|\bplaats|\bwaar\b|where|vestiging|\bhuis\b|kamer|buurthuis"),
)
_ROLES = tuple((role, re.compile(pattern)) for role, pattern in _HEADINGS)
_PARTS = {
    "day": r"\bdag|\bday|^datum$|^date$|^d$",
    "week": r"\bweek|\bwk|weeknr",
    "month": r"maand|month|\bmnd",
    "year": r"jaar|year",
}
_PRESENT = re.compile(
    r"[x×vp✓✔☑√jy+●•*]|xx|1|aanw(?:ezig)?\.?|ja?|yes|pres(?:ent)?|waar|true|er|l|(?:te )?laat|"
    r"online|geweest|wel|ok"
)
_ABSENT = re.compile(
    r"0|-+|–|—|/|\.|o|n|afw(?:ezig)?\.?|af|nee|no|ziek|z|vrij|vak(?:antie)?|verlof|afgemeld|afm\.?|"
    r"abs(?:ent)?|niet|onwaar|false|nvt|n\.v\.t\.|dicht|gesloten|vervallen|feest(?:dag)?|✗|✘|☐|"
    r"geen les|geen|s|m|ma|zm|n\.?b\.?|uitval"
)
_SAYS_ABSENT = re.compile(r"\b(?:niet|geen|afwezig|ziek\w*|afgemeld|vakantie|verlof|zonder)\b")
_SAYS_PRESENT = re.compile(r"\b(?:aanwezig|laat|later|online|vroeg|kwam)\b")
_LEGEND = re.compile(r"([^\s=,;:(]{1,4})\s*=\s*([^,;=]+)(?:[,;]|$)")
_GUESTS = re.compile(
    r"(?:overige? |losse |nieuwe |andere )?(?:gasten|gast|bezoekers|inlopers?|anoniem|anonieme.*|"
    r"overig(?:e|en)?|onbekend|anderen|introduc[eé]s?)"
)
_AGES = re.compile(
    r"\D{0,12}\d{1,2}\s*(?:-|–|t/?m|tot)\s*\d{1,3}\D{0,8}|\D{0,12}\d{1,3}\s*\+.*|[<>]\s*\d+.*|"
    r"\d+ (?:jaar )?(?:en ouder|of ouder).*"
)
_DIVISION = re.compile(
    r"ochtend|middag|avond|nacht|voormiddag|namiddag|man(?:nen)?|vrouw(?:en)?|m|v|x|jongens?|"
    r"meisjes?|anders|volwassenen?|kind(?:eren)?|jeugd|jongeren|ouderen|senioren|baby.?s|tieners|"
    r"pubers|onbekend|overig|nieuw|bekend|leden|niet-leden|vrijwilligers|bezoekers|deelnemers|"
    r"aantal.*|aanwezig.*|present|presentie|geweest|status|dames|heren|uur.*|\d{1,2}[.:]\d\d.*"
)
_TALLY = re.compile(r"(?=.*[|I])[|I/ ]+|l[l/ ]*l")
_TIMES = re.compile(r"[x×]? ?(\d{1,3}) ?(?:[x×]|personen|pers\.?|mensen|bezoekers|deelnemers)?")
_ABOUT_VISITS = re.compile("presen|aanwezig|bezoek|deelna|inloop|opkomst")
_ABOUT_PEOPLE = re.compile(
    r"deelnem|groep|les(?:sen)?\b|cursus|klas|club|spreekuur|activiteit|mensen|personen|gasten|"
    r"turf|telling|tellijst|maaltijd|ochtend|middag|avond|aantallen"
)
_OTHER_THINGS = {
    "geld": r"begroting|kasboek|kosten|uitgaven|inkomsten|financi|declaratie|budget|facturen|omzet",
    "spullen": r"inventaris|voorraad|artikel",
    "verwijzingen": r"verwijz|verwezen",
    "taken": r"actielijst|actiepunt|takenlijst|\bto.?do\b|notulen|rooster|planning",
    "aanmeldingen": r"aanmeldform|aanmelding",
    "adressen": r"adressen|adreslijst|ledenlijst|contactlijst|mailing|telefoonlijst|verjaardag",
}
_CODE = re.compile(r"[A-Za-z]{0,4}[-_ ]?\d[\w-]*|[0-9a-f]{6,}")


def role_of(heading: str) -> str:
    """Tell what a heading says that its column holds; empty where it says nothing.

    >>> role_of("Lidnummer"), role_of("Aantal deelnemers"), role_of("What did you come for?")
    ('mensen', 'aantallen', 'diensten')
    """
    plain = " ".join(heading.casefold().replace("_", " ").split())
    for role, pattern in _ROLES:
        if pattern.search(plain):
            return role
    return ""


def part_of(heading: str) -> str:
    """Tell of which part of a date a heading says that numbers are: day, week, month or year."""
    plain = heading.strip().casefold()
    return next((part for part, form in _PARTS.items() if re.search(form, plain)), "")


def is_total(label: str) -> bool:
    """Tell whether a label is of a total, a mean or a share.

    >>> is_total("Totaal"), is_total("Gem."), is_total("Taal"), is_total("totaal per dag")
    (True, True, False, True)
    """
    return bool(_TOTAL.fullmatch(label.strip().casefold().rstrip(":")))


def is_number_of(label: str) -> bool:
    """Tell whether a row is named after what it counts, as totals below a list are.

    >>> is_number_of("Aantal aanwezig"), is_number_of("Opkomst"), is_number_of("Anna")
    (True, True, False)
    """
    return bool(re.search(r"aantal|aanwezig|opkomst|bezoekers|deelnemers", label.casefold()))


def people_in(text: str, is_plural: bool) -> list[str]:
    """Part the people in one cell; `Bos, Anna` is one unless the column is of several.

    >>> people_in("Anna Bos, Bea Vos", True), people_in("Bos, Anna", False)
    (['Anna Bos', 'Bea Vos'], ['Bos, Anna'])
    """
    parts = [part for part in re.split(r"\s*[;|]\s*", text) if part]
    by_comma = [part for part in re.split(r"\s*[;|,]\s*|\s+en\s+", text) if part]
    return by_comma if is_plural or all(map(is_code, by_comma)) else parts


def is_of_several(heading: str, labels: Iterable[str]) -> bool:
    """Tell whether the cells of a column name several people: its heading or a cell says so.

    >>> is_of_several("Wie", ["An, Bea en Cor", "Dirk"]), is_of_several("Naam", ["Bos, Anna"])
    (True, False)
    """
    says = re.search(
        r"namen|names|codes|nummers|deelnemers|bezoekers|wie (?:waren|was)", heading.casefold()
    )
    return bool(says) or any(re.search(r",.*(?:,|\ben\b)", label) for label in labels)


def is_summary(sheet: str) -> bool:
    """Tell whether the name of a sheet says that it repeats what is on others."""
    return bool(_SUMMARY.fullmatch(sheet.casefold()))


def is_quarter(label: str) -> bool:
    """Tell whether a label is of a quarter of a year.

    >>> is_quarter("Q1"), is_quarter("2e kwartaal"), is_quarter("week 1")
    (True, True, False)
    """
    return bool(re.fullmatch(r"q[1-4]\b.*|.*kwartaal.*|kw\.? ?[1-4]", label.casefold()))


def is_part(heading: str) -> bool:
    """Tell whether a column counts people who are in another column as well."""
    return bool(_PART.fullmatch(heading.strip().casefold()))


def is_along(heading: str) -> bool:
    """Tell whether a heading counts those who came with a person.

    >>> is_along("How many people came with you?"), is_along("With how many people?")
    (True, False)
    """
    plain = heading.casefold()
    return bool(re.search(r"with you|meegekomen|meegebracht|meegenomen|introduc|\bextra\b", plain))


def is_guests(label: str) -> bool:
    """Tell whether a row among people is of people without a name."""
    return values.is_nobody(label) or bool(_GUESTS.fullmatch(label.strip().casefold()))


def is_division(label: str) -> bool:
    """Tell whether a label divides people: by age, sex, part of the day, or who is new.

    >>> [is_division(label) for label in ("ochtend", "18-65 jaar", "Kinderen", "Taal")]
    [True, True, True, False]
    """
    plain = label.strip().casefold()
    return bool(_AGES.fullmatch(plain) or _DIVISION.fullmatch(plain)) or is_part(plain)


def presence(mark: str) -> bool | None:
    """Tell whether a mark says that somebody was there; None where nobody knows.

    >>> presence("X"), presence("afw"), presence("was ziek"), presence("k")
    (True, False, False, None)
    """
    plain = mark.strip().casefold()
    if re.search(r"\D\+ ?\d", plain):  # with so many others
        return None
    for text in (plain, re.split(r"[ ,;(:]", plain)[0]):
        if _PRESENT.fullmatch(text):
            return True
        if _ABSENT.fullmatch(text):
            return False
    if _SAYS_ABSENT.search(plain):
        return False
    if _SAYS_PRESENT.search(plain):
        return True
    value = number(plain)
    return None if value is None else value > 0


def is_absent(mark: str) -> bool:
    """Tell whether a mark says that nobody was there."""
    return presence(mark) is False


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
    plain = " ".join(titles).casefold()
    if _ABOUT_VISITS.search(plain):
        return ""
    about = (thing for thing, form in _OTHER_THINGS.items() if re.search(form, plain))
    return next(about, "")


def are_about_people(*titles: str) -> bool:
    """Tell whether titles and headings say that people who came are counted.

    >>> are_about_people("Inloop 2019"), are_about_people("Meterstanden", "Gas")
    (True, False)
    """
    plain = " ".join(titles).casefold()
    return bool(_ABOUT_VISITS.search(plain) or _ABOUT_PEOPLE.search(plain))


def are_hours(title: str) -> bool:
    """Tell whether a title says that the numbers below it are hours."""
    return bool(re.search(r"\buren|urenlijst|\bhours", title.casefold()))


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


def worth(text: str) -> float:
    """Return how many a cell adds to a sum: a mark is one."""
    value = number(text)
    return float(bool(text and presence(text))) if value is None else value


def is_english(heading: str) -> bool:
    """Tell whether a heading of times is in English, where the month may stand first."""
    return bool(re.search("date|time", heading.casefold()))


def is_typed_at(heading: str) -> bool:
    """Tell whether a heading is of the moment at which a form was filled in."""
    return bool(re.search("stempel|stamp|begintijd|start", heading.casefold()))


def is_code(text: str) -> bool:
    """Tell whether a text looks like a code of a person, as `p01`."""
    return bool(_CODE.fullmatch(text.strip()))
