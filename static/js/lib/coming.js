// Between choosing a case and seeing it, what is typed belongs to the case that was chosen: it waits for it. («J» and at
// once «E» resolves the next case, and not the one that is still shown.)
import { current } from "./case.js";

const WRITING = "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]";
const held = [];
let wanted = "";

/** The row of the case that was chosen and is on its way, if one is. */
export const coming = () => document.querySelector("#queue-list a.row.htmx-request");
const ticketOf = (row) => row.closest("li").dataset.ticket;

export function startComing() {
  addEventListener("keydown", hold, true);
  // Whoever takes the mouse goes on with it.
  addEventListener("pointerdown", () => held.splice(0), true);
  document.addEventListener("htmx:afterRequest", () => setTimeout(release));
}

function hold(event) {
  if (!held.length && !coming()) return;
  if (event.target.matches?.(WRITING) || document.querySelector("dialog[open]") || !event.isTrusted) return;
  // Whoever does not want to wait any longer.
  if (event.key === "Escape") return held.splice(0);
  const sends = event.key === "Enter" && (event.ctrlKey || event.metaKey);
  if (!sends && (event.ctrlKey || event.metaKey || event.altKey || !/^(.|Enter|Backspace)$/u.test(event.key))) return;
  // Another case is chosen.
  if (!held.length && !sends && /^([jk]|Enter)$/i.test(event.key)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!held.length) wanted = ticketOf(coming());
  const { key, code, ctrlKey, metaKey, shiftKey } = event;
  held.push({ key, code, ctrlKey, metaKey, shiftKey });
}

// A case that did not come is not acted upon, nor another in its place.
function release() {
  while (held.length && !coming()) {
    if (current() !== wanted) return held.splice(0);
    press(held.shift());
  }
  if (held.length) wanted = ticketOf(coming());
}

function press(init) {
  const el = document.activeElement ?? document.body;
  const goes = el.dispatchEvent(new KeyboardEvent("keydown", { ...init, bubbles: true, cancelable: true }));
  if (!goes || init.ctrlKey || init.metaKey || !el.matches("textarea, input")) return;
  const data = init.key === "Enter" ? "\n" : init.key, back = init.key === "Backspace";
  const from = back && el.selectionStart === el.selectionEnd ? Math.max(0, el.selectionStart - 1) : el.selectionStart;
  el.setRangeText(back ? "" : data, from, el.selectionEnd, "end");
  el.dispatchEvent(new InputEvent("input", { bubbles: true, data: back ? null : data }));
}
