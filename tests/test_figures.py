"""Each figure tells the truth of its sheet, in numbers, words and picture."""

import dataclasses
import io
import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from unittest import mock

import matplotlib as mpl
import numpy as np
import pytest
import typst
from fontTools.ttLib import TTFont
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_rgb
from matplotlib.image import imread
from matplotlib.testing.compare import compare_images
from sheets import SERVICES, any_sheets, fact, labels, published, sheet

from bwk import figures, glyphs, periods
from bwk.bundle import MIME
from bwk.facts import Label

LEFT_OUT = [
    figures.roles,
    figures.roles_pie,
    figures.origin,
]  # where the sheet has no roles, no homes
BASELINE = Path(__file__).parent / "baseline"
FIGURES = [
    figures.services_pie,
    figures.roles,
    figures.roles_pie,
    figures.services_per_month,
    figures.growth,
    figures.course,
    figures.origin,
    figures.growth_by_location,
    figures.services_by_location,
    figures.barometer,
]
MIDDLE = 72 * figures.WIDTH / 2
SVG = "{http://www.w3.org/2000/svg}"
PAGE = b"#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes(sys.inputs.svg))"


def own(shown):
    return shown.data[MIME]


def painted(draw, sheet):
    """Return a figure as PNG, its letters as matplotlib lays them out."""
    with mock.patch.dict(figures.HOUSE_STYLE, {"svg.fonttype": "path"}):
        picture = draw(sheet).data["image/svg+xml"]
    return typst.compile(PAGE, format="png", ppi=110, sys_inputs={"svg": picture})


def words(shown):
    """Return the lines of text in the picture."""
    picture = ET.fromstring(shown.data["image/svg+xml"])
    return ["".join(text.itertext()) for text in picture.iter(f"{SVG}text")]


def course_sheet(**changes):
    """Return a sheet with one service above course, one that is held back and one unknown."""
    values = {
        "prognose.taal": 256, "prognose_laag.taal": 236, "prognose_hoog.taal": 277,
        "deelnames_jaar_ervoor.taal": 150, "koers.taal": "boven koers",
        "prognose.klussen": "x", "prognose_laag.klussen": "x", "prognose_hoog.klussen": "x",
        "deelnames_jaar_ervoor.klussen": "x", "koers.klussen": "x",
    }  # fmt: skip
    services = labels({"taal": "Taal", "klussen": "Klussen", "radio": "Radio"})
    return sheet(values, services=services, **changes)


def history_sheet(**changes):
    """Return a sheet with two life domains over three half-years."""
    values = {"geld": (21.5, 22.9, 28.2), "werk": ("x", None, 5.3)}
    halves = labels({"2017-H1": "begin 2017", "2017-H2": "eind 2017", "2018-H1": "begin 2018"})
    facts = {
        f"barometer_per_maand.{domain}.{half.slug}": value
        for domain, each in values.items()
        for half, value in zip(halves, each, strict=True)
    }
    facts |= {"barometer.geld.2018-H1": 0.27, "oordeel_barometer.geld.2018-H1": "meer"}
    facts |= {"oordeel_barometer.geld": "meer", "oordeel_barometer.werk": "x", **changes}
    domains = labels({"geld": "Geld", "werk": "Werk"})
    return sheet(facts, domains=domains, half_years=halves)


def place_sheet(scope="hart"):
    places = (
        Label("west", "West", ""),
        Label("zant", "'t Zant", "hart"),
        Label("ondiep", "Ondiep", "top"),
        Label("leeg", "Leeg", "hart"),
        Label("klein", "Klein", ""),
    )
    values = {"west": 9, "zant": 30, "ondiep": 12, "leeg": 0, "klein": "x"}
    facts = {f"herkomst.{slug}": value for slug, value in values.items()}
    locations = labels({"hart": "Hart"})
    return sheet(facts, scope, neighbourhoods=places, locations=locations)


