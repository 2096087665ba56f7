(() => {
  "use strict";
  const value = (row, column) => {
    const text = row.cells[column].textContent.trim();
    if (text === "" || text === "x" || text === "–") return null;
    const number = text.replace(/[.\s%€+]/g, "").replace("−", "-").replace(",", ".");
    return number === "" || isNaN(number) ? text : Number(number);
  };
  const compare = (a, b) =>
    typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "nl");
  const sort = (table, header, column) => {
    const up = header.getAttribute("aria-sort") !== "ascending";
    for (const cell of header.parentNode.cells) cell.removeAttribute("aria-sort");
    header.setAttribute("aria-sort", up ? "ascending" : "descending");
    const rows = [...table.tBodies[0].rows].map((row) => [row, value(row, column)]);
    rows.sort(([, a], [, b]) =>
      a === null || b === null ? (a === null) - (b === null) : up ? compare(a, b) : compare(b, a));
    table.tBodies[0].append(...rows.map(([row]) => row));
  };
  for (const table of document.querySelectorAll("table.sortable")) {
    [...table.tHead.rows[0].cells].forEach((header, column) => {
      if (header.tagName !== "TH") return;
      const button = document.createElement("button");
      button.type = "button";
      button.append(...header.childNodes);
      button.addEventListener("click", () => sort(table, header, column));
      header.append(button);
    });
  }
  document.addEventListener("focusin", ({ target }) => {
    if (target.matches("button.fact:focus-visible")) target.popoverTargetElement?.showPopover({ source: target });
  });
})();
