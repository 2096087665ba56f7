"""What is said of an error that nobody foresaw."""

import errno
from pathlib import Path

import pytest

from bwk.errors import LOG, readable


@pytest.mark.parametrize("failure", [MemoryError(), OSError(errno.ENOMEM, "fork")])
def test_that_memory_ran_out_is_said_and_not_looked_into(tmp_path, monkeypatch, failure):
    monkeypatch.setenv(LOG, str(tmp_path / "logboek"))
    sentence = "Er is te weinig geheugen: sluit andere programma's en probeer het opnieuw."
    assert str(readable(failure)) == sentence
    assert not (tmp_path / "logboek").exists()


def test_an_error_is_told_where_no_memory_is_left_for_its_log(tmp_path, monkeypatch):
    def version(name: str) -> str:
        raise MemoryError

    monkeypatch.setenv(LOG, str(tmp_path / "logboek"))
    monkeypatch.setattr("importlib.metadata.version", version)
    told = str(readable(ImportError("failed to map segment")))
    assert "ImportError" in told
    assert told.endswith("kon niet in een logboek worden geschreven.")


@pytest.mark.parametrize("refused", ["verslagen/2018-H1", "verslagen/.2018-H1.bezig", "verslagen"])
@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS])
def test_who_lacks_a_right_hears_on_which_folder_and_no_path(
    tmp_path, monkeypatch, refused, number
):
    monkeypatch.setenv(LOG, str(tmp_path / "logboek"))
    (tmp_path / "verslagen").mkdir()
    Path(tmp_path / "verslagen/.2018-H1.bezig").touch()
    error = readable(OSError(number, "", str(tmp_path / refused)))
    assert str(error) == (
        "Deze gebruiker heeft geen recht op verslagen: geef hem dat, of kies een andere map."
    )
    assert not (tmp_path / "logboek").exists()
