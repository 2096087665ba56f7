"""What is said of an error that nobody foresaw."""

import errno
from pathlib import Path

import pytest

from bwk.errors import LOG, readable


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
