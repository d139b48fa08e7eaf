// Tables that sort, and the progress of a run.

/** Let the buttons in a table's head sort its rows; numbers by the value that the cell carries. */
function makeSortable(table) {
  const [body] = table.tBodies;
  const value = (row, column) => {
    const cell = row.cells[column];
    return "value" in cell.dataset ? Number(cell.dataset.value || -Infinity) : cell.textContent.trim();
  };
  const compare = (a, b) => (typeof a === "number" ? a - b : a.localeCompare(b, undefined, { numeric: true }));
  for (const button of table.querySelectorAll("th button")) {
    const head = button.closest("th");
    button.addEventListener("click", () => {
      const down = head.ariaSort === "ascending" || (!head.ariaSort && head.classList.contains("number"));
      table.querySelectorAll("th").forEach((other) => other.removeAttribute("aria-sort"));
      head.ariaSort = down ? "descending" : "ascending";
      const rows = [...body.rows].sort((a, b) => compare(value(a, head.cellIndex), value(b, head.cellIndex)));
      body.append(...(down ? rows.reverse() : rows));
    });
  }
}

/** Fetch the part of the page that shows the run again every two seconds while the page is in sight. */
function keepLive(part) {
  const refresh = async () => {
    if (document.visibilityState === "visible") {
      const answer = await fetch(location.href).catch(() => null);
      if (answer?.ok) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        part.replaceChildren(...page.getElementById(part.id).childNodes);
      }
    }
    setTimeout(refresh, 2000);
  };
  setTimeout(refresh, 2000);
}

document.querySelectorAll("table.sortable").forEach(makeSortable);
document.querySelectorAll("[data-live]").forEach(keepLive);
