"""The tables and generated texts of a notebook, from the protected facts of a sheet."""

import json
import re
from collections.abc import Mapping, Sequence
from importlib import resources
from importlib.metadata import version
from itertools import combinations

from bwk import bundle, cells, formats
from bwk.bundle import Rows, Shown
from bwk.errors import WorkbookError
from bwk.facts import DECLARED, Declared, FactSheet, Label
from bwk.facts.declared import CLUSTERED, MARGIN
from bwk.facts.derivations import WITHIN_MARGIN
from bwk.files import nearest
from bwk.inputs import template

HOMES_KNOWN = "deel van de deelnemers van wie de buurt bekend is"
WAYS = {"verwijzingen.naar": "Naar deze partner", "verwijzingen.van": "Van deze partner"}
PATHS = {
    "terug_in_kwartaal": (
        "Kwam een kwartaal later weer",
        "wie in het voorlaatste kwartaal voor het eerst kwam",
    ),
    "naar_andere_dienst": ("Gebruikte ook een andere dienst", "nieuwe deelnemers"),
    "eerst_deelnemer": ("Kwam al eerder als deelnemer", "vrijwilligers"),
}
IN_WORDS = {
    "rol.<rol>": "rol",
    ".<dienst>.<andere dienst>": " per twee diensten",
    ".locatie.<": " per ",
    "naar.<": "naar ",
    "van.<": "van ",
    ".<": " per ",
    ">": "",
    ".": " ",
    "_": " ",
}


def masthead(sheet: FactSheet) -> Shown:
    """Show the title of the report, with what the title page and the header need."""
    programme = sheet.programme["name"]
    subject = programme if sheet.is_city else sheet.scope.name
    return bundle.masthead(
        title=f"Tussenrapportage {subject}",
        short=sheet.scope.name,
        subtitle=sheet.period.label.capitalize(),
        programme=programme,
        date=sheet.programme["date"],
        status=sheet.programme.get("status", "concept"),
        note=sheet.programme["note"],
        period=sheet.period.name,
        location=sheet.scope.slug,
    )


def key_figures(sheet: FactSheet) -> Shown:
    """Show the numbers that sum up the period; the space only where its area is known."""
    opened, opened_before = bundle.opened(sheet)
    judged = bundle.sentences(bundle.unequal(sheet), bundle.people_compared(sheet))
    described = {
        "deelnemers": ("Deelnemers", opened),
        "deelnemers_basis": (
            "Deelnemers in de basisperiode",
            f"{sheet.baseline.label}, {opened_before}",
        ),
        "groei_deelnemers": ("Verschil in deelnemers", judged),
        "nieuwe_deelnemers": ("Nieuwe deelnemers", "voor het eerst hier"),
        "terugkerende_deelnemers": ("Terugkerende deelnemers", "kwamen hier al eerder"),
        "deelnames": ("Deelnames", "één mens, één dienst, één dag"),
        "aandeel_meer_diensten": ("Gebruikt meer diensten", "deel van de deelnemers"),
        "wederkerigheid": ("Wederkerigheid", "ook vrijwilliger of sleutelhouder"),
        "aandeel_omgeving": ("Uit de directe omgeving", HOMES_KNOWN),
        "deelnemers_per_100m2": ("Deelnemers per 100 m2", "gemeten naar de oppervlakte"),
    }
    if sheet["deelnemers_per_100m2"].missing:
        del described["deelnemers_per_100m2"]
    rows: Rows = [[words, sheet[name], more] for name, (words, more) in described.items()]
    caption = bundle.sentences(f"Kerncijfers {bundle.during(sheet.period)}.", *sheet.remarks)
    return bundle.table("tab-kern", caption, ["Kerncijfer", "Waarde", "Toelichting"], rows)


def course(sheet: FactSheet) -> Shown:
    """Show per service what is expected at the end of the year, and the judgement on it."""
    year = sheet.period.calendar_year.label
    stems = {
        "deelnames": "In de periode",
        "prognose": f"Verwacht in {year}",
        "prognose_laag": "Van",
        "prognose_hoog": "Tot",
        "deelnames_jaar_ervoor": f"In {bundle.year_before(sheet)}",
        "koers": "Koers",
    }
    seen = bundle.judged(bundle.divided(sheet, sheet.services, "koers"))
    caption = f"Verwacht aantal deelnames in heel {year}. {seen}"
    caption = bundle.sentences(caption.strip(), _reaches(sheet), _came_out(sheet))
    return _divided("tab-koers", caption, "Dienst", sheet, sheet.services, stems)


def referrals(sheet: FactSheet) -> Shown:
    """Show the referrals to and from each partner."""
    facts = [fact for way in WAYS for _, fact in sheet.by(way, sheet.partners)]
    if sentence := bundle.left_out("Verwijzingen zijn niet geregistreerd.", facts):
        return sentence
    to_partners = bundle.divided(sheet, sheet.partners, "verwijzingen.naar")
    seen = bundle.largest("verwijzingen naar een partner", to_partners)
    caption = f"Verwijzingen {bundle.during(sheet.period)}. {seen}"
    return _divided("tab-verwijzingen", caption, "Partner", sheet, sheet.partners, WAYS)


