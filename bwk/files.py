"""Files: read and written whole; unfinished work, and what is left of it; folders near the work."""

import errno
import os
import secrets
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import TypeVar

import msgspec
from filelock import BaseFileLock, FileLock, SoftFileLock, Timeout

from bwk.errors import ReportError, UsageError

if sys.platform != "win32":
    import fcntl

WAIT = 2  # seconds
UNFINISHED = ".bwk-"
# Until version 0.2 what was unfinished had no lock: among temporary files it may be at work.
LOCKED = f"{UNFINISHED}werk-"
# How shares say that they know no locks.
NO_LOCKS = errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP
FORGOTTEN = 86_400  # seconds, after which unfinished work is nobody's where there are no locks
_ENDING = stat.S_ISREG, stat.S_ISDIR, stat.S_ISSOCK  # to read a socket fails at once
_LEARNING = Lock()
Record = TypeVar("Record")


def decoded(raw: bytes | msgspec.Raw, kind: type[Record]) -> Record:
    """Read a record from JSON, in any thread; ValueError where it is none.

    msgspec learns a type when it first sees it. Two threads that have it learn the same types at
    once end the process, with signal 11.
    """
    with _LEARNING:
        decoder = msgspec.json.Decoder(kind)
    return decoder.decode(raw)


def write(
    path: Path,
    content: str | bytes,
    *,
    private: bool = False,
    lasting: bool = False,
    source: Path | None = None,
) -> None:
    """Replace a file in one step; when that fails, the previous one is still there.

    Its rights, group and owner are those of the file that it replaces, else as the umask says: no
    other group gets rights. A link stays a link.

    Parameters
    ----------
    path : Path
        In a folder that exists.
    content : str or bytes
        Text is written as UTF-8.
    private : bool
        For its owner alone, whatever the umask says.
    lasting : bool
        Once this returns, it outlives a power cut.
    source : Path, optional
        The file that the content comes from: nobody gets rights here that he lacks there.
    """
    raw = content.encode() if isinstance(content, str) else content
    place = Path(os.path.realpath(path))  # of a link that leads to itself the link
    with _unfinished(place.parent, private) as temporary:
        temporary.write_bytes(raw)
        mode = _mode(path, temporary, private, source)
        if not _belongs(temporary, path if path.exists() else source):
            mode &= ~0o070 | (mode & 0o007) << 3
        temporary.chmod(mode)
        if lasting:
            settle(temporary)
        temporary.replace(place)
        if lasting:
            settle(place.parent)


def create(path: Path, content: str | bytes, *, private: bool = False) -> bool:
    """Write a lasting file as `write` does; False where there is one, which stays as it is."""
    with _unfinished(path.parent, private) as temporary:
        temporary.write_bytes(content.encode() if isinstance(content, str) else content)
        settle(temporary)
        try:
            path.hardlink_to(temporary)
        except FileExistsError:
            return False
        except OSError:  # a disk that knows no such links
            if path.exists():
                return False
            temporary.replace(path)
    settle(path.parent)
    return True


def refuse_endless(*places: Path) -> None:
    """Refuse a pipe or a device, also behind a link, at or in some places: reading one never ends.

    Raises
    ------
    UsageError
    """
    for place in places:
        inside = (Path(folder, name) for folder, _, names in os.walk(place) for name in names)
        for path in (place, *inside):
            with suppress(OSError):  # it is gone, or nobody may look
                if not any(is_kind(path.stat().st_mode) for is_kind in _ENDING):
                    raise UsageError(
                        f"{path.name} is geen bestand, maar een pijp of een apparaat: haal het weg."
                    )


def settle(*paths: Path) -> None:
    """Have files, and the names in folders, outlive a power cut; OSError where a file does not."""
    for path in paths:
        if path.is_dir():
            with suppress(OSError):  # Windows opens no folder, and not every disk has this
                _settle(path, os.O_RDONLY)
        else:
            _settle(path, os.O_RDONLY if os.name == "posix" else os.O_RDWR)


def _settle(path: Path, access: int) -> None:
    descriptor = os.open(path, access)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def workplace(parent: Path | None = None) -> Iterator[Path]:
    """Have an empty folder that is removed in the end, unless it was renamed.

    Where this process is killed, `clear` removes it. Without a parent it stands among the
    temporary files, for its owner alone, and what others left there goes.
    """
    if not parent:
        clear()
    mode = 0o777 if parent else 0o700
    place = parent or Path(tempfile.gettempdir())
    with _begun(place, lambda path: path.mkdir(mode)) as folder:
        yield folder


@contextmanager
def alone(target: Path, busy: str = "", seconds: float = 0) -> Iterator[None]:
    """Let one process at a time write a period's folder; when it dies, its lock goes with it.

    Whoever has the lock can take it again. ReportError, which says `busy`, where another is at
    work for longer than some seconds.
    """
    is_new = not target.parent.exists()
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        lock = _taken(target.absolute().with_name(f".{target.name}.bezig"), seconds)
    except Timeout:
        raise ReportError(
            busy or f"Er is al iemand bezig met {target.name}: wacht tot dat klaar is."
        ) from None
    try:
        yield
    finally:
        with suppress(OSError):
            if lock.lock_counter == 1 and not target.exists():  # nothing came of it
                Path(lock.lock_file).unlink(missing_ok=True)
        lock.release()
        with suppress(OSError):
            if is_new:
                target.parent.rmdir()


