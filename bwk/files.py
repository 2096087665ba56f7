"""Writing a file whole or not at all."""

import tempfile
from pathlib import Path


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
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as unfinished:
        passing = Path(unfinished.name)
        try:
            unfinished.write(raw)
            unfinished.close()
            passing.chmod(0o644)
            passing.replace(path)
        except BaseException:
            passing.unlink(missing_ok=True)
            raise