def mixing(sheet: FactSheet) -> Shown:
    """Show how many participants each two services share."""
    users = [fact for _, fact in sheet.by("deelnemers", sheet.services)]
    if sentence := bundle.left_out("Wie welke diensten gebruikt, is niet geregistreerd.", users):
        return sentence
    slugs = [label.slug for label in sheet.services]
    names = {frozenset([slug]): f"deelnemers.{slug}" for slug in slugs}
    names |= {frozenset(pair): f"samen.{pair[0]}.{pair[1]}" for pair in combinations(slugs, 2)}
    reasons = {sheet[name].missing for pair, name in names.items() if len(pair) > 1}
    if len(reasons) == 1 and all(reasons):
        return bundle.text(
            f"Niet getoond is welke diensten mensen samen gebruiken. {reasons.pop()}"
        )
    rows: Rows = [
        [label.name, *(sheet[names[frozenset([label.slug, other])]] for other in slugs)]
        for label in sheet.services
    ]
    caption = (
        f"Deelnemers die twee diensten gebruiken {bundle.during(sheet.period)}. "
        "Waar een dienst zichzelf kruist, staan alle deelnemers van die dienst."
    )
    columns = ["Dienst", *(label.name for label in sheet.services)]
    return bundle.table("tab-samen", caption, columns, rows)


def barometer(sheet: FactSheet) -> Shown:
    """Show the change per life domain."""
    seen = bundle.judged(bundle.divided(sheet, sheet.domains, "oordeel_barometer"))
    what = "Deelnames per maand op elk leefgebied"
    caption = f"{what}, vergeleken met {sheet.baseline.label}. {seen}"
    stems = {
        "barometer": "Verschil",
        "barometer.{}_laag": "Van",
        "barometer.{}_hoog": "Tot",
        "oordeel_barometer": "Oordeel",
    }
    return _divided("tab-barometer", caption, "Leefgebied", sheet, sheet.domains, stems)


def paths(sheet: FactSheet) -> Shown:
    """Show what people did next: whether they came again, or went from one thing to another."""
    facts = [sheet[name] for name in PATHS]
    if sentence := bundle.left_out("Wie er terugkwam, is niet geregistreerd.", facts):
        return sentence
    rows: Rows = [[*words, fact] for words, fact in zip(PATHS.values(), facts, strict=True)]
    caption = f"Wat mensen daarna deden {bundle.during(sheet.period)}."
    return bundle.table("tab-paden", caption, ["Stap", "Van wie", "Deel"], rows)


def reach(sheet: FactSheet) -> Shown:
    """Show how many of the inhabitants of each neighbourhood took part, most first."""
    rows = bundle.divided(sheet, sheet.neighbourhoods, "herkomst", "bereik")
    rates = [rate for *_, rate in rows]
    if sentence := bundle.left_out(bundle.NO_HOMES, rates):
        return sentence
    if all(rate.missing for rate in rates):
        return bundle.text(
            "Het bereik is niet te zeggen: van geen buurt is het aantal inwoners bekend."
        )
    reached = [row for row in rows if row[1].value != 0]
    reached.sort(key=lambda row: -bundle.amount(row[2]))
    caption = bundle.sentences(
        f"Deelnemers per 1.000 inwoners van hun buurt {bundle.during(sheet.period)}.",
        bundle.homes_known(sheet),
    )
    return bundle.table(
        "tab-bereik", caption, ["Buurt", "Deelnemers", "Per 1.000 inwoners"], reached
    )


def locations(sheet: FactSheet) -> Shown:
    """Show the participants per location."""
    stems = {
        "deelnemers_basis.locatie": sheet.baseline.label.capitalize(),
        "deelnemers.locatie": sheet.period.label.capitalize(),
    }
    participants = bundle.divided(sheet, sheet.locations, "deelnemers.locatie")
    seen = bundle.largest("deelnemers", participants)
    caption = bundle.sentences("Deelnemers per locatie.", seen, bundle.unequal(sheet))
    return _divided("tab-locaties", caption, "Locatie", sheet, sheet.locations, stems)


def not_reported(sheet: FactSheet) -> Shown:
    """Name the locations that are not reported on, with the reason."""
    if not sheet.not_reported:
        return bundle.text("Alle locaties staan in dit verslag.")
    lines = [
        f"- **{bundle.escaped(name)}.** {bundle.escaped(reason)}"
        for name, reason in sheet.not_reported.items()
    ]
    return bundle.text("\n".join(["Deze locaties staan niet in de cijfers:", "", *lines]))


