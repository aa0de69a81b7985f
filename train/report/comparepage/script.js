"use strict";
(() => {
  const wide = matchMedia("(min-width: 60rem)");
  let shown = null; // the panel

  const rowOf = panel => document.getElementById(panel.id + "-row");

  function mark(panel, on) {
    rowOf(panel).setAttribute("aria-expanded", on);
    document.querySelectorAll(".column[data-open='" + panel.id + "']").forEach(c => c.classList.toggle("chosen", on));
    panel.hidden = !on;
  }

  function close() {
    if (!shown) return;
    const row = rowOf(shown);
    mark(shown, false);
    shown = null;
    row.focus();
  }

  function open(id) {
    const panel = document.getElementById(id);
    if (panel === null) return;
    if (shown) mark(shown, false);
    shown = panel;
    mark(panel, true);
    panel.parentElement.scrollTop = 0;
    reveal(rowOf(panel));
  }

  // reveal scrolls a row into what is visible beside or above the panel.
  function reveal(row) {
    const box = row.getBoundingClientRect();
    const above = wide.matches ? shown.parentElement.getBoundingClientRect().top : 0;
    if (0 > above) return scrollBy(0, above - 16); // where another model follows
    const bottom = wide.matches ? innerHeight : shown.parentElement.getBoundingClientRect().top;
    if (Math.min(box.top, bottom - box.bottom) >= 0) return;
    scrollBy({ top: box.top - bottom / 2 });
  }

  document.addEventListener("click", e => {
    const at = e.target.closest("[data-row],[data-open],[data-close]");
    if (at === null) return;
    if ("close" in at.dataset) return close();
    const id = at.dataset.row || at.dataset.open;
    if (shown ? shown.id === id : false) return "row" in at.dataset ? close() : reveal(rowOf(shown));
    const inside = at.closest(".panel") !== null;
    open(id);
    if (inside) (shown.querySelector("[aria-label='" + at.getAttribute("aria-label") + "']:enabled") || rowOf(shown)).focus({ preventScroll: true });
  });

  document.addEventListener("keydown", e => {
    if (e.key === "Escape") return close();
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    const row = document.activeElement.closest("[data-row]");
    if (!step || row === null) return;
    const rows = Array.from(row.parentElement.querySelectorAll("[data-row]"));
    const next = rows[rows.indexOf(row) + step];
    if (!next) return;
    e.preventDefault();
    next.focus();
    if (shown) open(next.dataset.row);
  });

  const first = document.querySelector("[data-first]");
  const linked = location.hash.slice(1);
  if (document.getElementById(linked + "-row")) open(linked);
  else if (first ? wide.matches : false) {
    open(first.dataset.first);
    scrollTo(0, 0);
  }
})();
