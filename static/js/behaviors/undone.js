// An answer can be undone for some seconds: they are counted here, and the server decides whether it was in time. What
// was undone goes back to where one writes; whoever went on to another case finds it when they come back.
import { draftOf } from "../lib/drafts.js";

const ends = new WeakMap();

export function startUndone() {
  count();
  setInterval(count, 250);
  document.addEventListener("htmx:load", count);
  document.addEventListener("htmx:beforeSend", ({ detail: { xhr, requestConfig } }) => {
    // Heard on the request: by then its message may be another element, or its case not on the page any more.
    if (requestConfig.path.endsWith("/cancel/")) xhr.addEventListener("load", () => giveBack(xhr.responseText));
  });
  document.addEventListener("keydown", undoLast);
}

// Counted from when it came: a computer whose clock is wrong counts the same seconds.
function count() {
  const now = performance.now();
  for (const left of document.querySelectorAll("[data-left]")) {
    if (!ends.has(left)) ends.set(left, now + Number(left.dataset.left) * 1000);
    const seconds = Math.ceil((ends.get(left) - now) / 1000);
    if (seconds <= 0) left.remove();
    else if (left.textContent !== `${seconds} s`) left.textContent = `${seconds} s`;
  }
}

function giveBack(html) {
  const found = new DOMParser().parseFromString(html, "text/html").querySelector("[data-undone]");
  if (!found) return;
  const { ticket, ...undone } = JSON.parse(found.dataset.undone), form = document.getElementById("composer");
  if (form?.dataset.ticket === String(ticket)) form.dispatchEvent(new CustomEvent("undone", { detail: undone }));
  else draftOf(ticket).giveBack(undone);
}

// Ctrl+Z where nothing is written: one's own last answer that can still be undone.
function undoLast(event) {
  if (event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
  const field = event.target.closest?.("input:not([type=radio], [type=checkbox]), textarea, select");
  if ((field && (field.id !== "composer-text" || field.value)) || document.querySelector("dialog[open]")) return;
  const mine = [...document.querySelectorAll("#msgs [data-left]")].filter((left) => left.closest(".msg").querySelector("[data-me]"));
  const button = mine.at(-1)?.closest("form").querySelector("button");
  if (!button?.checkVisibility()) return;
  event.preventDefault();
  button.click();
}
