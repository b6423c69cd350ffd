/// The one script of a page. It reads and orders what is there, and writes text only as text: nothing from the data can
/// become markup.
enum HTMLScript {
  static let text = #"""
    (() => {
      "use strict";
      const key = (cell) => cell.dataset.v === undefined ? cell.textContent : cell.dataset.v === "" ? null : Number(cell.dataset.v);
      const compare = (one, other) => typeof one === "number" ? one - other : one.localeCompare(other);
      const makeSortable = (table) => {
        const body = table.tBodies[0], original = Array.from(body.rows), heads = Array.from(table.tHead.rows[0].cells);
        heads.forEach((head, column) => {
          const button = document.createElement("button");
          button.type = "button";
          button.append(...head.childNodes);
          head.append(button);
          button.addEventListener("click", () => {
            const steps = head.classList.contains("n") ? ["descending", "ascending", ""] : ["ascending", "descending", ""];
            const step = steps[(steps.indexOf(head.getAttribute("aria-sort") || "") + 1) % 3];
            heads.forEach((other) => other.removeAttribute("aria-sort"));
            if (step) head.setAttribute("aria-sort", step);
            const sign = step === "descending" ? -1 : 1;
            const rows = original.map((row, place) => ({ row, place, value: key(row.cells[column]) }));
            if (step) rows.sort((one, other) =>
              one.value === null || other.value === null
                ? (one.value === null) - (other.value === null) || one.place - other.place
                : sign * compare(one.value, other.value) || one.place - other.place);
            body.append(...rows.map((entry) => entry.row));
          });
        });
      };
      const makeWalkable = (figure) => {
        const svg = figure.querySelector("svg"), tip = figure.querySelector(".tip");
        if (!svg || !tip) return;
        const marks = Array.from(svg.querySelectorAll("title")).map((title) => title.parentNode).filter((mark) => mark !== svg);
        if (!marks.length) return;
        let at = -1;
        const show = (index) => {
          if (marks[at]) marks[at].classList.remove("on");
          at = index;
          if (marks[at]) marks[at].classList.add("on");
          tip.textContent = marks[at] ? marks[at].querySelector("title").textContent : "";
        };
        svg.setAttribute("tabindex", "0");
        svg.addEventListener("keydown", (event) => {
          const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
          if (step) show(at < 0 ? (step > 0 ? 0 : marks.length - 1) : (at + step + marks.length) % marks.length);
          else if (event.key === "Home") show(0);
          else if (event.key === "End") show(marks.length - 1);
          else if (event.key === "Escape") show(-1);
          else return;
          event.preventDefault();
        });
        svg.addEventListener("blur", () => show(-1));
        svg.addEventListener("pointerover", (event) => show(marks.indexOf(event.target)));
        svg.addEventListener("pointerleave", () => show(-1));
      };
      document.addEventListener("DOMContentLoaded", () => {
        document.querySelectorAll("table.sortable").forEach(makeSortable);
        document.querySelectorAll("figure").forEach(makeWalkable);
      });
    })();
    """#

  /// Of `text`, so that a browser runs this script and no other (CSP level 2). `Scripts/check-pages` prints it anew.
  static let digest = "sha256-AM3jG6aiK32dmR/1JsbRaPkw49bDwroZjTlMd9C+zNY="
}
