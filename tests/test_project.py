"""The project's own files agree with each other: dependencies, README, commands, the wheel."""

import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import venv
from importlib import metadata
from itertools import chain
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from small import Make, visits
from uv import find_uv_bin

sys.path.insert(0, str(Path(__file__).parent / "bench"))
from mutate import MUTATIONS

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LOCK = (ROOT / "requirements.lock").read_text()
EXTRAS = PROJECT["optional-dependencies"]
DECLARED = [Requirement(line) for line in chain(PROJECT["dependencies"], *EXTRAS.values())]
PINS = [
    (canonicalize_name(name), version)
    for name, version in re.findall(r"^([\w.-]+)(?:\[.+\])?==([\w.]+)", LOCK, re.M)
]


@pytest.mark.parametrize("requirement", DECLARED, ids=lambda requirement: requirement.name)
def test_each_declared_dependency_is_pinned_within_its_range(requirement):
    pinned = [version for name, version in PINS if name == canonicalize_name(requirement.name)]
    assert pinned
    assert all(requirement.specifier.contains(version) for version in pinned)


def test_each_pin_has_a_hash():
    entries = re.split(r"^(?=[\w.-]+(?:\[[\w,.-]+\])?==)", LOCK, flags=re.M)[1:]
    assert len(entries) == len(PINS)
    assert all("--hash=sha256:" in entry for entry in entries)


def test_the_lock_names_no_host():
    assert "://" not in LOCK
    assert "index-url" not in LOCK


def test_the_installed_packages_are_those_of_the_lock():
    locked = {}
    for name, version in PINS:
        locked.setdefault(name, set()).add(version)
    installed = {canonicalize_name(d.metadata["Name"]): d.version for d in metadata.distributions()}
    differ = {n for n, v in installed.items() if n in locked and v not in locked[n]}
    assert not differ


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.what)
def test_each_mutation_finds_what_it_takes_out(mutation):
    # Where its text is not there once, the bench would try nothing.
    module = ROOT / f"{mutation.module.replace('.', '/')}.py"
    assert module.read_text().count(mutation.before) == 1


def test_conda_users_get_the_same_environment():
    text = (ROOT / "environment.yml").read_text()
    assert "--require-hashes -r requirements.lock" in text
    assert f"python{PROJECT['requires-python']}" in text


def test_the_client_s_packages_are_declared():
    names = {canonicalize_name(requirement.name) for requirement in DECLARED}
    assert {"jupyterlab", "pandas", "seaborn", "papermill", "nbconvert", "pytest", "nbval"} <= names


def test_a_scheduled_run_does_not_need_jupyterlab():
    code = "import sys, bwk.cli; print([m for m in sys.modules if m.split('.')[0] == 'jupyterlab'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    assert not any("jupyterlab" in line for line in PROJECT["dependencies"])


def test_every_command_stands_in_the_readme():
    from bwk.cli import COMMANDS

    readme = (ROOT / "README.md").read_text()
    assert not [name for name in COMMANDS if f"bwk {name}" not in readme]


def test_every_room_has_a_row_in_the_floor_plan():
    readme = (ROOT / "README.md").read_text()
    table = readme.partition("| floor | room |")[2].partition("\n\n")[0]
    cells = [line.split("|")[2] for line in table.splitlines()[2:]]
    named = re.findall(r"`(\w+)`", " ".join(cells))
    modules = {path.stem for path in (ROOT / "bwk").glob("*.py")} - {"__init__"}
    packages = {path.parent.name for path in (ROOT / "bwk").glob("*/__init__.py")}
    assert sorted(named) == sorted(modules | packages)


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "DECISIONS.md", "CHANGELOG.md", "LICENSE"])
def test_the_readme_leads_to_the_papers_of_the_project(name):
    assert (ROOT / name).exists()
    assert f"`{name}`" in (ROOT / "README.md").read_text()


