// The queue: pushed rows take their place by when they fall due; the reader's place is never lost.
import { current, listen } from "../lib/case.js";
import { nextIn, placeOf, rowsOf, tidy, ulFor } from "../lib/places.js";
import { belongs, element, markMe } from "../lib/rows.js";

const REGROUP_SECONDS = 10;

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
  if (!list?.isConnected || list.dataset.search || !list.dataset.url) return;
  // A row that is being opened must stay in the page until its case is here.
  if (list.querySelector(".htmx-request")) return setTimeout(() => refetch(document.getElementById("queue-list")), 200);
  const height = list.scrollTop;
  await htmx.ajax("GET", list.dataset.url, { target: "#queue-list", select: "#queue-list", swap: "outerHTML" });
  const fresh = document.getElementById("queue-list");
  if (fresh) fresh.scrollTop = height;
}
