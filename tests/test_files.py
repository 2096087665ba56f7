"""A file is read and written whole, or not at all."""

import errno
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from bwk import files
from bwk.errors import ReportError, UsageError

IN_THREADS = """
import sys, threading
from dataclasses import make_dataclass
from bwk.files import decoded
sys.setswitchinterval(1e-6)
raw = b'{"one": {"few": {"k": {"n": 1}}}, "many": {"k": {"few": {"k": {"n": 2}}}}}'
for _ in range(400):
    small = make_dataclass("Small", [("n", int)])
    middle = make_dataclass("Middle", [("few", dict[str, small])])
    large = make_dataclass("Large", [("one", middle), ("many", dict[str, middle])])
    together = threading.Barrier(4)
    def work():
        together.wait()
        assert decoded(raw, large).one.few["k"].n == 1
    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
"""


def test_threads_that_read_records_of_a_kind_at_once_do_not_end_the_process():
    done = subprocess.run([sys.executable, "-c", IN_THREADS], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_content_is_there_and_nothing_else_is_left(tmp_path):
    files.write(tmp_path / "a.txt", "één")
    assert (tmp_path / "a.txt").read_bytes() == "één".encode()
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_when_writing_fails_the_previous_file_stays(tmp_path):
    (tmp_path / "a.txt").write_text("oud")
    with pytest.raises(TypeError):
        files.write(tmp_path / "a.txt", 3)  # type: ignore[arg-type]
    assert (tmp_path / "a.txt").read_text() == "oud"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_a_file_that_is_just_being_written_is_read_when_it_is_whole(tmp_path):
    book = tmp_path / "top.ipynb"
    book.write_text('{"cells":')
    rest = threading.Timer(0.2, book.write_text, ['{"cells": []}\n'])
    rest.start()
    assert files.read_json(book) == '{"cells": []}\n'
    rest.join()


@pytest.mark.parametrize("ahead", [3, 3600, 10**9])
def test_a_half_file_of_the_future_makes_nobody_wait(tmp_path, ahead):
    book = tmp_path / "top.ipynb"
    book.write_text('{"cells":')
    os.utime(book, (time.time() + ahead,) * 2)
    began = time.monotonic()
    assert files.read_json(book) == '{"cells":'
    assert time.monotonic() - began < files.WAIT + 1


def test_a_half_file_that_is_touched_again_and_again_is_given_up(tmp_path, monkeypatch):
    book = tmp_path / "top.ipynb"
    book.write_text('{"cells":')
    pause = time.sleep

    def touched(seconds):
        os.utime(book)
        pause(seconds)

    monkeypatch.setattr(files.time, "sleep", touched)
    monkeypatch.setattr(files, "WAIT", 0.5)
    began = time.monotonic()
    assert files.read_json(book) == '{"cells":'
    assert time.monotonic() - began < 2


def test_a_file_that_was_left_half_is_read_as_it_is(tmp_path):
    book = tmp_path / "top.ipynb"
    book.write_text('{"cells":')
    os.utime(book, (0, 0))
    assert files.read_json(book) == '{"cells":'


unix = pytest.mark.skipif(os.name == "nt", reason="Windows has no such rights")


@pytest.fixture(params=[0o000, 0o022, 0o077])
def umask(request) -> Iterator[int]:
    """Have the files of a test made under an umask; yields it."""
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@unix
class TestRights:
    def test_a_new_file_has_those_of_the_umask(self, tmp_path, umask):
        files.write(tmp_path / "a.txt", "een")
        (tmp_path / "b.txt").write_text("twee")
        assert mode(tmp_path / "a.txt") == mode(tmp_path / "b.txt")

    def test_a_file_that_is_replaced_keeps_its_own(self, tmp_path, umask):
        (tmp_path / "a.txt").touch()
        (tmp_path / "a.txt").chmod(0o640)
        files.write(tmp_path / "a.txt", "een")
        assert mode(tmp_path / "a.txt") == 0o640

    def test_a_private_file_is_for_its_owner_alone(self, tmp_path, umask):
        (tmp_path / "oud.csv").touch()
        for name in ("oud.csv", "nieuw.csv"):
            files.write(tmp_path / name, "een", private=True)
            assert mode(tmp_path / name) == 0o600
        files.create(tmp_path / "sleutel", "geheim", private=True)
        assert mode(tmp_path / "sleutel") == 0o600

    @pytest.mark.parametrize("own", [0o600, 0o640, 0o444, 0o666])
    def test_nobody_gets_a_right_that_he_lacks_on_the_source(self, tmp_path, umask, own):
        (tmp_path / "bron").touch()
        (tmp_path / "bron").chmod(own)
        files.write(tmp_path / "a.txt", "een", source=tmp_path / "bron")
        assert mode(tmp_path / "a.txt") == own & ~umask & 0o666

    @pytest.mark.skipif(os.name == "nt" or os.getuid() != 0, reason="root alone gives files away")
    def test_a_file_that_is_replaced_keeps_its_owner_and_group(self, tmp_path):
        path = tmp_path / "top.ipynb"
        path.write_text("")
        os.chown(path, 1234, 5678)
        path.chmod(0o640)
        files.write(path, "{}")
        files.write(tmp_path / "kopie", "{}", source=path)
        for written in (path, tmp_path / "kopie"):
            status = written.stat()
            owned = status.st_uid, status.st_gid, status.st_mode & 0o777
            assert owned == (1234, 5678, 0o640)

    @pytest.mark.parametrize(("before", "after"), [(0o660, 0o600), (0o664, 0o644), (0o666, 0o666)])
    def test_another_group_gets_no_more_than_everybody(self, tmp_path, monkeypatch, before, after):
        path = tmp_path / "top.ipynb"
        path.write_text("")
        path.chmod(before)

        def refused(path, owner, group):
            raise PermissionError

        status = os.stat_result([*path.stat()[:5], path.stat().st_gid + 1, *path.stat()[6:]])
        stat = Path.stat
        monkeypatch.setattr(files.os, "chown", refused)
        monkeypatch.setattr(
            Path, "stat", lambda own, **how: status if own == path else stat(own, **how)
        )
        files.write(path, "{}")
        assert stat(path).st_mode & 0o777 == after

    def test_a_folder_to_work_in_has_those_of_the_umask_or_is_private(self, tmp_path, umask):
        (tmp_path / "gewoon").mkdir()
        with files.workplace(tmp_path) as folder:
            assert mode(folder) == mode(tmp_path / "gewoon")
        with files.workplace() as folder:
            assert mode(folder) == 0o700


@unix
@pytest.mark.parametrize("place", ["x.csv", "deelnames/x.csv", "x.csv as a link"])
@pytest.mark.parametrize("kind", ["pipe", "device"])
def test_what_never_ends_is_refused_at_any_depth(tmp_path, place, kind):
    path = tmp_path / place
    path.parent.mkdir(exist_ok=True)
    endless = Path("/dev/zero") if kind == "device" else path.with_suffix(".pijp")
    if kind == "pipe":
        os.mkfifo(endless)
    path.symlink_to(endless)
    for given in (tmp_path, path):
        with pytest.raises(UsageError, match=f"{path.stem}.* is geen bestand, maar een pijp"):
            files.refuse_endless(tmp_path / "nergens", given)


def test_what_goes_while_it_is_looked_at_stops_nothing(tmp_path, monkeypatch):
    for number in range(3):
        (tmp_path / f"{number}/diep").mkdir(parents=True)
    listed = os.scandir

    def scandir(folder):
        if folder != str(tmp_path):
            shutil.rmtree(folder, ignore_errors=True)
        return listed(folder)

    monkeypatch.setattr(os, "scandir", scandir)
    files.refuse_endless(tmp_path)


@unix
def test_files_folders_and_links_that_lead_nowhere_end(tmp_path):
    (tmp_path / "map").mkdir()
    (tmp_path / "map/x.csv").touch()
    (tmp_path / "weg").symlink_to("nergens")
    (tmp_path / "kring").symlink_to("kring")
    files.refuse_endless(tmp_path, tmp_path / "weg")


@unix
def test_a_link_that_leads_to_itself_makes_room_for_the_file(tmp_path):
    (tmp_path / "a.txt").symlink_to("a.txt")
    files.write(tmp_path / "a.txt", "nieuw")
    assert (tmp_path / "a.txt").read_text() == "nieuw"


@unix
def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "elders").mkdir()
    (tmp_path / "elders/a.txt").write_text("oud")
    (tmp_path / "a.txt").symlink_to("elders/a.txt")
    files.write(tmp_path / "a.txt", "nieuw")
    assert (tmp_path / "a.txt").is_symlink()
    assert (tmp_path / "elders/a.txt").read_text() == "nieuw"
    assert [path.name for path in (tmp_path / "elders").iterdir()] == ["a.txt"]


