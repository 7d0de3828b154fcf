// The queue: pushed rows take their place by when they fall due; the reader's place is never lost.
import { alive, current, listen } from "../lib/case.js";
import { nextIn, placeOf, rowsOf, tidy, ulFor } from "../lib/places.js";
import { belongs, element, markMe } from "../lib/rows.js";

const REGROUP_SECONDS = 10;
const OPENING_WAIT = 100;

// A row whose case is on its way stays in the page until it is here: htmx finds its panes from the row.
const opening = (el) => el.querySelector(".htmx-request");

export function queue(list) {
  listen(list, "stream:row", (frame) => put(list, frame));
  listen(list, "stream:refresh", () => refetch(list));
  listen(list, "htmx:afterSettle", () => tidy(list, current()));
  const timer = setInterval(() => (list.isConnected ? regroup(list) : clearInterval(timer)), REGROUP_SECONDS * 1000);
  tidy(list, current());
}

function put(list, frame) {
  const old = document.getElementById(`row-${frame.ticket}`);
  if (old && Number(old.dataset.v) > Number(frame.v ?? 0)) return;
  if (old && opening(old)) return setTimeout(() => list.isConnected && put(list, frame), OPENING_WAIT);
  const { search, view } = list.dataset;
  if (!(search ? old : belongs(frame, view, document.body.dataset.member))) return old && leave(list, old);
  const focused = old?.contains(document.activeElement);
  const li = element(frame.html), spot = placeOf(list, li, old);
  if (!spot) return old && leave(list, old);
  old?.remove();
  if (!old) li.classList.add("is-new");
  spot.ul.insertBefore(li, spot.next);
  htmx.process(li);
  markMe(li);
  tidy(list, current());
  if (focused) focusOn(li);
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
  if (list.dataset.order !== "due" || document.hidden) return;
  for (const li of rowsOf(list)) {
    const ul = ulFor(list, li.dataset.due);
    if (!ul || li.parentElement === ul) continue;
    const focused = li.contains(document.activeElement);
    ul.insertBefore(li, nextIn(ul, li));
    if (focused) focusOn(li);
  }
  tidy(list, current());
}

// The same list again, at the same height. Results of a search stay as they were found.
async function refetch(list) {
  if (!list.isConnected || list.dataset.search || !list.dataset.url) return;
  const answer = await fetch(list.dataset.url, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("queue-list");
  if (fresh) replace(list, fresh);
}

function replace(list, fresh) {
  if (!list.isConnected) return;
  if (opening(list)) return setTimeout(() => replace(list, fresh), OPENING_WAIT);
  const height = list.scrollTop, focused = list.contains(document.activeElement) && document.activeElement.closest("li")?.id;
  list.replaceWith(document.adoptNode(fresh));
  alive(fresh);
  fresh.scrollTop = height;
  if (focused) focusOn(document.getElementById(focused));
}