def wedges(shown):
    """Return the slices of a pie: their colour, and their share of the round by their area."""
    figure = ET.fromstring(shown.data["image/svg+xml"])
    parts = []
    for path in figure.iter(f"{SVG}path"):
        style = path.get("style", "")
        if "stroke: #ffffff" in style:
            numbers = [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", path.get("d"))]
            x, y = np.array(numbers).reshape(-1, 2).T
            area = abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1))) / 2
            parts.append({"colour": re.search("fill: (#[0-9a-f]+)", style)[1], "share": area})
    whole = sum(part["share"] for part in parts)
    return [part | {"share": part["share"] / whole} for part in parts]


def open_marks(shown):
    """Count the points in a picture that are not filled."""
    picture = ET.fromstring(shown.data["image/svg+xml"])
    return sum("fill: #ffffff" in mark.get("style", "") for mark in picture.iter(f"{SVG}use"))


class TestPies:
    def test_each_slice_has_the_label_of_the_published_report(self):
        picture = " ".join(words(figures.services_pie(published())))
        for name, count, share in (
            ("Sociaal / Ontmoeting", 592, "71%"),
            ("Formulieren", 128, "15%"),
            ("Toeleiden naar werk / opleiding", 15, "2%"),
        ):
            assert f"{name}; {count}; {share}" in picture

    def test_the_roles_are_those_of_the_published_report(self):
        picture = " ".join(words(figures.roles_pie(published())))
        assert "Individuele deelnemers / leden; 420; 85%" in picture
        assert "Statushouders; 5; 1%" in picture

    def test_the_caption_names_the_largest(self):
        caption = own(figures.services_pie(published()))["caption"]
        assert caption == (
            "Deelnames per dienst in de eerste helft van 2018. "
            "De meeste deelnames: Sociaal / Ontmoeting, 592 (71%)."
        )

    def test_a_slice_that_is_held_back_is_named_and_not_drawn(self):
        shown = figures.services_pie(published(deelnames__klussen="x", aandeel__klussen="x"))
        assert not any("Klussen" in line for line in words(shown))
        assert own(shown)["caption"].endswith(
            "Achtergehouden om herkenning te voorkomen: Klussen (x)."
        )
        assert ["Klussen", None, None] in own(shown)["table"]["values"]
        assert "Klussen: achtergehouden" in own(shown)["alt"]

    def test_the_rest_is_grey_where_a_slice_is_held_back(self):
        held = {"deelnames__sociaal": "x", "aandeel__sociaal": "x"}
        [*slices, rest] = wedges(figures.services_pie(published(**held)))
        assert rest["colour"] == figures.GREY
        assert rest["share"] == pytest.approx(592 / 838, abs=0.01)  # corners of curves
        whole = wedges(figures.services_pie(published()))
        assert figures.GREY not in {part["colour"] for part in whole}
        assert len(slices) == len(whole) - 1

    def test_bars_stand_where_nobody_can_say_how_large_the_rest_is(self):
        held = {f"aandeel__{slug}": "x" for slug in SERVICES}
        shown = figures.services_pie(published(deelnames__klussen="x", **held))
        assert own(shown)["alt"].startswith("Staafdiagram: deelnames per dienst")
        assert wedges(shown) == []

    def test_the_table_says_of_what_the_shares_are(self):
        assert own(figures.services_pie(published()))["table"]["columns"][2] == (
            "Aandeel van alle deelnames"
        )
        assert own(figures.roles_pie(published()))["table"]["columns"][2] == (
            "Aandeel van alle rollen"
        )

    def test_the_largest_is_named_with_care_where_something_is_held_back(self):
        shown = figures.services_pie(published(deelnames__klussen="x"))
        assert "De meeste deelnames van wat hier staat: Sociaal" in own(shown)["caption"]

    def test_a_service_without_participations_is_named_and_not_drawn(self):
        shown = figures.services_pie(published(deelnames__klussen=0, aandeel__klussen=0.0))
        assert not any("Klussen" in line for line in words(shown))
        assert own(shown)["caption"].endswith("Geen deelnames: Klussen.")

    def test_the_alternative_text_holds_all_numbers(self):
        alt = own(figures.services_pie(published()))["alt"]
        assert alt.startswith("Cirkeldiagram: deelnames per dienst")
        assert all(f"{name}: {count} en " in alt for name, count in SERVICES.values())

    @settings(max_examples=15, deadline=None)
    @given(st.lists(st.integers(1, 900), min_size=1, max_size=15))
    def test_labels_never_overlap(self, counts):
        names = labels(
            {f"d{i}": f"Een dienst met een langere naam {i}" for i in range(len(counts))}
        )
        facts = {f"deelnames.d{i}": count for i, count in enumerate(counts)}
        picture = figures.services_pie(sheet(facts, services=names)).data["image/svg+xml"]
        places = re.findall(r'transform="translate\((\S+) (\S+?)\)', picture)
        assert len(places) >= len(counts)
        tall = float(re.search(r'height="(\S+)pt"', picture)[1])
        assert all(0 < float(y) < tall for _, y in places)
        for side in (True, False):
            heights = sorted(float(y) for x, y in places if (float(x) < MIDDLE) is side)
            assert all(np.diff(heights) > figures.SIZE)