def _taken(path: Path, seconds: float) -> BaseFileLock:
    """Return a lock that this process has; Timeout where another has it.

    On a share without locks it is a file that names the process, which whoever comes next removes
    where that process is gone.
    """
    lock: BaseFileLock = FileLock(path, is_singleton=True, fallback_to_soft=False)
    try:
        lock.acquire(timeout=seconds)
    except OSError as failure:
        if failure.errno not in NO_LOCKS:
            raise
        path.unlink(missing_ok=True)
        lock = SoftFileLock(path.with_name(f"{path.name}-door"), is_singleton=True)
        lock.acquire(timeout=seconds)
    return lock


def has_locks(folder: Path) -> bool:
    """Tell whether the disk of a folder that exists keeps two processes apart."""
    with _unfinished(folder, private=True) as path:
        try:
            lock = _lock(path, waits=False)
        except BlockingIOError:  # this process has it
            return True
        _unlock(lock)
    return sys.platform == "win32"


def clear(*folders: Path) -> None:
    """Remove what processes that were killed left, in some folders and among temporary files."""
    places = [path for folder in folders for path in folder.rglob(f"{UNFINISHED}*")]
    places += Path(tempfile.gettempdir()).glob(f"{LOCKED}*")
    for path in places:
        with suppress(OSError):  # what cannot be removed harms no run
            _clear(path)


def read_json(path: Path) -> str:
    """Return the text of a JSON object or notebook, whole.

    JupyterLab empties a file before it fills it: what is half there is read again, but only
    where it was written in these seconds, whatever clock says so.
    """
    ends = time.monotonic() + WAIT
    while True:
        text = path.read_text(encoding="utf-8")
        age = abs(time.time() - path.stat().st_mtime)
        if text.rstrip().endswith("}") or age > WAIT or time.monotonic() > ends:
            return text
        time.sleep(0.05)


def nearest(name: str) -> Path:
    """Return the folder that the environment names (`BWK_DATA`), else one beside the work or above.

    JupyterLab works in the notebook's folder.
    """
    if chosen := os.environ.get(f"BWK_{name.upper()}"):
        return Path(chosen)
    work = Path.cwd()
    for folder in (work, *work.parents):
        if (folder / name).is_dir():
            return folder / name
    return Path(name)


def _belongs(path: Path, original: Path | None) -> bool:
    """Give a file the owner and group of another, or its group; tell whether it has that group."""
    if original is None or sys.platform == "win32":
        return True
    status = original.stat()
    for owner in (status.st_uid, -1):
        with suppress(OSError):  # only root gives a file to another, and not to every disk
            os.chown(path, owner, status.st_gid)
            break
    return path.stat().st_gid == status.st_gid


def _mode(path: Path, temporary: Path, private: bool, source: Path | None) -> int:
    """Return the rights of a file that takes the place of what stands at `path`."""
    mode = stat.S_IMODE((path if path.exists() else temporary).stat().st_mode)
    if private:
        mode &= 0o600
    if source:
        mode &= stat.S_IMODE(source.stat().st_mode)
    return mode


@contextmanager
def _unfinished(folder: Path, private: bool) -> Iterator[Path]:
    mode = 0o600 if private else 0o666
    with _begun(folder, lambda path: path.touch(mode, exist_ok=False)) as temporary:
        yield temporary


@contextmanager
def _begun(parent: Path, make: Callable[[Path], None]) -> Iterator[Path]:
    """Make something unfinished, locked for as long as this process lives; remove what is left."""
    path = parent / f"{LOCKED}{secrets.token_hex(8)}"
    lock = _made(path, make)
    try:
        yield path
    finally:
        _remove(path)
        _unlock(lock)


def _made(path: Path, make: Callable[[Path], None]) -> int | None:
    """Make and lock something; return its lock."""
    while True:
        make(path)
        lock = None
        with suppress(OSError):  # it may be gone: see below
            lock = _lock(path, waits=True)
        if path.exists():
            return lock
        _unlock(lock)  # whoever clears came before the lock did: again


def _clear(path: Path) -> None:
    """Remove something unfinished of this user that no living process works on."""
    if sys.platform != "win32" and path.lstat().st_uid != os.getuid():
        return
    lock = _lock(path, waits=False)
    if lock is not None or time.time() - path.lstat().st_mtime > FORGOTTEN:
        _remove(path)
    _unlock(lock)


def _lock(path: Path, waits: bool) -> int | None:
    """Lock a file or folder until its descriptor, which is returned, is closed.

    OSError where another process holds it and this one does not wait. None where there are no
    such locks.
    """
    if sys.platform == "win32":
        return None
    # A network disk locks no file that is open for reading alone.
    access = os.O_RDONLY if path.is_dir() else os.O_RDWR
    descriptor = os.open(path, access | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if waits else fcntl.LOCK_NB))
    except OSError as failure:
        os.close(descriptor)
        if failure.errno in NO_LOCKS:
            return None
        raise
    return descriptor


def _unlock(lock: int | None) -> None:
    if lock is not None:
        os.close(lock)


def _remove(path: Path) -> None:
    """Remove a file or a folder, also one in which nobody may write, if it is there."""
    if not path.is_dir():
        path.unlink(missing_ok=True)
        return
    for folder in (path, *(inside for inside in path.rglob("*") if inside.is_dir())):
        folder.chmod(0o700)
    shutil.rmtree(path)
