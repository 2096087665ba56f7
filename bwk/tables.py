"""The tables and generated texts of a notebook, from the protected facts of a sheet."""

from collections.abc import Mapping, Sequence
from datetime import date
from importlib import resources
from typing import Any

from bwk import bundle, formats
from bwk.bundle import Cell, Rows, Shown
from bwk.facts import Declaration, Fact, FactSheet, Label, declarations

MEANING = {
    "rol.<rol>": "mensen per rol",
    "aandeel_rol.<rol>": "aandeel per rol",
    "samen.<dienst>.<dienst>": "deelnemers die twee diensten gebruiken",
    "verwijzingen.naar.<partner>": "verwijzingen naar partners",
    "verwijzingen.van.<partner>": "verwijzingen van partners",
    "prognose.<dienst>": "verwacht totaal per dienst",
    "prognose_laag.<dienst>": "verwacht totaal, onderkant van de marge",
    "prognose_hoog.<dienst>": "verwacht totaal, bovenkant van de marge",
    "aandeel_omgeving": "aandeel uit de directe omgeving",
    "aandeel_meer_diensten": "aandeel met twee of meer diensten",
    "deelnemers_per_100m2": "deelnemers per 100 m2",
}
COURSES = {
    word: word.capitalize() for word in ("boven koers", "op koers", "onder koers", "onzeker")
}


def masthead(sheet: FactSheet) -> Shown:
    """Show the title of the report, with what the title page and the header need."""
    programme = sheet.programme.get("name", "Buurtwerkkamers")
    subject = programme if sheet.is_city else sheet.scope.name
    return bundle.masthead(
        title=f"Tussenrapportage {subject}",
        short=sheet.scope.name,
        subtitle=sheet.period.label.capitalize(),
        programme=programme,
        date=sheet.programme.get("date", ""),
        status=sheet.programme.get("status", "concept"),
        note=sheet.programme.get("note", ""),
        period=sheet.period.name,
        location=sheet.scope.slug,
    )


def key_figures(sheet: FactSheet) -> Shown:
    """Show the numbers that sum up the period."""
    opened, opened_before = bundle.opened(sheet)
    described = {
        "deelnemers": ("Deelnemers", opened),
        "deelnemers_basis": (
            "Deelnemers in de basisperiode",
            f"{sheet.baseline.label}, {opened_before}",
        ),
        "groei_deelnemers": ("Verschil in deelnemers", _verdict(sheet["oordeel_deelnemers"])),
        "nieuwe_deelnemers": ("Nieuwe deelnemers", "voor het eerst hier"),
        "terugkerende_deelnemers": ("Terugkerende deelnemers", "kwamen hier al eerder"),
        "deelnames": ("Deelnames", "één mens, één dienst, één dag"),
        "aandeel_meer_diensten": ("Gebruikt meer diensten", "deel van de deelnemers"),
        "wederkerigheid": ("Wederkerigheid", "ook vrijwilliger of sleutelhouder"),
        "aandeel_omgeving": ("Uit de directe omgeving", "deel van de deelnemers"),
        "deelnemers_per_100m2": ("Deelnemers per 100 m2", "gemeten naar de oppervlakte"),
    }
    if sheet.is_city:
        del described["deelnemers_per_100m2"]
    rows: Rows = [[words, sheet[name], more] for name, (words, more) in described.items()]
    caption = f"Kerncijfers {bundle.during(sheet.period)}."
    return bundle.table("tab-kern", caption, ["Kerncijfer", "Waarde", "Toelichting"], rows)


def services(sheet: FactSheet) -> Shown:
    """Show participations, participants and change per service."""
    stems = {
        "deelnames": "Deelnames",
        "aandeel": "Aandeel",
        "deelnemers": "Deelnemers",
        "per_maand": "Per maand",
        "per_maand_basis": "Per maand, basis",
        "groei_per_maand": "Verschil",
        "oordeel_per_maand": "Oordeel",
    }
    seen = bundle.judged(sheet.by("oordeel_per_maand", sheet.services), bundle.CHANGES)
    caption = f"Diensten {bundle.during(sheet.period)}, naast {sheet.baseline.label}. {seen}"
    return _divided("tab-diensten", caption, "Dienst", sheet, sheet.services, stems)


def course(sheet: FactSheet) -> Shown:
    """Show per service what is expected at the end of the year, and the judgement on it."""
    year, whole = sheet.period.calendar_year.label, bundle.baseline_is_year_before(sheet)
    before = [f"In {sheet.baseline.label}"] if whole else []
    columns = ["Dienst", "In de periode", f"Verwacht in {year}", "Marge", *before]
    rows = []
    for label in sheet.services:
        stems = ["deelnames", "prognose", "deelnames_basis", "koers", "koers_per_maand"]
        count, expected, past, *verdicts = (sheet[f"{stem}.{label.slug}"] for stem in stems)
        last = [past] if whole else []
        rows.append([label.name, count, expected, _margin(sheet, label), *last, *verdicts])
    seen = bundle.judged(sheet.by("koers", sheet.services), COURSES)
    caption = bundle.sentences(f"Verwacht aantal deelnames in heel {year}.", seen)
    return bundle.table("tab-koers", caption, [*columns, "Koers", "Koers per maand"], rows)


def roles(sheet: FactSheet) -> Shown:
    """Show the people per role."""
    caption = f"Mensen per rol {bundle.during(sheet.period)}. Een mens kan meer rollen hebben."
    stems = {"rol": "Mensen", "aandeel_rol": "Aandeel"}
    return _divided("tab-rollen", caption, "Rol", sheet, sheet.roles, stems)