class TestBars:
    def test_months_are_set_against_the_baseline(self):
        shown = figures.services_per_month(
            published(
                per_maand__sociaal=98.7,
                per_maand__taal=65 / 6,
                per_maand_basis__taal=122 / 9,
                groei_per_maand__taal=-0.2,
                groei_per_maand__taal_laag=-0.57,
                groei_per_maand__taal_hoog=0.5,
            )
        )
        columns = ["Dienst", "Eerste helft van 2018", "2017", "Verschil", "Van", "Tot"]
        assert own(shown)["table"]["columns"] == columns
        row = ["Taalverwerving", "10,8", "13,6", "−20%", "−57%", "+50%"]
        assert row in own(shown)["table"]["rows"]
        assert {"10,8", "13,6"} <= set(words(shown))

    def test_the_first_bars_say_which_is_which(self):
        shown = figures.services_per_month(
            published(per_maand__sociaal=100.0, per_maand_basis__sociaal=2.0)
        )
        assert {"100,0 deze periode", "2,0 basisperiode"} <= set(words(shown))

    def test_a_growth_stands_with_its_margin_below_the_name(self):
        margin = {"groei_per_maand__taal_laag": -0.57, "groei_per_maand__taal_hoog": 0.5}
        grown = published(per_maand__taal=10.8, groei_per_maand__taal=-0.2, **margin)
        shown = figures.services_per_month(grown)
        assert "−20% (−57% tot +50%)" in " ".join(words(shown)).replace("\N{NO-BREAK SPACE}", " ")
        assert figures.BELOW in own(shown)["caption"]
        assert figures.BELOW not in own(figures.services_per_month(published()))["caption"]

    def test_a_margin_too_wide_to_tell_anything_is_told_once_and_explained(self):
        wide = dataclasses.replace(fact("groei_per_maand.taal_laag", -0.9), text="te onzeker")
        ends = dict.fromkeys(("groei_per_maand.taal_laag", "groei_per_maand.taal_hoog"), wide)
        grown = published(per_maand__taal=10.8, groei_per_maand__taal=8.0)
        grown = dataclasses.replace(grown, facts={**grown.facts, **ends})
        shown = figures.services_per_month(grown)
        assert "+800% (te onzeker)" in " ".join(words(shown)).replace("\N{NO-BREAK SPACE}", " ")
        assert own(shown)["caption"].count("te onzeker") == 1

    def test_services_stand_from_large_to_small(self):
        shown = figures.services_per_month(published(per_maand__taal=3.0, per_maand__werk=7.0))
        assert [row[0] for row in own(shown)["table"]["rows"]][:2] == [
            SERVICES["werk"][0],
            SERVICES["taal"][0],
        ]

    def test_roles_stand_from_large_to_small_and_may_overlap(self):
        shown = figures.roles(published())
        assert own(shown)["table"]["values"][:2] == [
            ["Individuele deelnemers / leden", 420],
            ["Actieve vrijwilligers", 35],
        ]
        for draw in (figures.roles, figures.roles_pie):
            assert figures.OVERLAP in own(draw(published()))["caption"]

    def test_the_caption_names_what_clearly_changed(self):
        shown = figures.services_per_month(
            published(oordeel_per_maand__taal="minder", oordeel_per_maand__formulieren="meer")
        )
        assert "Duidelijk meer: Formulieren. Duidelijk minder: Taal" in own(shown)["caption"]

    def test_growth_names_the_months_that_were_open(self):
        shown = figures.growth(published())
        picture = " ".join(words(shown)).replace("\N{NO-BREAK SPACE}", " ")
        assert "2017, 9 maanden open" in picture
        assert "420 (+33%)" in picture
        assert "De perioden zijn niet even lang." in own(shown)["caption"]
        assert "112 mensen kwamen alleen toen, 253 alleen nu (meer)" in own(shown)["caption"]

    def test_growth_is_silent_on_periods_of_the_same_length(self):
        even = dataclasses.replace(published(), baseline_months=6.0)
        assert "even lang" not in own(figures.growth(even))["caption"]

    def test_growth_that_is_held_back_is_not_told_in_words(self):
        held = published(deelnemers_basis="x", groei_deelnemers="x")
        alt = own(figures.growth(held))["alt"].replace("\N{NO-BREAK SPACE}", " ")
        assert "2017, 9 maanden open: achtergehouden;" in alt
        assert "6 maanden open: 420 en achtergehouden." in alt

    def test_the_neighbourhoods_stand_from_large_to_small_without_empty_ones(self):
        picture = words(figures.origin(place_sheet()))
        names = [line for line in picture if line in {"West", "'t Zant", "Ondiep", "Leeg", "Klein"}]
        assert names == ["'t Zant", "Ondiep", "West", "Klein"]

    @pytest.mark.parametrize("scope", ["hart", "stad"])
    def test_the_surroundings_are_marked_in_words(self, scope):
        marked = [w for w in words(figures.origin(place_sheet(scope))) if "omgeving" in w]
        assert marked == ["30 directe omgeving"]

    def test_an_empty_neighbourhood_still_stands_in_the_numbers(self):
        assert ["Leeg", 0] in own(figures.origin(place_sheet()))["table"]["values"]

    def test_locations_are_compared(self):
        values = {
            "deelnemers.locatie.hart": 420, "deelnemers_basis.locatie.hart": 315,
            "deelnemers.locatie.top": 335, "deelnemers_basis.locatie.top": None,
            "deelnames.locatie.hart": 838, "deelnames.locatie.top": 1239,
        }  # fmt: skip
        city = sheet(values, "stad", locations=labels({"hart": "Hart", "top": "TOP"}))
        assert "Meer deelnemers: Hart." in own(figures.growth_by_location(city))["caption"]
        assert "1.239" in words(figures.services_by_location(city))


