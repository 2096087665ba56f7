"""A file is read and written whole, or not at all."""

import os
import threading

import pytest

from bwk import files


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


def test_a_file_that_was_left_half_is_read_as_it_is(tmp_path):
    book = tmp_path / "top.ipynb"
    book.write_text('{"cells":')
    os.utime(book, (0, 0))
    assert files.read_json(book) == '{"cells":'
