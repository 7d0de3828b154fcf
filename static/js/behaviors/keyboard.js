// Keys are written where they act: `data-key="e"` on the button, link or field that the key stands for.
import { takeTyped, typeAhead } from "../lib/ahead.js";

const WRITING = "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]";

export function startKeyboard() {
  takeTyped();
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target.matches?.(WRITING)) return event.target.blur();
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.matches?.(WRITING) || document.querySelector("dialog[open]")) return;
    // A capital is someone who means to write and is not yet in the field.
    if (event.shiftKey && /^\p{L}$/u.test(event.key)) return;
    const target = named(event.key.toLowerCase());
    if (!target) return;
    event.preventDefault();
    if (target.matches(WRITING)) target.select?.();
    else target.click();
    if (leaves(target)) typeAhead();
    if (target.matches(WRITING)) target.focus();
    // What is typed next belongs to this field at once, whatever else the page has still to do.
    document.getElementById(target.dataset.focus)?.focus();
  });
}

// The first that can be used now, in the thing that has the focus before others; what is hidden with its pane or
// in a closed menu does not answer, unless it stands there only for want of room (`data-anytime`).
function named(key) {
  const wanted = `[data-key~="${CSS.escape(key)}"]`;
  const near = document.activeElement?.closest("[data-keys], [data-noise]");
  const found = [...(near?.querySelectorAll(wanted) ?? []), ...document.querySelectorAll(wanted)];
  return found.find((el) => !el.disabled && (isShown(el) || ("anytime" in el.dataset && isShown(el.closest("details").querySelector("summary")))));
}

const isShown = (el) => el.checkVisibility?.() ?? el.getClientRects().length;

// A link that is not a part of this page, and that nobody has taken over.
const leaves = (target) => target.matches("a[href]:not([href^='#'], [hx-get], [download], [target])");
