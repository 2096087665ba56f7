"""The data folder explained on one page, from the declarations of its tables and settings."""

from collections.abc import Iterator

from bwk import programme
from bwk.registrations.columns import KINDS, TABLES, Column, Table

_HEAD = """# De datamap

Deze bladzijde zegt van elk bestand wat erin staat. Zij is gemaakt uit de regels waarmee `bwk` de
bestanden leest. Elke tabel mag `.csv`, `.xlsx`, `.ods` of `.parquet` zijn. `deelnames` mag ook een
map met bestanden zijn. De volgorde van de kolommen is vrij.
"""


def page() -> str:
    """Return the page, as Markdown."""
    lines = [_HEAD, *_settings()]
    for name, table in TABLES.items():
        lines += _table(name, table)
    return "\n".join(lines) + "\n"


def _settings() -> Iterator[str]:
    yield f"\n## `{programme.FILE}`\n"
    yield "| sleutel | wat u schrijft |"
    yield "| --- | --- |"
    for key, expected in programme.EXPECTED.items():
        yield f"| `{key}` | {expected} |"


def _table(name: str, table: Table) -> Iterator[str]:
    yield f"\n## `{name}`{' (mag ontbreken)' if table.may_be_absent else ''}\n"
    yield "| kolom | wat erin staat | vorm | voorbeeld | een lege cel |"
    yield "| --- | --- | --- | --- | --- |"
    for heading, column in table.columns.items():
        yield (
            f"| `{heading}` | {column.meaning} | {_form(column)} | {column.example} "
            f"| {_empty(column)} |"
        )
    if table.key:
        yield f"\nIn `{table.key}` staat elke waarde één keer."


def _form(column: Column) -> str:
    if column.choices:
        return " of ".join(f"`{choice}`" for choice in column.choices)
    if column.table:
        return f"een waarde uit `{column.table}`, of de naam daarbij"
    return KINDS[column.kind].sentence


def _empty(column: Column) -> str:
    if column.required:
        return "mag niet"
    if column.default is not None:
        return f"{column.default}, als de hele kolom ontbreekt of er een deelnemer staat"
    return "onbekend"
