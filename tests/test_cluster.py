"""A run on a Dask cluster: the same reports, also when a worker dies."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import need
from small import ROOT, bwk, options, small_project


def dask(*words: object, folder: Path) -> subprocess.Popen[bytes]:
    """Start a part of a cluster, which finds the others by a file."""
    meet = ("--scheduler-file", folder / "cluster.json")
    command = [sys.executable, "-m", "dask", *words, *meet]
    with (folder / "cluster.log").open("ab") as log:
        return subprocess.Popen([str(word) for word in command], cwd=folder, stdout=log, stderr=log)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler and two workers: its address, and the workers."""
    need("distributed")
    folder = tmp_path / "cluster"
    folder.mkdir()
    scheduler = dask("scheduler", "--port", 0, "--no-dashboard", folder=folder)
    once = ("--nthreads", 1, "--no-nanny", "--no-dashboard")
    workers = [dask("worker", *once, "--name", name, folder=folder) for name in "ab"]
    try:
        while not (folder / "cluster.json").exists():
            assert scheduler.poll() is None
            time.sleep(0.1)
        yield json.loads((folder / "cluster.json").read_text())["address"], workers
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait()


@pytest.fixture
def project(tmp_path):
    folders = small_project(tmp_path)
    del folders["--output"]
    return ["run", "2018-H1", *options(folders)]


def made(output: Path) -> dict[str, bytes]:
    found = (path for path in output.rglob("*") if path.is_file() and path.name != "run.json")
    return {str(path.relative_to(output)): path.read_bytes() for path in found}


def test_a_worker_that_dies_costs_no_report(cluster, project, tmp_path):
    address, workers = cluster
    words = [*project, "--output", tmp_path / "there", "--dask", address]
    command = [sys.executable, "-m", "bwk", *map(str, words)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=ROOT, **pipes) as run:
        assert run.stdout.readline().startswith("✓")
        workers[0].kill()
        said, errors = run.communicate(timeout=600)
    assert (run.returncode, errors) == (0, "")
    assert "4 van 4 klaar" in said
    assert bwk(*project, "--output", tmp_path / "here").returncode == 0
    assert made(tmp_path / "there") == made(tmp_path / "here")


def test_an_address_without_a_cluster_is_a_sentence_and_writes_nothing(project, tmp_path):
    need("distributed")
    done = bwk(*project, "--output", tmp_path / "uit", "--dask", "tcp://127.0.0.1:9")
    assert done.returncode == 2
    assert done.stderr == (
        "Fout: Op tcp://127.0.0.1:9 is geen Dask-cluster te vinden: start het eerst.\n"
    )
    assert not (tmp_path / "uit").exists()
