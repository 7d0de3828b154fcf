// The open case, fetched again: its head, its banner and its story; what is being written is never touched.
// The story is merged, not replaced: nothing flickers and a screen reader hears only what is new.
import { isPressed } from "./pressed.js";
import { get } from "./refetch.js";
import { markMe } from "./rows.js";

const SOON = 150, AGAIN = 3000;
let waiting = 0, asking = false;
// When a part of the story came by another way than a fetch: what was asked for before that does not know it.
const came = new WeakMap();

export const current = () => document.getElementById("case")?.dataset.ticket ?? "";

/** Listens on the document for as long as the element is in the page. */
export function listen(el, name, act) {
  const heard = (event) => (el.isConnected ? act(event.detail) : document.removeEventListener(name, heard));
  document.addEventListener(name, heard);
}

/** Several reasons in a moment are one request. */
export function fetchCase() {
  again(SOON);
}

function again(wait) {
  clearTimeout(waiting);
  waiting = setTimeout(fetchNow, wait);
}

// One at a time: of two answers that cross, the older would be put over the newer.
async function fetchNow() {
  const pane = document.getElementById("case"), { url, ticket } = pane?.dataset ?? {};
  if (!url) return;
  if (asking || isBusy(pane.querySelector("#case-head")) || isBusy(pane.querySelector("#msgs"))) return fetchCase();
  asking = true;
  const asked = performance.now(), [answer, text] = await get(url);
  asking = false;
  const elsewhere = answer?.headers.get("HX-Redirect");
  if (elsewhere) return location.assign(elsewhere);
  if (current() !== ticket) return;
  // Who did not answer is asked again: nobody else says what was missed.
  if (!answer || answer.status >= 500) return again(AGAIN);
  if (!answer.ok) return;
  if (!pane.isConnected) return fetchCase();
  const fresh = new DOMParser().parseFromString(text, "text/html");
  markMe(fresh);
  for (const id of ["case-head", "case-banner"]) putPart(fresh.getElementById(id));
  mergeStory(fresh.getElementById("msgs"), asked);
}

/** How the account of the case is: in the customer's pane, the rest of which somebody may be using. */
export async function fetchAccount() {
  const { who, ticket } = document.getElementById("case")?.dataset ?? {};
  const [answer, text] = who ? await get(who) : [];
  if (!answer?.ok || current() !== ticket) return;
  putPart(new DOMParser().parseFromString(text, "text/html").getElementById("who-account-part"));
}

// What was asked from a part is on its way back to it, or is about to be: replaced now, the answer or the click would
// find nobody.
const isBusy = (part) => Boolean(part?.querySelector(".htmx-request")) || isPressed(part);

// An open menu is someone choosing: that part waits until it is closed. And what was fetched before a change is not
// put over what came after.
function putPart(part) {
  const old = part && document.getElementById(part.id), open = old?.querySelector("details[open]");
  if (!old) return;
  if (open) return whenClosed(open);
  if (isBusy(old)) return fetchCase();
  if (Number(old.dataset.v ?? 0) > Number(part.dataset.v ?? 0)) return;
  const key = old.contains(document.activeElement) && document.activeElement.dataset.key;
  old.replaceWith(document.adoptNode(part));
  alive(part);
  if (key) part.querySelector(`[data-key="${key}"]`)?.focus();
}

const whenClosed = (details) => details.addEventListener("toggle", fetchCase, { once: true });

/** Whether a message must stay as it is for now: somebody writes a reason in it, or waits for what they asked from it.
 * The case is fetched again when that is over. */
export function stays(message) {
  const open = message?.querySelector("details[open]:has(form)");
  if (open) whenClosed(open);
  else if (isBusy(message)) fetchCase();
  else return false;
  return true;
}

/** A part of the story is here since now. */
export const arrived = (el) => came.set(el, performance.now());

function mergeStory(fresh, asked) {
  const msgs = document.getElementById("msgs"), isNew = (el) => (came.get(el) ?? 0) > asked;
  if (!msgs || !fresh) return;
  if (isNew(msgs)) return fetchCase();
  const keeps = (old) => (isNew(old) ? (fetchCase(), true) : stays(old));
  const end = atEnd(msgs), ids = new Set([...fresh.children].map((item) => item.id));
  for (const old of [...msgs.children]) if (!ids.has(old.id) && !keeps(old)) old.remove();
  let place = msgs.firstElementChild;
  for (const item of [...fresh.children]) {
    const old = document.getElementById(item.id);
    if (old?.isEqualNode(item) || (old && keeps(old))) {
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
