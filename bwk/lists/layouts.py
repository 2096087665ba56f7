"""The layouts of lists, declared: what stands beside the cells, what above, and what in them."""

from collections.abc import Set
from typing import NamedTuple

from bwk.formats import enumeration
from bwk.lists.blocks import DAYS, MARKS, NAMES, NUMBERS, ROWS, Block
from bwk.lists.words import COUNT, GROUP, PERSON, PLACE, SERVICE, TIME

_GROUPS = {SERVICE, PLACE, GROUP}


class Layout(NamedTuple):
    """A kind of list.

    Attributes
    ----------
    name : str
        As a test and the account call it.
    beside, above : set of str
        Of each at least one must be among the roles of the labels; empty for none needed.
    cells : str
        What stands in the cells.
    sentence : str
        How it is read, in Dutch.
    """

    name: str
    beside: Set[str]
    above: Set[str]
    cells: str
    sentence: str


LAYOUTS = (
    Layout(
        "presentielijst", {PERSON}, {TIME}, MARKS,
        "Mensen staan onder elkaar, de tijd staat naar rechts. Een teken is één bezoek.",
    ),
    Layout(
        "bezoeken per mens", {PERSON}, {TIME}, NUMBERS,
        "Mensen staan onder elkaar, de tijd staat naar rechts. Een getal is hoe vaak iemand kwam.",
    ),
    Layout(
        "presentielijst per dag", {TIME}, {PERSON}, MARKS,
        "De tijd staat onder elkaar, mensen staan naar rechts. Een teken is één bezoek.",
    ),
    Layout(
        "kalender", {TIME}, {TIME}, NUMBERS,
        "Dagen of maanden staan onder elkaar, maanden of jaren naar rechts.",
    ),
    Layout(
        "telling met de tijd naar rechts", set(), {TIME}, NUMBERS,
        "Groepen staan onder elkaar, de tijd staat naar rechts. Een getal is zoveel mensen.",
    ),
    Layout(
        "aankruislijst", {TIME}, _GROUPS, MARKS,
        "Elke rij is een dag of een mens. Een teken onder een dienst is één bezoek.",
    ),
    Layout(
        "telling met de tijd naar beneden", {TIME}, _GROUPS, NUMBERS,
        "De tijd staat onder elkaar, groepen staan naar rechts. Een getal is zoveel mensen.",
    ),
    Layout(
        "aankruislijst van een maand", {PERSON}, _GROUPS, MARKS,
        "Mensen staan onder elkaar, diensten naar rechts. De maand staat in de titel.",
    ),
    Layout(
        "bezoeken per mens van een maand", {PERSON}, _GROUPS, NUMBERS,
        "Mensen staan onder elkaar, diensten naar rechts. Een getal is hoe vaak iemand kwam.",
    ),
    Layout(
        "telling van een maand", set(), _GROUPS, NUMBERS,
        "Groepen staan onder elkaar en naar rechts. De maand staat in de titel.",
    ),
    Layout(
        "diensten per mens", {PERSON}, {TIME}, NAMES,
        "Mensen staan onder elkaar, de tijd staat naar rechts. In een cel staat de dienst.",
    ),
    Layout(
        "namen onder de dag", set(), {TIME}, NAMES,
        "Onder elke dag staat wie er was. Een naam of code is één bezoek.",
    ),
    Layout(
        "dagen achter de naam", {PERSON}, set(), DAYS,
        "Achter elke naam staan de dagen waarop iemand kwam. Elke dag is één bezoek.",
    ),
    Layout(
        "register", {PERSON, SERVICE, PLACE}, set(), ROWS,
        "Elke rij is een bezoek. Meer diensten in één cel zijn meer bezoeken.",
    ),
)  # fmt: skip


def layout_of(block: Block) -> Layout | None:
    """Return the first layout that fits a block."""
    beside = {axis.role for axis in block.beside}
    above = {axis.role for axis in block.above}
    for layout in LAYOUTS:
        fits_beside = not layout.beside or layout.beside & beside
        fits_above = not layout.above or layout.above & above
        if fits_beside and fits_above and layout.cells == block.cells:
            return layout
    return None


def nearest(roles: Set[str]) -> tuple[Layout, list[str]]:
    """Return the layout of which a sheet with these headings lacks least, and what it lacks.

    >>> layout, lacking = nearest({PERSON})
    >>> layout.name, lacking
    ('presentielijst', ['tijd'])
    """
    return min(
        ((layout, _lacking(layout, roles)) for layout in LAYOUTS), key=lambda pair: len(pair[1])
    )


def _lacking(layout: Layout, roles: Set[str]) -> list[str]:
    in_cells = {NUMBERS: {COUNT}, NAMES: {PERSON}}.get(layout.cells, set())
    needed = [layout.beside, layout.above, {TIME}, in_cells]
    lacking = (enumeration(sorted(side), "of") for side in needed if side and not side & roles)
    return [*dict.fromkeys(lacking)]
