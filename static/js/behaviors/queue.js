// The queue: pushed rows take their place by when they fall due; the reader's place is never lost.
import { alive, current, listen } from "../lib/case.js";
import { askedFor, heardSince } from "../lib/missed.js";
import { nextIn, placeOf, rowsOf, tidy, ulFor } from "../lib/places.js";
import { isPressed } from "../lib/pressed.js";
import { refetch } from "../lib/refetch.js";
import { belongs, element, markMe } from "../lib/rows.js";

const REGROUP_SECONDS = 10, WAIT = 100, waiting = new Map();

// A row whose case is on its way stays until it is here: htmx finds its panes from the row.
const opening = (el) => el.querySelector(".htmx-request");
const isUsed = (list) => opening(list) || isPressed(list);

export function queue(list) {
  listen(list, "stream:row", (frame) => put(list, frame));
  // Results of a search stay as they were found.
  listen(list, "stream:refresh", () => list.dataset.search || refetch(list.id, isUsed, replace));
  listen(list, "htmx:afterSettle", () => tidy(list, current()));
  const timer = setInterval(() => (list.isConnected ? regroup(list) : clearInterval(timer)), REGROUP_SECONDS * 1000);
  tidy(list, current());
  // What changed while this list was on its way may not be in it.
  for (const frame of heardSince(askedFor("queue"), "row")) put(list, frame);
}

function put(list, frame) {
  const old = document.getElementById(`row-${frame.ticket}`);
  if (Math.max(old?.dataset.v ?? 0, waiting.get(frame.ticket)?.v ?? 0) > Number(frame.v ?? 0)) return;
  if ((old && opening(old)) || isPressed(list)) return putLater(list, frame);
  waiting.delete(frame.ticket);
  const { search, view } = list.dataset;
  if (!(search ? old : belongs(frame, view, document.body.dataset.member))) return old && leave(list, old);
  const focused = old?.contains(document.activeElement), li = element(frame.html), spot = placeOf(list, li, old);
  if (!spot) return old && leave(list, old);
  old?.remove();
  if (!old) li.classList.add("is-new");
  spot.ul.insertBefore(li, spot.next);
  htmx.process(li);
  markMe(li);
  tidy(list, current());
  if (focused) focusOn(li);
}

// Of several that wait, only the newest is put.
function putLater(list, frame) {
  waiting.set(frame.ticket, frame);
  setTimeout(() => list.isConnected && waiting.get(frame.ticket) === frame && put(list, frame), WAIT);
}

function leave(list, li) {
  const focused = li.contains(document.activeElement), all = rowsOf(list), at = all.indexOf(li);
  li.remove();
  tidy(list, current());
  if (focused) focusOn(all[at + 1] ?? all[at - 1]);
}

const focusOn = (li) => li?.querySelector("a").focus({ preventScroll: true });

// Time passes without anybody writing: what was «hoy» falls due in half an hour, then it is late.
function regroup(list) {
  if (list.dataset.order !== "due" || document.hidden || isPressed(list)) return;
  for (const li of rowsOf(list)) {
    const ul = ulFor(list, li.dataset.due);
    if (!ul || li.parentElement === ul) continue;
    const focused = li.contains(document.activeElement);
    ul.insertBefore(li, nextIn(ul, li));
    if (focused) focusOn(li);
  }
  tidy(list, current());
}

// The same list as it is now, at the same height; what was told since it was asked for is newer.
function replace(list, fresh, asked) {
  const height = list.scrollTop, focused = list.contains(document.activeElement) && document.activeElement.closest("li")?.id;
  list.replaceWith(fresh);
  alive(fresh);
  for (const frame of heardSince(asked, "row")) put(fresh, frame);
  fresh.scrollTop = height;
  if (focused) focusOn(document.getElementById(focused));
}