class TestOneAtATime:
    def test_whoever_has_the_lock_can_take_it_again_and_nobody_else(self, tmp_path):
        target = tmp_path / "2018-H1"
        code = "import sys; from pathlib import Path; from bwk import files\n"
        code += "with files.alone(Path(sys.argv[1])): pass"
        another = [sys.executable, "-c", code, str(target)]
        with files.alone(target), files.alone(target):
            pass
        with files.alone(target):
            with files.alone(target):
                pass
            done = subprocess.run(another, capture_output=True, text=True)
            assert "Er is al iemand bezig met 2018-H1" in done.stderr
        assert subprocess.run(another).returncode == 0

    def test_waiting_ends(self, tmp_path):
        target = tmp_path / "2018-H1"
        began = time.monotonic()
        with (
            FileLock(tmp_path / ".2018-H1.bezig"),
            pytest.raises(ReportError),
            files.alone(target, seconds=0.3),
        ):
            pass
        assert 0.3 <= time.monotonic() - began < 5


@unix
class TestOnAShareWithoutLocks:
    @pytest.fixture(autouse=True, params=[errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS])
    def share(self, request, monkeypatch):
        def flock(descriptor, operation):
            raise OSError(request.param, "no locks here")

        monkeypatch.setattr("fcntl.flock", flock)

    def test_one_works_at_a_time_as_well(self, tmp_path):
        target = tmp_path / "2018-H1"
        with files.alone(target), files.alone(target):
            (holder,) = tmp_path.glob(".2018-H1.bezig*")
        holder.write_text(f"1\n{socket.gethostname()}\n")  # process 1 always lives
        with pytest.raises(ReportError, match="Er is al iemand bezig"), files.alone(target):
            pass

    def test_nobody_waits_for_whoever_is_gone(self, tmp_path):
        target = tmp_path / "2018-H1"
        with subprocess.Popen(["true"]) as gone:
            pass
        with files.alone(target):
            (holder,) = tmp_path.glob(".2018-H1.bezig*")
        holder.write_text(f"{gone.pid}\n{socket.gethostname()}\n")
        with files.alone(target, seconds=10):
            pass
        assert list(tmp_path.iterdir()) == []

    def test_what_is_unfinished_is_cleared_when_it_is_a_day_old(self, tmp_path):
        today, before = tmp_path / f"{files.LOCKED}a", tmp_path / f"{files.LOCKED}b"
        today.touch()
        before.mkdir()
        os.utime(before, (time.time() - 90_000,) * 2)
        files.clear(tmp_path)
        assert list(tmp_path.iterdir()) == [today]


