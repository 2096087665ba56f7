"""Work in another process comes back, and so does what went wrong."""

import os

import pytest

from bwk.apart import apart
from bwk.errors import DataError


def refuse(sentence):
    raise DataError(sentence)


def test_the_result_comes_from_another_process():
    assert apart(os.getpid) != os.getpid()
    assert apart(divmod, 7, 2) == (3, 1)


def test_an_error_is_raised_here_and_tells_where_it_came_from():
    with pytest.raises(DataError, match="kapot") as raised:
        apart(refuse, "kapot")
    assert "in refuse" in raised.value.__notes__[0]


def test_a_process_that_dies_is_told():
    with pytest.raises(EOFError):
        apart(os._exit, 0)
