// J and K: the next and the previous case, opened as they are reached; of what needs no attention, the row.
import { coming } from "../lib/coming.js";

export function startWalk() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-row]");
    if (button) step(button.dataset.row === "next" ? 1 : -1);
  });
}

// A row that was dealt with gives its place to the next one.
document.addEventListener("htmx:afterSettle", ({ target }) => {
  if (target.matches?.(".noise-done") && document.activeElement === document.body) stepIn(target.parentElement, target, 1);
});

function stepIn(list, from, by) {
  const all = [...list.children].filter((row) => row === from || row.querySelector("[data-key]"));
  const next = all[all.indexOf(from) + by] ?? from;
  next?.scrollIntoView({ block: "nearest" });
  next?.focus({ preventScroll: true });
}

function step(by) {
  const list = document.getElementById("noise-list");
  if (list) return stepIn(list, document.activeElement.closest("[data-noise]"), by);
  const all = [...document.querySelectorAll("#queue-list a.row")];
  const chosen = coming(), at = all.findIndex((row) => (chosen ? row === chosen : row.getAttribute("aria-current") === "true"));
  const next = all[at === -1 ? 0 : at + by];
  next?.scrollIntoView({ block: "nearest" });
  next?.focus({ preventScroll: true });
  next?.click();
}