def test_each_path_that_the_papers_name_exists():
    papers = "".join((ROOT / name).read_text() for name in ("CONTRIBUTING.md", "DECISIONS.md"))
    named = set(re.findall(r"`((?:bwk|tests|notebooks|data)/[\w./-]+)[`:]", papers))
    assert len(named) > 20
    assert not [path for path in named if not (ROOT / path).exists()]


def test_every_command_of_make_stands_in_the_papers():
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M)
    papers = "".join((ROOT / name).read_text() for name in ("README.md", "CONTRIBUTING.md"))
    assert not [name for name in targets if f"make {name}" not in papers]


def test_each_security_property_names_tests_that_exist():
    text = (ROOT / "CONTRIBUTING.md").read_text()
    section = text.partition("## Security properties")[2].partition("\n## ")[0]
    properties = section.split("\n- **")[1:]
    named = [re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", words) for words in properties]
    assert len(properties) > 8
    assert all(named)
    missing = [
        name for file, name in chain(*named) if f"def {name}(" not in (ROOT / file).read_text()
    ]
    assert not missing


def test_the_picture_in_the_readme_is_small():
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", (ROOT / "README.md").read_text())
    assert len(pictures) == 1
    assert (ROOT / pictures[0]).stat().st_size < 200_000


@pytest.fixture(scope="module")
def installed_wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scripts of an environment with the wheel and the locked packages, without the checkout.

    A path that a .pth file adds is not searched for .pth files, so that of the checkout is unseen.
    """
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    environment = folder / "environment"
    venv.create(environment)
    [wheel] = folder.glob("*.whl")
    install = [find_uv_bin(), "pip", "install", "--offline", "--no-deps", wheel]
    python = environment / "bin" / "python"
    subprocess.run([*install, "--python", python], check=True, capture_output=True)
    [packages] = environment.glob("lib/python*/site-packages")
    (packages / "locked.pth").write_text(sysconfig.get_path("purelib"))
    return environment / "bin"


@pytest.mark.skipif(os.name == "nt", reason="an environment is laid out otherwise on Windows")
class TestWheel:
    def test_holds_what_stands_beside_the_package_in_a_checkout(self, installed_wheel):
        code = "from bwk import inputs; print(inputs.PROJECT)"
        done = subprocess.run(
            [installed_wheel / "python", "-c", code],
            cwd=installed_wheel,
            capture_output=True,
            text=True,
            check=True,
        )
        carried = Path(done.stdout.strip())
        assert carried.is_relative_to(installed_wheel.parent)
        patterns = ["data/**/*", "notebooks/sjablonen/*", "notebooks/beelden/*", "notebooks/*.md"]
        names = {
            path.relative_to(ROOT)
            for pattern in patterns
            for path in ROOT.glob(pattern)
            if path.is_file() and "__pycache__" not in path.parts
        }
        assert len(names) > 20
        assert not [
            name for name in names if (carried / name).read_bytes() != (ROOT / name).read_bytes()
        ]

    def test_makes_reports_in_a_folder_that_holds_data_alone(
        self, installed_wheel, make_folder: Make, tmp_path
    ):
        make_folder(deelnames=visits("2018-02-01", "noord", "koffie", "abcdefgh"))
        done = subprocess.run(
            [installed_wheel / "bwk", "run", "2018-H1"],
            cwd=tmp_path,
            env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        made = {path.name for path in (tmp_path / "output/2018-H1").iterdir()}
        assert {"noord.html", "noord.pdf", "stad.html", "tussenrapportage.pdf"} <= made
        assert not (tmp_path / "notebooks").exists()


def test_the_licence_is_the_one_that_is_declared():
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert text.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2\n")
    assert PROJECT["license"] == "EUPL-1.2"


def test_the_newest_version_in_the_changelog_is_the_project_s():
    headings = re.findall(r"^## \[?([\d.]+)", (ROOT / "CHANGELOG.md").read_text(), re.M)
    assert headings[0] == PROJECT["version"]
