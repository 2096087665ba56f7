"""Every fact declared once, in `declarations.csv`: name, unit, definition, formula and tables.

The appendix of each report and the page in the manual are made from these declarations.
"""

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

from bwk.errors import UsageError


@dataclass(frozen=True)
class Declaration:
    """What a fact is.

    Attributes
    ----------
    name : str
        Dutch and dotted; a part between `<` and `>` stands for a key of the data.
    unit : str
        What is counted, or the kind of number.
    definition : str
        Plain Dutch.
    formula : str
        How it is worked out from counts.
    tables : tuple of str
        The tables of the data folder that it comes from.
    city : str
        How the city's number differs from the definition, where it does.
    """

    name: str
    unit: str
    definition: str
    formula: str
    tables: tuple[str, ...]
    city: str

    @property
    def stem(self) -> str:
        """The name up to its key."""
        return self.name.partition("<")[0]

    def names(self, fact: str) -> bool:
        """Whether a fact's name is this name with its keys filled in."""
        if self.stem == self.name:
            return fact == self.name
        return fact.startswith(self.stem) and fact.count(".") == self.name.count(".")


@cache
def declarations() -> tuple[Declaration, ...]:
    """Return all declarations, in the order in which a report lists them."""
    table = resources.files(__package__).joinpath("declarations.csv").read_text(encoding="utf-8")
    _, *rows = csv.reader(table.splitlines(), delimiter=";")
    return tuple(
        Declaration(name, unit, definition, formula, tuple(tables.split()), city)
        for name, unit, definition, formula, tables, city in rows
    )


def declaration_of(fact: str) -> Declaration:
    """Return the declaration of a fact.

    >>> declaration_of("deelnames.klussen").name, declaration_of("deelnemers.locatie.top").name
    ('deelnames.<dienst>', 'deelnemers.locatie.<locatie>')

    Raises
    ------
    UsageError
        If no fact has that name.
    """
    for declaration in declarations():
        if declaration.names(fact):
            return declaration
    raise UsageError(f"Het feit ‘{fact}’ bestaat niet: zie de verantwoording in het verslag.")
