"""The made-up sample reproduces what was published, read here with plain spreadsheet readers."""

import ast
import csv
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).parent.parent
DATA = ROOT / "data"
SCRIPT = DATA / "make_sample.py"
HVLR, TOP = "hart-voor-leidsche-rijn", "top"
THRESHOLD = 5
PERIODS = {"2017": ("2017-01-01", "2017-12-31"), "2018-H1": ("2018-01-01", "2018-06-30")}
PUBLISHED = list(csv.DictReader((Path(__file__).parent / "ground_truth/utrecht-2018.csv").open()))

DUTCH_EXCEL = {"sep": ";", "parse_dates": ["datum"], "dayfirst": True}
PARTICIPATIONS = {
    "2017-hart-voor-leidsche-rijn.xlsx": {"engine": "openpyxl"},
    "2018-h1-hart-voor-leidsche-rijn.csv": {**DUTCH_EXCEL, "encoding": "cp1252"},
    "2017-top.ods": {"engine": "odf"},
    "2018-h1-top.csv": {"parse_dates": ["datum"]},
    "2018-h1-zuilen.xlsx": {"engine": "openpyxl", "skiprows": 2, "skipfooter": 1},
    "2018-h1-de-klop.csv": {**DUTCH_EXCEL, "encoding": "utf-8-sig"},
}


def load(path: Path, **options) -> pd.DataFrame:
    return (pd.read_csv if path.suffix == ".csv" else pd.read_excel)(path, **options)


@pytest.fixture(scope="module")
def participations() -> pd.DataFrame:
    files = [load(DATA / "deelnames" / name, **how) for name, how in PARTICIPATIONS.items()]
    table = pd.concat(files, ignore_index=True).astype({"datum": "datetime64[ns]"})
    return table.assign(aantal=table["aantal"].fillna(1).astype(int))


@pytest.fixture(scope="module")
def roles() -> pd.DataFrame:
    return load(DATA / "rollen.xlsx", engine="openpyxl")


@pytest.fixture(scope="module")
def referrals() -> pd.DataFrame:
    return load(DATA / "verwijzingen.ods", engine="odf")


@pytest.fixture(scope="module")
def locations() -> pd.DataFrame:
    dates = ["geopend_op", "formeel_vanaf", "gesloten_op"]
    return load(DATA / "locaties.csv", sep=";", parse_dates=dates, dayfirst=True)


def within(table: pd.DataFrame, location: str, period: str) -> pd.DataFrame:
    first, last = PERIODS[period]
    return table[table["datum"].between(first, last) & table["locatie"].eq(location)]


def people_in_role(roles: pd.DataFrame, location: str, period: str) -> dict[str, int]:
    first, last = (pd.Timestamp(day) for day in PERIODS[period])
    people: dict[str, set[str]] = {}
    for row in roles.itertuples():
        if row.locatie == location and row.van <= last and not row.tot < first:
            people.setdefault(row.rol, set()).add(row.persoon)
    return {role: len(members) for role, members in people.items()}


def location_figures(participations, roles, location) -> dict[str, str]:
    now, base = (within(participations, location, period) for period in ("2018-H1", "2017"))
    people, people_base = now["deelnemer"].nunique(), base["deelnemer"].nunique()
    services = now.groupby("dienst")["aantal"].sum()
    holders = {"deelnemers": people, **people_in_role(roles, location, "2018-H1")}
    everyone = sum(holders.values())
    return {
        "deelnames": f"{services.sum()}",
        "deelnemers": f"{people}",
        "deelnemers_basis": f"{people_base}",
        "groei_deelnemers": f"{people / people_base - 1:+.0%}",
        **{f"deelnames.{slug}": f"{count}" for slug, count in services.items()},
        **{f"aandeel.{slug}": f"{count / services.sum():.0%}" for slug, count in services.items()},
        **{f"rol.{role}": f"{count}" for role, count in holders.items()},
        **{f"aandeel_rol.{role}": f"{count / everyone:.0%}" for role, count in holders.items()},
    }


def city_figures(locations) -> dict[str, str]:
    last = pd.Timestamp("2018-06-30")
    whole_half_year = locations["geopend_op"] <= "2018-01-01"
    return {
        "locaties_formeel": f"{(locations['formeel_vanaf'] <= last).sum()}",
        "locaties_praktisch": f"{(locations['geopend_op'] <= last).sum()}",
        "locaties_gerapporteerd": f"{whole_half_year.sum()}",
    }


@pytest.fixture(scope="module")
def figures(participations, roles, locations) -> dict[str, dict[str, str]]:
    by_location = {key: location_figures(participations, roles, key) for key in (HVLR, TOP)}
    return {**by_location, "stad": city_figures(locations)}


@pytest.mark.parametrize("row", PUBLISHED, ids=lambda row: f"{row['scope']}-{row['fact']}")
def test_figure_is_the_published_one(figures, row):
    assert figures[row["scope"]][row["fact"]] == row["value"]


