// The queue: pushed rows take their place by when they fall due; the reader's place is never lost.
import { current, listen } from "../lib/case.js";
import { before, belongs, element, groupOf, markMe } from "../lib/rows.js";

const REGROUP_SECONDS = 10;

export function queue(list) {
  const groups = () => [...list.querySelectorAll("[data-group]")];
  const rows = () => [...list.querySelectorAll("li[data-ticket]")];

  function ulFor(due) {
    const key = groupOf(due, Date.now(), Date.parse(list.dataset.dayEnd));
    const found = groups();
    return (found.find((group) => group.dataset.group === key) ?? found.at(-1))?.querySelector("ul");
  }

  // Where it would stand; null when it lies beyond the last page that is loaded.
  function place(li, old) {
    const { order } = list.dataset, more = "more" in list.dataset;
    const ul = ulFor(li.dataset.due);
    if (!ul) return null;
    if (order !== "due" && old?.parentElement === ul) return { ul, next: old.nextElementSibling };
    if (order === "newest") return { ul, next: ul.firstElementChild };
    if (order === "waiting") return more && !old ? null : { ul, next: null };
    const last = rows().filter((row) => row !== old).at(-1);
    if (more && last && !before(li.dataset, last.dataset)) return null;
    return { ul, next: [...ul.children].find((row) => row !== old && before(li.dataset, row.dataset)) ?? null };
  }

  function put(frame) {
    const old = document.getElementById(`row-${frame.ticket}`);
    if (old && Number(old.dataset.v) > Number(frame.v ?? 0)) return;
    const stays = list.dataset.search ? Boolean(old) : belongs(frame, list.dataset.view, document.body.dataset.member);
    if (!stays) return old && leave(old);
    const focused = old?.contains(document.activeElement);
    const li = element(frame.html);
    const spot = place(li, old);
    old?.remove();
    if (!spot) return tidy();
    if (!old) li.classList.add("is-new");
    spot.ul.insertBefore(li, spot.next);
    htmx.process(li);
    markMe(li);
    tidy();
    if (focused) li.querySelector("a").focus({ preventScroll: true });
  }

  function leave(li) {
    const focused = li.contains(document.activeElement), all = rows(), at = all.indexOf(li);
    li.remove();
    tidy();
    if (focused) (all[at + 1] ?? all[at - 1])?.querySelector("a").focus({ preventScroll: true });
  }

  function regroup() {
    if (list.dataset.order !== "due" || document.hidden) return;
    for (const li of rows()) {
      const ul = ulFor(li.dataset.due);
      if (ul && li.parentElement !== ul) {
        const next = [...ul.children].find((row) => before(li.dataset, row.dataset)) ?? null;
        ul.insertBefore(li, next);
      }
    }
    tidy();
  }

  function tidy() {
    for (const group of groups()) {
      const n = group.querySelectorAll("li").length;
      group.hidden = n === 0;
      group.querySelector("[data-n]").textContent = n;
    }
    list.querySelector("[data-empty]").hidden = rows().length > 0;
    const open = current();
    for (const li of rows()) {
      const row = li.querySelector("a.row");
      if (li.dataset.ticket !== open) row.removeAttribute("aria-current");
      else { row.setAttribute("aria-current", "true"); row.removeAttribute("data-unread"); }
    }
  }

  listen(list, "stream:row", put);
  listen(list, "stream:refresh", () => refetch(list));
  listen(list, "htmx:afterSettle", tidy);
  const timer = setInterval(() => (list.isConnected ? regroup() : clearInterval(timer)), REGROUP_SECONDS * 1000);
  tidy();
}

// The same list again, at the same height. Results of a search stay as they were found.
async function refetch(list) {
  if (list.dataset.search || !list.dataset.url) return;
  const height = list.scrollTop;
  await htmx.ajax("GET", list.dataset.url, { target: "#queue-list", select: "#queue-list", swap: "outerHTML" });
  const fresh = document.getElementById("queue-list");
  if (fresh) fresh.scrollTop = height;
}