class TestOnWindows:
    """Its branches, which this machine would not take."""

    @pytest.fixture(autouse=True)
    def windows(self, monkeypatch):
        monkeypatch.setattr(files.sys, "platform", "win32")

    def test_a_file_is_written_and_nothing_is_left(self, tmp_path):
        files.write(tmp_path / "a.txt", "één", lasting=True)
        files.write(tmp_path / "a.txt", "twee")
        assert (tmp_path / "a.txt").read_text() == "twee"
        assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]

    def test_unfinished_work_is_cleared_when_nobody_can_still_be_at_it(self, tmp_path):
        with files.workplace(tmp_path) as folder:
            files.clear(tmp_path)
            assert folder.exists()
            moment = time.time() - files.FORGOTTEN - 60
            os.utime(folder, (moment, moment))
            files.clear(tmp_path)
            assert not folder.exists()
            folder.mkdir()

    def test_locks_are_taken_to_be_there(self, tmp_path):
        assert files.has_locks(tmp_path)
        assert list(tmp_path.iterdir()) == []


def test_what_lasts_is_on_the_disk_before_it_has_its_name(tmp_path, monkeypatch):
    path = tmp_path / "a.json"
    settled = []

    def settle(descriptor):
        name = Path(f"/proc/self/fd/{descriptor}").readlink().name
        settled.append((name, path.exists()))

    monkeypatch.setattr(files.os, "fsync", settle)
    files.write(path, "{}", lasting=True)
    (name, is_there), (folder, _) = settled
    assert (name.startswith(files.LOCKED), is_there, folder) == (True, False, tmp_path.name)


def test_what_is_there_already_is_not_created_again(tmp_path):
    assert files.create(tmp_path / "a", "eerst")
    assert not files.create(tmp_path / "a", "later")
    assert (tmp_path / "a").read_text() == "eerst"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_a_workplace_is_gone_in_the_end_but_where_it_was_renamed(tmp_path):
    with files.workplace(tmp_path) as folder:
        (folder / "a").touch()
    assert list(tmp_path.iterdir()) == []
    with files.workplace(tmp_path) as folder:
        (folder / "a").touch()
        folder.rename(tmp_path / "klaar")
    assert [path.name for path in tmp_path.rglob("*")] == ["klaar", "a"]


# Begins a folder and a file, says so, and waits to be killed.
HANGS = """
import sys, time
from pathlib import Path
from bwk import files
place = Path(sys.argv[1])
with files.workplace() as private, files.workplace(place) as folder:
    (private / "rijen").touch()
    (folder / "feiten").mkdir()
    (folder / "feiten").chmod(0o555)
    with files._unfinished(place, True):
        print("begonnen", flush=True)
        time.sleep(60)
"""


@unix
def test_only_what_a_killed_process_left_is_cleared(tmp_path, monkeypatch):
    temporary, place = tmp_path / "tmp", tmp_path / "uitvoer"
    temporary.mkdir()
    (place / "2018-H1").mkdir(parents=True)
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", None)
    (place / "2018-H1/top.html").touch()
    command = [sys.executable, "-c", HANGS, str(place / "2018-H1")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        begun = {*temporary.iterdir(), *(place / "2018-H1").iterdir()}
        files.clear(place)
        assert {*temporary.iterdir(), *(place / "2018-H1").iterdir()} == begun
        assert len(begun) == 4
        process.kill()
    with files.workplace() as folder:  # whoever has one next clears what is among temporary files
        assert [*temporary.iterdir()] == [folder]
    files.clear(place)
    assert [path.name for path in (place / "2018-H1").iterdir()] == ["top.html"]
