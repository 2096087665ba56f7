"""One notebook in a kernel of its own: results out, or a sentence that says what went wrong."""

import re
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from bwk.errors import LOG, ReportError
from bwk.execute import execute

SPEC = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


def notebook(*sources):
    first = new_code_cell("location = 'x'", metadata={"tags": ["parameters"]})
    return new_notebook(cells=[first, *map(new_code_cell, sources)], metadata=SPEC)


def test_parameters_go_in_and_results_come_out():
    before = notebook("location * 2")
    kept = nbformat.writes(before)
    done = execute(before, {"location": "top"})
    assert done.cells[-1].outputs[0].data["text/plain"] == "'toptop'"
    assert nbformat.writes(before) == kept


@pytest.mark.parametrize(
    ("source", "seconds", "said"),
    [
        ("1 / 0", 60, r"cel 2 .*ZeroDivisionError"),
        ("import time; time.sleep(60)", 2, "langer dan 2 seconden"),
        ("while True: pass", 2, "langer dan 2 seconden"),
        ("import os; os._exit(1)", 60, "rekenkern"),
        (
            "from bwk.errors import DataError; raise DataError('Herstel rij 3.')",
            60,
            "Herstel rij 3",
        ),
    ],
    ids=["fails", "hangs", "loops", "dies", "refuses"],
)
def test_what_goes_wrong_is_told_in_a_sentence(source, seconds, said):
    with pytest.raises(ReportError, match=said):
        execute(notebook(source), {"location": "top"}, seconds)


def test_a_kernel_that_dies_before_its_first_cell_is_told_in_a_sentence(monkeypatch):
    kernel = {"argv": [sys.executable, "-c", "pass"], "display_name": "", "language": "python"}
    monkeypatch.setattr("bwk.execute.get_kernel_dict", lambda: kernel)
    with pytest.raises(ReportError, match=r"rekenkern .* is gestopt"):
        execute(notebook("1"), {})


def test_the_limit_is_one_for_all_cells_together():
    with pytest.raises(ReportError, match="langer dan 2 seconden"):
        execute(notebook(*["import time; time.sleep(0.5)"] * 8), {}, 2)


def test_the_message_of_a_strange_error_is_not_repeated():
    with pytest.raises(ReportError) as caught:
        execute(notebook("raise ValueError('Jan Jansen')"), {})
    assert "Jan" not in str(caught.value)


def test_the_log_tells_where_a_cell_failed_and_nothing_of_a_person(tmp_path, monkeypatch):
    monkeypatch.setenv(LOG, str(tmp_path / "logboek"))
    source = """
        import json
        def load(text):
            failure = json.JSONDecodeError(text, text, 0)
            failure.add_note("File /home/jan.py:3, in Jansen")
            try:
                json.loads(text)
            except ValueError as cause:
                raise failure from cause
        load("Jan Jansen")"""
    with pytest.raises(
        ReportError, match=r"JSONDecodeError\)\. .* logboek/fout-\w+\.log"
    ) as caught:
        execute(notebook(source.replace("\n        ", "\n").strip()), {"location": "top"})
    (log,) = (tmp_path / "logboek").iterdir()
    text = log.read_text()
    assert "Cell In[3]:8, in load" in text
    assert "  json/decoder.py:" in text
    assert "in JSONDecoder.decode" in text
    assert not re.search("jan|~|/home", text + str(caught.value), re.IGNORECASE)
    assert str(tmp_path) not in text


def test_a_module_in_the_working_folder_is_not_run_by_an_ordinary_kernel(tmp_path, monkeypatch):
    for name in ("csv", "org", "pandas", "json"):
        (tmp_path / f"{name}.py").write_text("open('marker', 'w')")
    monkeypatch.chdir(tmp_path)
    done = execute(notebook("import csv, json, pandas, os; os.getcwd()"), {})
    assert done.cells[-1].outputs[0].data["text/plain"] == repr(str(tmp_path))
    assert not (tmp_path / "marker").exists()