def referrals(sheet: FactSheet) -> Shown:
    """Show the referrals to and from each partner."""
    most = bundle.largest(sheet.by("verwijzingen.naar", sheet.partners))
    seen = f"Het vaakst naar {most[0].name}: {most[1].text} keer." if most else ""
    caption = bundle.sentences(f"Verwijzingen {bundle.during(sheet.period)}.", seen)
    stems = {"verwijzingen.naar": "Naar deze partner", "verwijzingen.van": "Van deze partner"}
    return _divided("tab-verwijzingen", caption, "Partner", sheet, sheet.partners, stems)


def mixing(sheet: FactSheet) -> Shown:
    """Show how many participants each two services share."""
    slugs = [label.slug for label in sheet.services]
    rows: Rows = [
        [label.name, *(sheet[_shared(slugs, label.slug, other)] for other in slugs)]
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
    seen = bundle.judged(sheet.by("oordeel_barometer", sheet.domains), bundle.CHANGES)
    what = "Deelnames per maand op elk leefgebied"
    caption = bundle.sentences(f"{what}, vergeleken met {sheet.baseline.label}.", seen)
    stems = {"barometer": "Verschil", "oordeel_barometer": "Oordeel"}
    return _divided("tab-barometer", caption, "Leefgebied", sheet, sheet.domains, stems)


def locations(sheet: FactSheet) -> Shown:
    """Show the participants per location."""
    stems = {
        "deelnemers_basis.locatie": sheet.baseline.label.capitalize(),
        "deelnemers.locatie": sheet.period.label.capitalize(),
    }
    most = bundle.largest(sheet.by("deelnemers.locatie", sheet.locations))
    seen = f"De meeste: {most[0].name}, met {most[1].text} deelnemers." if most else ""
    caption = bundle.sentences("Deelnemers per locatie.", seen)
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
    """Explain what each number means and how sure it is, from the declarations of the facts."""
    least = sheet.programme.get("threshold")
    people = f"ten minste {bundle.escaped(least)} mensen" if least else "genoeg mensen"
    threshold = f"Een getal staat hier alleen als er {people} achter staan."
    told = [one for one in declarations() if sheet.is_city or "locatie" not in one.name]
    lines = [_explained(declaration, sheet.is_city) for declaration in told]
    certainty = resources.files("bwk").joinpath("method.md").read_text(encoding="utf-8")
    parts = ["### Wat betekenen de cijfers?", "", *lines, "", certainty]
    return bundle.text("\n".join(parts).replace("{threshold}", threshold))


def provenance(sheet: FactSheet) -> Shown:
    """Show what the report was made from, and how to make it again."""
    opened, opened_before = bundle.opened(sheet)
    newest = sheet.programme.get("newest")
    rows: Rows = [
        ["Periode", f"{sheet.period.months_label} ({opened})"],
        ["Basisperiode", f"{sheet.baseline.months_label} ({opened_before})"],
        ["Nieuwste registratie", formats.day(date.fromisoformat(newest)) if newest else "onbekend"],
        *([file["name"], _fingerprint(file)] for file in sheet.files),
        ["Opnieuw maken", f"bwk run {sheet.period.name}"],
    ]
    caption = "Waarvan dit verslag is gemaakt. Na de rijen staat het begin van de sha256."
    return bundle.table("tab-herkomst", caption, ["Gegeven", "Waarde"], rows)


def _divided(
    name: str,
    caption: str,
    column: str,
    sheet: FactSheet,
    labels: Sequence[Label],
    stems: Mapping[str, str],
) -> Shown:
    rows: Rows = [[d.name, *(sheet[f"{stem}.{d.slug}"] for stem in stems)] for d in labels]
    return bundle.table(name, caption, [column, *stems.values()], rows)


def _margin(sheet: FactSheet, label: Label) -> Cell:
    ends = [sheet[f"prognose_{end}.{label.slug}"] for end in ("laag", "hoog")]
    hidden = [end for end in ends if end.value is None]
    return hidden[0] if hidden else f"{ends[0].text} tot {ends[1].text}"


def _verdict(fact: Fact) -> str:
    return "" if fact.value is None else f"per maand open: {fact.text}"


def _shared(order: Sequence[str], one: str, other: str) -> str:
    if one == other:
        return f"deelnemers.{one}"
    first, second = sorted((one, other), key=order.index)
    return f"samen.{first}.{second}"


def _explained(declaration: Declaration, city: bool) -> str:
    own = f" {declaration.city}" if city and declaration.city else ""
    formula = declaration.formula.replace("_basis", " in de basisperiode").replace("_", " ")
    words = f"{_in_words(declaration.name)}.** {declaration.definition}{own}"
    return f"- **{words} *Berekening:* {bundle.escaped(formula)}."


def _in_words(name: str) -> str:
    stem, _, key = name.partition(".")
    base = " in de basisperiode" if stem.endswith("_basis") else ""
    per = f" per {key.rpartition('<')[2].rstrip('>')}" if key else ""
    words = stem.removesuffix("_basis").replace("_", " ") + per + base
    return MEANING.get(name, words).capitalize()


def _fingerprint(file: Mapping[str, Any]) -> str:
    return f"{formats.count(file['rows'], 'rij', 'rijen')}; {file['sha256'][:12]}"