class TestCourse:
    def test_expectation_year_before_and_judgement_stand_in_the_picture(self):
        picture = words(figures.course(course_sheet()))
        assert "verwacht 256; 2017: 150" in picture
        assert "boven koers" in picture

    def test_what_is_held_back_shows_as_x(self):
        assert {"verwacht x; 2017: x", "x"} <= set(words(figures.course(course_sheet())))

    def test_what_is_unknown_is_explained(self):
        assert "– = onbekend:" in own(figures.course(course_sheet()))["caption"]

    def test_the_year_before_stands_beside_another_baseline_too(self):
        shown = figures.course(course_sheet(baseline=periods.parse("2017-H2")))
        assert "verwacht 256; 2017: 150" in words(shown)
        assert "In 2017" in own(shown)["table"]["columns"]

    def test_the_margin_stands_in_the_numbers(self):
        row = own(figures.course(course_sheet()))["table"]["values"][0]
        assert row == ["Taal", 256, 236, 277, "boven koers", 150]


class TestEveryFigure:
    def test_settings_of_the_user_change_nothing(self):
        given = place_sheet("stad")
        usual = figures.growth(given).data
        figures._style.cache_clear()
        with mpl.rc_context({"figure.facecolor": "red", "axes.grid": True, "font.weight": "bold"}):
            assert figures.growth(given).data == usual

    @pytest.mark.parametrize("draw", FIGURES, ids=lambda draw: draw.__name__)
    def test_gives_the_same_bytes_each_time(self, draw):
        given = place_sheet("stad")
        assert draw(given).data == draw(given).data

    @pytest.mark.parametrize("draw", LEFT_OUT)
    def test_what_nobody_registered_is_a_sentence(self, draw):
        assert "niet geregistreerd" in draw(sheet({})).data["text/markdown"]

    @pytest.mark.parametrize("draw", [draw for draw in FIGURES if draw not in LEFT_OUT])
    def test_says_so_where_there_is_nothing_to_draw(self, draw):
        shown = draw(sheet({}))
        assert own(shown)["alt"]
        assert "geen cijfers" in " ".join(words(shown)) or "–" in words(shown)

    @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
    @given(any_sheets(), st.sampled_from(FIGURES))
    def test_stands_up_to_any_sheet(self, given, draw):
        data = draw(given).data
        nodes = ET.fromstring(data["image/svg+xml"]).iter()
        assert not {node.tag for node in nodes} & {f"{SVG}script"}
        assert imread(io.BytesIO(painted(draw, given))).shape[1] == 528
        assert json.dumps(data[MIME])

    @settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
    @given(any_sheets(), st.sampled_from(FIGURES))
    def test_nothing_runs_off_the_picture(self, given, draw):
        picture = imread(io.BytesIO(painted(draw, given)))
        for edge in (picture[0], picture[-1], picture[:, 0], picture[:, -1]):
            assert edge.min() == 1

    @pytest.mark.parametrize("draw", [figures.services_pie, figures.roles_pie, figures.growth])
    def test_is_small(self, draw):
        assert len(draw(published()).data["image/svg+xml"]) < 30_000

    @pytest.mark.parametrize(
        ("draw", "given", "weights"),
        [
            (figures.services_pie, published(), ["400"]),
            (figures.course, course_sheet(), ["400", "700"]),
        ],
    )
    def test_letters_are_text_in_a_font_that_the_picture_brings(self, draw, given, weights):
        picture = draw(given).data["image/svg+xml"]
        faces = re.findall(r"@font-face\{font-family:'Public Sans';font-weight:(\w+);src", picture)
        assert faces == weights
        assert figures.PRECISE in picture  # else names run off it on a narrow screen
        assert words(draw(given))


