"""A file is written whole or not at all."""

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
