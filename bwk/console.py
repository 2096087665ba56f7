"""What is said on a screen, in a pipe or in a file: it never stops a command, nor is it obeyed."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from typing import Any, TextIO, cast

from bwk import formats


class Console:
    """A stream that goes on: without signs that it has none of, and without a reader.

    A progress bar begins its line anew with a `\\r`, which stays.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write text as far as the stream can show it; see `TextIOBase.write`."""
        line = text.removeprefix("\r")
        shown = text[: len(text) - len(line)] + "\n".join(map(formats.visible, line.split("\n")))
        encoding = self._stream.encoding or "utf-8"
        try:
            self._stream.write(shown.encode(encoding, "replace").decode(encoding))
            self._stream.flush()
        except OSError:  # whoever read is gone, or the disk is full: the work goes on
            self._silence()
        return len(text)

    def _silence(self) -> None:
        # What is still in the buffer would be written at the end, and fail again.
        with suppress(OSError, ValueError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._stream.fileno())
            os.close(nowhere)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def patient(output: TextIO | None, errors: TextIO | None) -> Iterator[None]:
    """Have all that is printed go through a `Console`, where there is a stream at all."""
    streams = [cast(TextIO, Console(stream)) if stream else None for stream in (output, errors)]
    with redirect_stdout(streams[0]), redirect_stderr(streams[1]):
        yield