class TestBarometer:
    def test_each_domain_has_its_numbers_over_the_half_years(self):
        assert own(figures.barometer(history_sheet()))["table"]["rows"] == [
            ["Geld", "begin 2017", "21,5", "–", "–"],
            ["Geld", "eind 2017", "22,9", "–", "–"],
            ["Geld", "begin 2018", "28,2", "+27%", "meer"],
            ["Werk", "begin 2017", "x", "–", "–"],
            ["Werk", "eind 2017", "–", "–", "–"],
            ["Werk", "begin 2018", "5,3", "–", "–"],
        ]

    def test_what_clearly_changed_has_a_sign_that_the_caption_explains(self):
        shown = figures.barometer(history_sheet())
        assert "28,2 meer" in words(shown)
        legend = "Meer, minder of ? (geen duidelijk verschil) is tegenover 2017."
        assert legend in own(shown)["caption"]

    def test_a_half_year_of_which_a_part_was_registered_looks_so(self):
        whole = history_sheet()
        begin, *rest = whole.half_years
        partly = dataclasses.replace(begin, group="3 maanden")
        shown = figures.barometer(dataclasses.replace(whole, half_years=(partly, *rest)))
        assert own(shown)["table"]["rows"][0][0:2] == [
            "Geld",
            "begin 2017 (3\N{NO-BREAK SPACE}maanden)",
        ]
        assert "(3 maanden)" in words(shown)
        assert "Een open rondje" in own(shown)["caption"]
        assert "Een open rondje" not in own(figures.barometer(whole))["caption"]
        assert open_marks(shown) == 1  # of Geld: that of Werk is held back
        assert open_marks(figures.barometer(whole)) == 0

    def test_it_says_what_it_measures(self):
        assert figures.USE in own(figures.barometer(history_sheet()))["caption"]

    @pytest.mark.parametrize("draw", FIGURES, ids=lambda draw: draw.__name__)
    def test_all_letters_and_signs_are_of_one_typeface(self, draw):
        letters = TTFont(glyphs.FONTS / "PublicSans-Regular.ttf").getBestCmap()
        for own_sheet in (published(), history_sheet(), course_sheet(), place_sheet()):
            shown = draw(own_sheet)
            drawn = "".join(words(shown)) if "image/svg+xml" in shown.data else ""
            assert {ord(letter) for letter in drawn} <= {*letters}

    def test_the_caption_says_what_clearly_changed(self):
        caption = own(figures.barometer(history_sheet()))["caption"]
        assert "Tegenover 2017: duidelijk meer: Geld." in caption

    def test_no_verdict_is_no_sentence(self):
        none = {"oordeel_barometer.geld": None, "oordeel_barometer.geld.2018-H1": None}
        shown = figures.barometer(history_sheet(**none))
        assert "Tegenover" not in own(shown)["caption"]

    def test_what_is_held_back_is_a_sign_and_no_point(self):
        assert words(figures.barometer(history_sheet())).count("x") == 1


