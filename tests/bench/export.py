"""Seconds to export an executed report, warm: ours, and nbconvert's own HTML and `webpdf`.

`python tests/bench/export.py output/2018-H1/top.ipynb`; the median of some rounds in which all
take turns. What cannot run here, such as `webpdf` without its browser, says so.
"""

import statistics
import sys
import time
from pathlib import Path

import nbformat
from nbconvert import HTMLExporter, WebPDFExporter

from bwk.export import HTMLReportExporter, PDFReportExporter

ROUNDS = 5
EXPORTERS = {
    "HTML, bwk": HTMLReportExporter(),
    "HTML, nbconvert": HTMLExporter(),
    "PDF, bwk": PDFReportExporter(),
    "PDF, nbconvert's webpdf": WebPDFExporter(disable_sandbox=True),
}


def seconds(exporter, notebook) -> float:
    began = time.perf_counter()
    exporter.from_notebook_node(notebook)
    return time.perf_counter() - began


def main() -> None:
    path = Path(sys.argv[1] if len(sys.argv) > 1 else "output/2018-H1/top.ipynb")
    notebook = nbformat.read(path, as_version=4)
    print("| export | seconds |\n| --- | --- |")
    taken: dict[str, list[float]] = {name: [] for name in EXPORTERS}
    for _ in range(ROUNDS + 1):  # the first warms up
        for name, exporter in list(EXPORTERS.items()):
            try:
                taken[name].append(seconds(exporter, notebook))
            except Exception as failure:
                print(f"| {name} | cannot run here: {type(failure).__name__} |")
                del EXPORTERS[name], taken[name]
    for name, each in taken.items():
        print(f"| {name} | {statistics.median(each[1:]):.2f} |")


if __name__ == "__main__":
    main()