@pytest.mark.parametrize(("prefix", "total"), [("deelnames.", 838), ("rol.", 495)])
def test_published_parts_add_up_to_the_published_total(prefix, total):
    parts = [row for row in PUBLISHED if row["scope"] == HVLR and row["fact"].startswith(prefix)]
    assert sum(int(row["value"]) for row in parts) == total


@pytest.mark.parametrize("period", PERIODS)
@pytest.mark.parametrize("location", [HVLR, TOP])
def test_enough_people_stand_behind_each_service(participations, location, period):
    people = within(participations, location, period).groupby("dienst")["deelnemer"].nunique()
    assert len(people) == 7
    assert people.min() >= THRESHOLD


@pytest.mark.parametrize("period", PERIODS)
@pytest.mark.parametrize("location", [HVLR, TOP])
def test_enough_people_hold_each_role(roles, location, period):
    people = people_in_role(roles, location, period)
    assert len(people) == 4
    assert min(people.values()) >= THRESHOLD


@pytest.mark.parametrize("location", [HVLR, TOP])
def test_no_service_goes_down_when_its_half_year_is_doubled(participations, location):
    now, base = (
        within(participations, location, period).groupby("dienst")["aantal"].sum()
        for period in ("2018-H1", "2017")
    )
    assert (2 * now >= base).all()


def test_forms_and_meeting_grow_most_in_leidsche_rijn(participations):
    now, base = (
        within(participations, HVLR, period).groupby("dienst")["aantal"].sum()
        for period in ("2018-H1", "2017")
    )
    growth = (2 * now / base).sort_values()
    assert set(growth.index[-2:]) == {"formulieren", "ontmoeting"}
    assert growth.iloc[-2] > 1.4
    assert growth.iloc[-3] < 1.15


def test_top_grows_evenly(participations):
    now, base = (
        within(participations, TOP, period).groupby("dienst")["aantal"].sum()
        for period in ("2018-H1", "2017")
    )
    growth = 2 * now / base
    assert growth.max() / growth.min() < 1.04


@pytest.mark.parametrize(("location", "people"), [(HVLR, 25), (TOP, 35)])
def test_some_participants_do_something_in_return(participations, roles, location, people):
    members = set(within(participations, location, "2018-H1")["deelnemer"])
    active = roles["rol"].isin(["vrijwilliger", "sleutelhouder"]) & roles["locatie"].eq(location)
    holders = set(roles.loc[active & ~(roles["tot"] < "2018-01-01"), "persoon"])
    assert len(members & holders) == people


def test_twelve_people_are_seen_at_both_reported_locations(participations):
    here, there = (
        set(within(participations, location, "2018-H1")["deelnemer"].dropna())
        for location in (HVLR, TOP)
    )
    assert len(here & there) == 12


def test_role_that_ended_on_the_last_day_of_2017_is_there_beside_one_that_ended_a_day_later(roles):
    assert {pd.Timestamp("2017-12-31"), pd.Timestamp("2018-01-01")} <= set(roles["tot"])


def test_few_people_from_one_neighbourhood_show_that_numbers_are_held_back(participations):
    homes = load(DATA / "deelnemers.csv").set_index("deelnemer")["buurt"]
    people = within(participations, TOP, "2018-H1")["deelnemer"].dropna().unique()
    counts = homes[people].value_counts()
    assert counts[counts < THRESHOLD].to_dict() == {"tuindorp": 4, "lombok": 3}


def test_few_referrals_show_that_numbers_are_held_back(referrals):
    counts = within(referrals, TOP, "2018-H1").groupby(["richting", "partner"]).size()
    assert counts[counts < THRESHOLD].to_dict() == {("naar", "altrecht"): 4, ("van", "lister"): 2}


def test_referrals_go_both_ways_and_stream_in_leidsche_rijn_more_than_in_ondiep(referrals):
    with_team = referrals[referrals["partner"] == "buurtteam"]
    by_way = {
        location: within(with_team, location, "2018-H1").groupby("richting").size()
        for location in (HVLR, TOP)
    }
    assert (by_way[TOP] > 0).all()
    assert (by_way[HVLR] > 2 * by_way[TOP]).all()


def test_all_four_locations_take_part_on_days_that_they_are_open(participations, locations):
    first = participations.groupby("locatie")["datum"].min()
    opened = locations.set_index("locatie")["geopend_op"]
    assert set(first.index) == set(opened.index)
    assert (first >= opened[first.index]).all()


def test_participations_lie_between_april_2017_and_june_2018_and_never_on_a_sunday(participations):
    days = participations["datum"]
    assert days.between("2017-04-01", "2018-06-30").all()
    assert (days.dt.day_of_week < 6).all()


def test_no_one_is_written_down_twice(participations):
    named = participations.dropna(subset="deelnemer")
    assert not named.duplicated(["datum", "locatie", "dienst", "deelnemer"]).any()
    assert (named["aantal"] == 1).all()


