// The open case, fetched again: its head, its banner and its story; what is being written is never touched.
// The story is merged, not replaced: nothing flickers and a screen reader hears only what is new.
import { markMe } from "./rows.js";

const SOON = 150;
let waiting = 0;

export const current = () => document.getElementById("case")?.dataset.ticket ?? "";

/** Listens on the document for as long as the element is in the page. */
export function listen(el, name, act) {
  const heard = (event) => (el.isConnected ? act(event.detail) : document.removeEventListener(name, heard));
  document.addEventListener(name, heard);
}

/** Several reasons in a moment are one request. */
export function fetchCase() {
  clearTimeout(waiting);
  waiting = setTimeout(fetchNow, SOON);
}

async function fetchNow() {
  const { url, ticket } = document.getElementById("case")?.dataset ?? {};
  if (!url) return;
  const answer = await fetch(url, { headers: { "HX-Request": "true" } }).catch(() => null);
  const elsewhere = answer?.headers.get("HX-Redirect");
  if (elsewhere) return location.assign(elsewhere);
  if (!answer?.ok || current() !== ticket) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  markMe(fresh);
  for (const id of ["case-head", "case-banner"]) putPart(fresh.getElementById(id));
  mergeStory(fresh.getElementById("msgs"));
}

// An open menu is someone choosing: that part waits for the next change.
function putPart(part) {
  const old = part && document.getElementById(part.id);
  if (!old || old.querySelector("details[open]")) return;
  const key = old.contains(document.activeElement) && document.activeElement.dataset.key;
  old.replaceWith(document.adoptNode(part));
  alive(part);
  if (key) part.querySelector(`[data-key="${key}"]`)?.focus();
}

/** An open menu in a message is someone writing a reason: it stays until the next change. */
export const isChoosing = (message) => Boolean(message?.querySelector("details[open] form"));

function mergeStory(fresh) {
  const msgs = document.getElementById("msgs");
  if (!msgs || !fresh) return;
  const end = atEnd(msgs), ids = new Set([...fresh.children].map((item) => item.id));
  for (const old of [...msgs.children]) if (!ids.has(old.id)) old.remove();
  let place = msgs.firstElementChild;
  for (const item of [...fresh.children]) {
    const old = document.getElementById(item.id);
    if (old?.isEqualNode(item) || isChoosing(old)) {
      if (old === place) place = place.nextElementSibling;
      else msgs.insertBefore(old, place);
      continue;
    }
    if (old === place) place = place?.nextElementSibling ?? null;
    old?.remove();
    msgs.insertBefore(document.adoptNode(item), place);
    alive(item);
  }
  if (end) toEnd(msgs);
}

/** Whether the reader is at the end of the story, and so wants to see what comes. */
export function atEnd(msgs) {
  const region = msgs.closest(".story");
  return region.scrollHeight - region.scrollTop - region.clientHeight < 120;
}

export function toEnd(msgs) {
  const region = msgs.closest(".story");
  region.scrollTop = region.scrollHeight;
}

/** What was put in by hand is given its behaviours, as htmx does with what it puts in. */
export function alive(el) {
  htmx.process(el);
  el.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true, detail: { elt: el } }));
}
