"""Who is told how a run came out, as `[melden]` in `programma.toml` chooses; else nobody."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import msgspec

from bwk import files, programme
from bwk.errors import DataError

Outcome = Literal["klaar", "waarschuwingen", "mislukt"]
SECONDS = 60
OUTCOME = "BWK_UITKOMST"
_NOT_TOLD = "Het bericht over deze run kon niet worden verstuurd: kijk naar [melden]."


class Notice(
    msgspec.Struct, rename={"period": "periode", "outcome": "uitkomst", "lines": "regels"}
):
    """How a run came out, and what it printed in the end."""

    period: str
    outcome: Outcome
    lines: Sequence[str]


def send(notice: Notice, data: Path, output: Path) -> str:
    """Tell whoever is chosen; return a sentence where that did not work.

    The command gets the lines on its standard input, and the outcome in the environment.
    """
    try:
        chosen = programme.read(data)
    except DataError:  # nobody can be found in it
        return ""
    try:
        if chosen.notice_file:
            content = msgspec.json.format(msgspec.json.encode(notice))
            output.mkdir(parents=True, exist_ok=True)
            files.write(output / chosen.notice_file, content + b"\n")
        if chosen.notice_command:
            subprocess.run(
                chosen.notice_command,
                input="\n".join([*notice.lines, ""]),
                env={**os.environ, OUTCOME: notice.outcome},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                encoding="utf-8",
                timeout=SECONDS,
                check=True,
            )
    except (OSError, subprocess.SubprocessError):
        return _NOT_TOLD
    return ""