def test_head_counts_are_anonymous_guests_of_the_meals(participations):
    guests = participations[participations["deelnemer"].isna()]
    assert set(guests["dienst"]) == {"ontmoeting"}
    assert HVLR not in set(guests["locatie"])
    assert within(guests, TOP, "2018-H1")["aantal"].sum() == 136


def test_people_stand_under_pseudonyms_alone(participations, roles, referrals):
    seen = pd.concat([participations["deelnemer"], roles["persoon"], referrals["deelnemer"]])
    people = load(DATA / "deelnemers.csv")["deelnemer"]
    assert people.str.fullmatch(r"p(?!\d{8})[0-9a-f]{8}").all()
    assert people.is_unique
    assert set(seen.dropna()) == set(people)


@pytest.mark.parametrize(
    ("table", "column", "keys", "options"),
    [
        ("participations", "dienst", "diensten.csv", {}),
        ("participations", "locatie", "locaties.csv", {"sep": ";"}),
        ("roles", "rol", "rolnamen.csv", {}),
        ("referrals", "partner", "partners.csv", {}),
        ("people", "buurt", "buurten.csv", {"sep": ";", "encoding": "cp1252"}),
    ],
)
def test_slugs_are_known(request, table, column, keys, options):
    used = (load(DATA / "deelnemers.csv") if table == "people" else request.getfixturevalue(table))[
        column
    ]
    assert set(used.dropna()) <= set(load(DATA / keys, **options)[column])


def test_sheet_of_zuilen_has_a_title_above_and_the_right_total_below(participations):
    sheet = pd.read_excel(DATA / "deelnames/2018-h1-zuilen.xlsx", header=None, engine="openpyxl")
    assert sheet.iloc[0, 0].startswith("Deelnames Zuilen")
    assert sheet.iloc[-1, 0] == "Totaal"
    assert sheet.iloc[-1, 4] == within(participations, "zuilen", "2018-H1")["aantal"].sum()


@pytest.mark.parametrize(
    ("name", "start", "part"),
    [
        ("locaties.csv", b"\xef\xbb\xbflocatie;naam;", b";01-04-2017;"),
        ("buurten.csv", b"buurt;naam;", "Mariëndaalstraat".encode("cp1252")),
        ("deelnames/2018-h1-hart-voor-leidsche-rijn.csv", b"datum;locatie;", b"\r\n08-01-2018;"),
        ("deelnames/2018-h1-top.csv", b"datum,locatie,", b"\n2018-01-08,"),
        ("deelnames/2018-h1-de-klop.csv", b"\xef\xbb\xbfdatum;locatie;", b";;"),
    ],
)
def test_text_files_come_in_the_dialects_of_spreadsheets(name, start, part):
    content = (DATA / name).read_bytes()
    assert content.startswith(start)
    assert part in content


def test_programme_names_baseline_threshold_and_date():
    programme = tomllib.loads((DATA / "programma.toml").read_text(encoding="utf-8"))
    assert programme["basisperiode"] == {"2018-H1": "2017"}
    assert programme["publicatie"] == {"drempel": 5, "min_maanden_open": 6}
    assert programme["rapportdatum"] == {"2018-H1": "2018-07-13"}
    assert "verzonnen" in programme["toelichting"]


def written(folder: Path) -> dict[str, bytes]:
    """Return what the script wrote: all files but itself and the text about them."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix in {".csv", ".xlsx", ".ods", ".toml"}
    }


def run_script(folder: Path, hash_seed: str) -> dict[str, bytes]:
    shutil.copy(SCRIPT, folder)
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    subprocess.run([sys.executable, folder / SCRIPT.name], check=True, env=environment)
    return written(folder)


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    run_script(folder, "1")
    return folder


def test_second_run_gives_the_same_bytes(made, tmp_path):
    assert run_script(tmp_path, "2") == written(made)


def contents(folder: Path) -> dict[str, object]:
    """Return the files unpacked: another zlib may pack the same sheet into other bytes."""
    packed = {".xlsx", ".ods"}
    return {
        name: _parts(folder / name) if Path(name).suffix in packed else content
        for name, content in written(folder).items()
    }


def _parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_kept_files_are_those_that_the_script_makes(made):
    assert contents(DATA) == contents(made)


def test_spreadsheets_hold_no_time_of_making():
    for path in [*DATA.rglob("*.xlsx"), *DATA.rglob("*.ods")]:
        with zipfile.ZipFile(path) as archive:
            assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_script_stands_apart_from_the_product():
    tree = ast.parse(SCRIPT.read_text(encoding="utf-8"))
    modules = {
        name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in [getattr(node, "module", None), *(alias.name for alias in node.names)]
        if name
    }
    assert not any(name.split(".")[0] == "bwk" for name in modules)


def test_folder_is_small():
    assert sum(path.stat().st_size for path in DATA.rglob("*") if path.is_file()) < 600_000


def test_readme_names_every_file():
    named = set(re.findall(r"^\| `([^`]+)`", (DATA / "README.md").read_text("utf-8"), re.M))
    assert named == set(written(DATA))
