"""What a run leaves of a period, written by hand: two small reports, their facts and workbooks."""

import copy
import hashlib
import json
import shutil
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from reports import TABLE, figure, masthead, notebook, table, text
from small import ROOT

from bwk import inputs
from bwk.review.reviewing import checksum

FIRST = "Er kwamen 420 mensen naar TOP.\n\nDe taallessen zijn vol.\n\nDe keuken is klein."


def fact(value: float | None, unit: str = "personen", held: bool = False) -> dict[str, Any]:
    shown = "x" if held else str(value)
    return {"waarde": value, "tekst": shown, "eenheid": unit, "achtergehouden": held}


def keyed(cell: NotebookNode, key: str) -> NotebookNode:
    cell.metadata["bwk"] = {"key": key}
    return cell


def report(title: str, words: str, language: str = "65") -> NotebookNode:
    """Return an executed notebook: a heading, paragraphs, a figure and a table."""
    data = copy.deepcopy(TABLE)
    data["rows"][0][1] = language
    return notebook(
        keyed(masthead(title=title, short=title), "masthead"),
        keyed(text("## Samenvatting"), "samenvatting-kop"),
        keyed(text(words), "samenvatting-tekst"),
        keyed(figure(table=data), "diensten-verdeling"),
        keyed(table(), "kern"),
    )


def make(
    output: Path,
    words: str = FIRST,
    people: float | None = 420,
    language: str = "65",
    period: str = "2018-H1",
    baseline: str = "2017",
    **more: Any,
) -> Path:
    """Write the folder of a period, over what was there; `more` are other facts of TOP."""
    target = output / period
    target.mkdir(parents=True, exist_ok=True)
    top = {"deelnemers": fact(people, held=people is None), **more}
    book = {
        "periode": period,
        "basisperiode": baseline,
        "feiten": {"stad": {"deelnemers": fact(900)}, "top": top},
        "niet_gerapporteerd": {},
    }
    (target / "feiten.json").write_text(json.dumps(book))
    nbformat.write(report("De stad", "Er kwamen 900 mensen."), target / "stad.ipynb")
    nbformat.write(report("TOP", words, language), target / "top.ipynb")
    return target


def workbooks(target: Path, notebooks: Path) -> Path:
    """Write templates and workbooks as they belong to a folder of a period, and note a run."""
    shutil.copytree(ROOT / "notebooks/sjablonen", notebooks / "sjablonen", dirs_exist_ok=True)
    own = notebooks / target.name
    own.mkdir(parents=True, exist_ok=True)
    for name in ("stad", "top"):
        nbformat.write(notebook(text(f"## {name}")), own / f"{name}.ipynb")
    ran(target, notebooks)
    return notebooks


def data_of(target: Path) -> Path:
    """Return the data folder of a made-up period, with something in it."""
    data = target.parent.parent / "data"
    if not data.exists():
        data.mkdir()
        (data / "deelnames.csv").write_text("datum;locatie;dienst\n")
    return data


def ran(target: Path, notebooks: Path, **more: Any) -> None:
    """Write `run.json` as a run does that made what stands there; `more` of it is as given."""
    scopes = json.loads((target / "feiten.json").read_text())["feiten"]
    key = inputs.key(data_of(target), notebooks, target.parent, target.name)
    reports = {
        name: {"staat": "klaar", "invoer": key, "bestanden": sums(target.glob(f"{name}.*"))}
        for name in (*scopes, "tussenrapportage")
    }
    run = {
        "periode": target.name,
        "data": {"deelnames.csv": "oud"},
        "versies": {"bwk": "0"},
        "code": "oud",
        "alle": [*reports],
        "verslagen": reports,
        "bestanden": sums(target.glob("feiten.*")),
    }
    (target / "intern").mkdir(exist_ok=True)
    (target / "intern/run.json").write_text(json.dumps(run | more))


def sums(paths: Iterable[Path]) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def freeze(target: Path, notebooks: Path, reason: str = "", **open_points: list[str]) -> Path:
    """Make a period definitive."""
    from bwk import review

    data = data_of(target)
    return review.finalize(target, data, notebooks, lambda: open_points, date(2018, 8, 1), reason)


def answers(
    target: Path, number: int, judged: dict[int, str], name: str = "Ria", scope: str = "top"
) -> dict[str, Any]:
    """Return what a reviewer of TOP saves: place of a block to `akkoord`, or a question."""
    version = json.loads((target / f"intern/versies/{number}.json").read_text())
    from bwk.review import state

    blocks = state.version(target, number).reports[scope].blocks
    listed = [
        {
            "verslag": scope,
            "stuk": blocks[place].key,
            "kenmerk": blocks[place].hash,
            "oordeel": "akkoord" if said == "akkoord" else "vraag",
            "vraag": "" if said == "akkoord" else said,
        }
        for place, said in judged.items()
    ]
    head = {
        "periode": version["period"],
        "versie": number,
        "kenmerk": state.version(target, number).hash,
        "naam": name,
        "datum": "2018-07-14",
    }
    return summed({**head, "antwoorden": listed})


def summed(content: dict[str, Any]) -> dict[str, Any]:
    """Return answers with the sum that the page would give them."""
    words = [content[name] for name in ("periode", "kenmerk", "naam", "datum")]
    words += [word for one in content["antwoorden"] for word in one.values()]
    return {**content, "som": checksum([str(content["versie"]), *words])}


def agreed(target: Path, scope: str) -> int:
    """Return how many parts of a report, as they read now, somebody agreed with."""
    from bwk.review import state

    path = target / "intern/beoordeling.json"
    kept = json.loads(path.read_text())["antwoorden"] if path.exists() else []
    judged = {
        one["kenmerk"] for one in kept if (one["verslag"], one["oordeel"]) == (scope, "akkoord")
    }
    if not judged:
        return 0
    blocks = state.read(target).reports[scope].blocks
    return sum(block.hash in judged for block in blocks)
