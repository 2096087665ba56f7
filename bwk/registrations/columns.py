"""The tables of the data folder and their columns, declared as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from bwk.formats import LONGEST_SLUG, slug
from bwk.registrations import registers

DATE: Literal["datetime64[us]"] = "datetime64[us]"
_IN_SHEET = ("date", "greaterThan", "DATE(1950,1,1)")


class Kind(NamedTuple):
    """What stands in cells of a kind: in words, in pandas, and as a spreadsheet checks it.

    `check` has the kind of the check, its operator and its formula; without it there is none.
    """

    sentence: str
    dtype: str = "str"
    check: tuple[str, ...] = ()


KINDS = {
    "slug": Kind(f"een korte naam: hoogstens {LONGEST_SLUG} kleine letters, cijfers en streepjes"),
    "slugs": Kind("korte namen, met een spatie ertussen"),
    "text": Kind("een tekst"),
    "pseudonym": Kind("een pseudoniem; nooit een naam"),
    "date": Kind("een datum", DATE, _IN_SHEET),
    "day": Kind("een datum, niet in de toekomst", DATE, _IN_SHEET),
    "moment": Kind(
        "een datum, of een maand als 2018-03, of een week als 2018-W09", DATE, _IN_SHEET
    ),
    "count": Kind("een heel getal, 0 of meer", "float", ("whole", "greaterThanOrEqual", "0")),
    "number": Kind("een getal, 0 of meer", "float", ("decimal", "greaterThanOrEqual", "0")),
}


@dataclass(frozen=True)
class Column:
    """What may stand in a column.

    Attributes
    ----------
    kind : str
        One of `KINDS`.
    meaning, example : str
        What stands in it, in Dutch, for those who keep the table.
    required : bool
        Whether it is filled in every row.
    table : str
        The table whose key it holds.
    choices : tuple of str
        The only values.
    default : int, optional
        What an empty cell means; else it is missing.
    """

    kind: str
    meaning: str
    example: str
    required: bool = False
    table: str = ""
    choices: tuple[str, ...] = ()
    default: int | None = None

    @property
    def dtype(self) -> str:
        """The type of its values in pandas; that of a text is made a category."""
        return KINDS[self.kind].dtype


@dataclass(frozen=True)
class Table:
    """What a table of the data folder may hold.

    Attributes
    ----------
    attribute : str
        Its name in `Registrations`.
    columns : mapping of str to Column
        Its columns, in order.
    key : str
        The column in which no value stands twice.
    may_be_absent : bool
        Whether a data folder may do without it.
    """

    attribute: str
    columns: Mapping[str, Column]
    key: str = ""
    may_be_absent: bool = False

    @property
    def required(self) -> list[str]:
        """The columns that are filled in every row."""
        return [name for name, column in self.columns.items() if column.required]

    @property
    def refers_to(self) -> set[str]:
        """The tables whose keys stand in it."""
        return {column.table for column in self.columns.values() if column.table}


def _name(meaning: str, example: str) -> Column:
    return Column("text", meaning, example, required=True)


def _key(meaning: str, example: str) -> Column:
    return Column("slug", meaning, example, required=True)


def _of(table: str, meaning: str, example: str) -> Column:
    return Column("slug", meaning, example, required=True, table=table)


_PLACE = _of("locaties", "De korte naam van de locatie.", "top")
_WHEN = Column("day", "De dag waarop het was.", "5-3-2018", required=True)

# A table stands below the tables that it refers to.
TABLES = {
    "locaties": Table(
        "locations",
        {
            "locatie": _key("De korte naam van de locatie, zoals in de andere tabellen.", "top"),
            "naam": _name("De naam van de locatie, zoals die in het rapport staat.", "TOP"),
            "wijk": _name("De wijk waarin de locatie ligt.", "Ondiep"),
            "geopend_op": Column("date", "De dag van de opening.", "1-4-2017", required=True),
            "formeel_vanaf": Column(
                "date", "De dag waarop de locatie formeel een werkkamer werd.", "1-9-2017"
            ),
            "gesloten_op": Column(
                "date", "De laatste dag; leeg zolang de locatie open is.", "30-6-2018"
            ),
            "opvolger": Column("slug", "De locatie waarheen deze is verhuisd.", "ondiep-2"),
            "oppervlakte_m2": Column("number", "De oppervlakte in vierkante meters.", "120"),
        },
        key="locatie",
    ),
    "diensten": Table(
        "services",
        {
            "dienst": _key("De korte naam van de dienst.", "taal"),
            "naam": _name("De naam van de dienst.", "Taalverwerving"),
            "leefgebied": Column("text", "Het leefgebied waaraan de dienst werkt.", "Meedoen"),
            "van": Column("date", "De eerste dag van de dienst; leeg als die er altijd was.", ""),
            "tot": Column("date", "De laatste dag; leeg zolang de dienst er is.", "31-12-2018"),
            "opvolger": Column(
                "slugs",
                "De nieuwe naam van de dienst, of de diensten waarin die is gesplitst.",
                "taal-basis taal-gevorderd",
            ),
        },
        key="dienst",
    ),
    "rolnamen": Table(
        "role_names",
        {
            "rol": _key("De korte naam van de rol.", "vrijwilliger"),
            "naam": _name("De naam van de rol, in het meervoud.", "Vrijwilligers"),
        },
        key="rol",
    ),
    "buurten": Table(
        "neighbourhoods",
        {
            "buurt": _key("De korte naam van de buurt.", "ondiep"),
            "naam": _name("De naam van de buurt.", "Ondiep"),
            "omgeving_van": Column(
                "slug",
                "De locatie waarvan de buurt de directe omgeving is.",
                "top",
                table="locaties",
            ),
            "inwoners": Column("count", "Hoeveel mensen er in de buurt wonen.", "4200"),
        },
        key="buurt",
        may_be_absent=True,
    ),
    "partners": Table(
        "partners",
        {
            "partner": _key("De korte naam van de partner.", "buurtteam"),
            "naam": _name("De naam van de partner.", "Buurtteam"),
        },
        key="partner",
        may_be_absent=True,
    ),
    "deelnemers": Table(
        "participants",
        {
            "deelnemer": Column("pseudonym", "Het pseudoniem.", "p0001", required=True),
            "buurt": Column("slug", "De buurt waar de deelnemer woont.", "ondiep", table="buurten"),
            "zelfde_als": Column("pseudonym", "Een ander pseudoniem van dezelfde mens.", "p0002"),
        },
        key="deelnemer",
        may_be_absent=True,
    ),
    "rollen": Table(
        "roles",
        {
            "locatie": _PLACE,
            "persoon": Column("pseudonym", "Het pseudoniem.", "p0001", required=True),
            "rol": _of("rolnamen", "De korte naam van de rol.", "vrijwilliger"),
            "van": Column("day", "De eerste dag in de rol.", "1-5-2017", required=True),
            "tot": Column("date", "De laatste dag; leeg zolang de rol duurt.", "31-12-2018"),
        },
    ),
    "verwijzingen": Table(
        "referrals",
        {
            "datum": _WHEN,
            "locatie": _PLACE,
            "partner": _of("partners", "De korte naam van de partner.", "buurtteam"),
            "richting": Column(
                "slug",
                "Of iemand naar de partner is verwezen, of van de partner kwam.",
                "naar",
                required=True,
                choices=("naar", "van"),
            ),
            "deelnemer": Column("pseudonym", "Het pseudoniem; leeg bij onbekend.", "p0001"),
        },
        may_be_absent=True,
    ),
    "bijgehouden": Table(
        "kept_registers",
        {
            "locatie": _PLACE,
            "wat": Column(
                "slug", "Wat is bijgehouden.", "deelnames", required=True, choices=registers.KINDS
            ),
            "van": Column("date", "De eerste dag.", "1-4-2017", required=True),
            "tot": Column("date", "De laatste dag; leeg als het nog gebeurt.", "30-6-2018"),
        },
        may_be_absent=True,
    ),
    "deelnames": Table(
        "participations",
        {
            "datum": Column(
                "moment",
                "De dag; of de maand (2018-03) of week (2018-W09), waar alleen die bekend is.",
                "5-3-2018",
                required=True,
            ),
            "locatie": _PLACE,
            "dienst": _of("diensten", "De korte naam van de dienst.", "taal"),
            "deelnemer": Column("pseudonym", "Het pseudoniem; leeg bij een telling.", "p0001"),
            "aantal": Column(
                "count",
                "Het aantal mensen; bij een deelnemer is het 1, of hoe vaak hij die maand kwam.",
                "12",
                default=1,
            ),
        },
    ),
}
NAMES = frozenset(name for table in TABLES.values() for name in table.columns)


def column_name(text: str) -> str:
    """Write a heading as the name of a column.

    >>> column_name(" Geopend op"), column_name("Oppervlakte (m²)")
    ('geopend_op', 'oppervlakte_m2')
    """
    return slug(text).replace("-", "_")