def method(sheet: FactSheet) -> Shown:
    """Explain what each number means and how sure it is, from the declarations of the facts.

    Numbers whose names start with the same word stand together, each on a line; those of the
    baseline are only named.
    """
    told = [one for one in DECLARED if sheet.is_city or not one.of_city]
    families: dict[str, list[str]] = {}
    for one in told:
        if not one.is_of_baseline:
            families.setdefault(re.split(r"\W|_", one.name)[0], []).append(_defined(one, sheet))
    baseline = [_in_words(one.name) for one in told if one.is_of_baseline]
    page = resources.files("bwk").joinpath("method.md").read_text(encoding="utf-8")
    return bundle.text(
        page.format(
            definitions="\n".join("- " + "  \n  ".join(family) for family in families.values()),
            baseline=formats.enumeration(baseline),
            threshold=sheet.programme["threshold"],
            comparisons=sheet.comparisons,
        )
    )


def manual() -> str:
    """Write the page of the manual that explains every number, from the declarations."""
    opening = (
        "# Wat betekenen de cijfers?\n\n"
        "Hier staat elk cijfer dat in een rapport kan staan. De naam tussen haakjes staat in "
        "feiten.csv. Deze pagina komt uit dezelfde lijst als de verantwoording in elk rapport."
    )
    lines = [
        f"- **{_in_words(one.name).capitalize()}** (`{one.name}`). "
        + bundle.sentences(one.definition, one.city)
        + f" Eenheid: {one.unit}. Berekening: {bundle.escaped(one.formula)}."
        + f" Tabellen: {formats.enumeration(one.tables)}."
        for one in DECLARED
    ]
    return "\n".join([opening, "", *lines, ""])


def provenance(sheet: FactSheet) -> Shown:
    """Show what the report was made from, and how to make it again."""
    opened, opened_before = bundle.opened(sheet)
    rows: Rows = [
        ["Periode", f"{sheet.period.months_label} ({opened})"],
        ["Basisperiode", f"{sheet.baseline.months_label} ({opened_before})"],
        *(["Gegevens", file] for file in sheet.files),
        ["Wat daarvan is gelezen", sheet.programme.get("reading", "")],
        ["Programma", f"bwk {version('bwk')}"],
        ["Sjabloon", _template(sheet)],
        ["Opnieuw maken", f"bwk run {sheet.period.name}"],
        ["Nagaan of de gegevens goed zijn", "bwk check"],
    ]
    caption = "Waarvan dit verslag is gemaakt."
    return bundle.table("tab-herkomst", caption, ["Gegeven", "Waarde"], rows)


def _template(sheet: FactSheet) -> str:
    """Name the template of a report with its version."""
    kind = "stad" if sheet.is_city else "locatie"
    try:
        text = template(nearest("notebooks"), kind).read_text(encoding="utf-8")
        return f"{kind}, versie {cells.own(json.loads(text))['version']}"
    except (*cells.STUMBLES, WorkbookError):
        return kind


def _reaches(sheet: FactSheet) -> str:
    """Name the services of which the whole margin lies above the total of the year before."""
    rows = bundle.divided(sheet, sheet.services, "prognose_laag", "deelnames_jaar_ervoor")
    names = [
        name
        for name, low, before in rows
        if low.number is not None and before.number is not None and low.number > before.number
    ]
    year = sheet.period.year_before().label
    if len(names) == len(rows) > 1:
        names = ["alle diensten"]
    return bundle.listed(f"Komt zeker genoeg boven het totaal van {year}", names)


def _came_out(sheet: FactSheet) -> str:
    """Say how many of the last projections came out within their margin."""
    rows = bundle.divided(sheet, sheet.services, "oordeel_vorige_prognose")
    outcomes = [fact.value for _, fact in rows if fact.value]
    if not outcomes:
        return ""
    within = outcomes.count(WITHIN_MARGIN)
    return (
        f"De vorige keer verwachtten we halverwege een jaar {len(outcomes)} totalen: "
        f"daarvan kwamen er {within} binnen de marge."
    )


def _divided(
    name: str,
    caption: str,
    column: str,
    sheet: FactSheet,
    labels: Sequence[Label],
    stems: Mapping[str, str],
) -> Shown:
    rows = bundle.divided(sheet, labels, *stems)
    return bundle.table(name, caption.strip(), [column, *stems.values()], rows)


def _defined(declaration: Declared, sheet: FactSheet) -> str:
    words = f"**{_in_words(declaration.name).capitalize()}.** {declaration.definition}"
    own = f" {declaration.city}" if sheet.is_city and declaration.city else ""
    counted = declaration.formula.startswith(("aantal ", "som van "))
    tested = declaration.formula in (CLUSTERED, MARGIN)  # which the page says once
    formula = bundle.escaped(declaration.formula.replace("_", " ").capitalize())
    return f"{words}{own}" + f" *{formula}.*" * (not (counted or tested))


def _in_words(name: str) -> str:
    """Write the name of a declaration in words.

    >>> _in_words("deelnames_basis.<dienst>"), _in_words("verwijzingen.naar.<partner>")
    ('deelnames basis per dienst', 'verwijzingen naar partner')
    """
    for code, words in IN_WORDS.items():
        name = name.replace(code, words)
    return name
