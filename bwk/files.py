"""Files: read and written whole; folders found near the work."""

import shutil
import tempfile
import time
from pathlib import Path

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
        passing = Path(unfinished.name)
        try:
            unfinished.write(raw)
            unfinished.close()
            passing.chmod(0o644)
            passing.replace(path)
        except BaseException:
            passing.unlink(missing_ok=True)
            raise


def clear(folder: Path) -> None:
    """Remove what a process that was killed left unfinished."""
    for path in folder.glob(f"{UNFINISHED}*"):
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
    """Return a folder beside the work, or above it: JupyterLab works in the notebook's folder."""
    here = Path.cwd()
    return next((path for up in (here, *here.parents) if (path := up / name).is_dir()), Path(name))
