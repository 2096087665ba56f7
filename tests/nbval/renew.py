"""Keep the numbers that the workbooks of 2018-H1 show; run it when they change on purpose.

One workbook per template. The pictures are left out, so that a difference can be read.
"""

from pathlib import Path

import nbformat

from bwk.execute import execute

HERE = Path(__file__).parent
NUMBERS = ("text/plain", "text/markdown")

for name in ("top", "stad"):
    workbook = nbformat.read(HERE.parent.parent / f"notebooks/2018-H1/{name}.ipynb", 4)
    done = execute(workbook, {})
    done.cells = [cell for cell in done.cells if cell.cell_type == "code"]
    for cell in done.cells:
        cell.metadata = {}
        for output in cell.outputs:
            output.data = {mime: output.data[mime] for mime in NUMBERS if mime in output.data}
    done.metadata = {"kernelspec": workbook.metadata.kernelspec}
    nbformat.write(done, HERE / f"{name}.ipynb")