@pytest.mark.parametrize(
    ("name", "draw", "given"),
    [
        ("barometer", figures.barometer, history_sheet()),
        ("pie", figures.services_pie, published()),
        ("course", figures.course, course_sheet()),
    ],
    ids=["barometer", "pie", "course"],
)
def test_the_picture_looks_as_it_did(name, draw, given, tmp_path):
    """A picture that is meant to change is written anew by hand to `tests/baseline`."""
    drawn = tmp_path / f"{name}.png"
    drawn.write_bytes(painted(draw, given))
    assert compare_images(str(BASELINE / f"{name}.png"), str(drawn), tol=4) is None


# Machado, Oliveira and Fernandes (2009), severity 1, for linear RGB.
SIGHT = {
    "normal": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def linear(colour):
    rgb = np.array(to_rgb(colour))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def lab(rgb):
    """Return CIELAB (white point D65) of linear RGB."""
    ratio = TO_XYZ @ np.clip(rgb, 0, 1) / TO_XYZ.sum(axis=1)
    root = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


class TestColours:
    @pytest.mark.parametrize("sight", SIGHT)
    def test_all_colours_differ_for_everyone(self, sight):
        seen = [lab(np.array(SIGHT[sight]) @ linear(colour)) for colour in figures.PALETTE]
        between = [np.linalg.norm(a - b) for i, a in enumerate(seen) for b in seen[:i]]
        assert min(between) > 12

    @pytest.mark.parametrize("count", range(2, 16))
    def test_neighbours_in_the_round_differ_in_grey(self, count):
        colours = figures._colours(count)
        light = np.array([lab(linear(colour))[0] for colour in colours])
        assert abs(light - np.roll(light, 1)).min() > 10

    def test_the_two_series_differ_in_grey(self):
        assert abs(lab(linear(figures.DEEP))[0] - lab(linear(figures.LIGHT))[0]) > 40
