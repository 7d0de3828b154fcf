// What a case is about: digits choose in the question that is open, letters search, and the last answer sends.
import { filter } from "../lib/picks.js";

const WRITING = "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]";
const EARLY = 2000; // digits typed while the panel is on its way are its first answers
const early = [];
const needed = (form) => form.dataset.needed.split(" ").filter(Boolean);
const axis = (form, name) => form.querySelector(`[data-axis="${name}"]`);
// The first question without an answer; all answered: the first one, so that a digit corrects it.
const open = (form) => needed(form).map((name) => axis(form, name)).find((set) => !set.querySelector(":checked")) ?? axis(form, "motive");

export function startTypify() {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") document.querySelector("details.typify[open]")?.removeAttribute("open");
    if (!/^[1-9]$/.test(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches?.(WRITING) || document.querySelector("dialog[open]")) return;
    const details = document.querySelector("details.typify[open]"), form = details?.querySelector("form");
    if (form) digit(form, event.key);
    else if (details || document.querySelector("#case-head .htmx-request")) early.push({ key: event.key, at: Date.now() });
    else return;
    event.preventDefault();
  });
}

function digit(form, key) {
  const input = open(form).querySelector(`[data-n="${key}"]`);
  if (input) take(input);
}

function take(input) {
  input.checked = true;
  next(input.form);
}

function next(form) {
  const left = needed(form).find((name) => !axis(form, name).querySelector(":checked"));
  if (left) axis(form, left).querySelector("input[data-n]")?.focus();
  else form.requestSubmit();
}

export function typify(details) {
  details.addEventListener("toggle", () => details.open ? begin(details) : early.splice(0));
  details.addEventListener("htmx:afterSettle", () => begin(details));
  details.addEventListener("keydown", (event) => keys(event, details));
  details.addEventListener("input", (event) => event.target.matches("[data-filter]") && filter(event.target));
  // A click on a name is a choice; the arrows only walk, and Enter sends.
  details.addEventListener("click", (event) => event.detail && event.target.matches("input[type=radio]") && next(event.target.form));
  if (details.open) begin(details);
  // Opened by a key before this was bound: its toggle was heard by nobody.
  if (details.open && !details.querySelector("form")) htmx.trigger(details.querySelector("[hx-get]") ?? details, "ask");
}

function begin(details) {
  const form = details.open && details.querySelector("form");
  if (!form || form.dataset.begun) return;
  form.dataset.begun = "1";
  open(form).querySelector("input[data-n]")?.focus();
  for (const { key, at } of early.splice(0)) if (Date.now() - at < EARLY) digit(form, key);
}

function keys(event, details) {
  if (!details.open) return;
  if (event.key === "Escape") {
    event.stopPropagation();
    details.open = false;
    details.querySelector("summary").focus();
  } else if (event.target.matches("[data-filter]") && ["Enter", "ArrowDown"].includes(event.key)) {
    event.preventDefault();
    const first = details.querySelector(".pick[data-find]:not([hidden]) input");
    first?.focus();
    if (event.key === "Enter" && first && event.target.value.trim()) take(first);
  } else if (event.key === "Enter" && event.target.matches("input[type=radio]")) {
    event.preventDefault();
    take(event.target);
  } else if (/^\p{L}$/u.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.stopPropagation();
    if (event.target.matches("input[type=radio]")) details.querySelector("[data-filter]").focus();
  }
}
