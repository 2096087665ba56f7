"""The project's own files agree with each other: dependencies, README, commands."""

import re
import subprocess
import sys
import tomllib
from importlib import metadata
from itertools import chain
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

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


def test_the_picture_in_the_readme_is_small():
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", (ROOT / "README.md").read_text())
    assert len(pictures) == 1
    assert (ROOT / pictures[0]).stat().st_size < 200_000
