"""Files: read and written whole; folders found near the work."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from bwk.errors import ReportError

WAIT = 2  # seconds
UNFINISHED = ".bwk-"


def write(path: Path, content: str | bytes) -> None:
    """Replace a file in one step; when that fails, the previous one is still there.

    Parameters
    ----------
    path : Path
        In a folder that exists.
    content : str or bytes
        Text is written as UTF-8.
    """
    raw = content.encode() if isinstance(content, str) else content
    with tempfile.NamedTemporaryFile(
        dir=path.parent, prefix=UNFINISHED, delete=False
    ) as unfinished:
        temporary = Path(unfinished.name)
        try:
            unfinished.write(raw)
            unfinished.close()
            temporary.chmod(0o644)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


@contextmanager
def alone(target: Path, busy: str) -> Iterator[None]:
    """Let one process at a time work on a period's folder; when it dies, its lock goes with it.

    ReportError, which says `busy`, where another is at work.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(target.with_name(f".{target.name}.bezig"))
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise ReportError(busy) from None
    try:
        yield
    finally:
        lock.release()


def clear(folder: Path) -> None:
    """Remove what a process that was killed left unfinished."""
    for path in list(folder.rglob(f"{UNFINISHED}*")):
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def read_json(path: Path) -> str:
    """Return the text of a JSON object or notebook, whole.

    JupyterLab empties a file before it fills it: what is half there is read again, but only
    where it was written in these seconds.
    """
    while True:
        text = path.read_text(encoding="utf-8")
        if text.rstrip().endswith("}") or time.time() - path.stat().st_mtime > WAIT:
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
