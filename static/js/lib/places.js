// Where a row of the queue stands: its group, by when it falls due, and its place in it.
import { before, groupOf } from "./rows.js";

const DAY = 86_400_000;

export const rowsOf = (list) => [...list.querySelectorAll("li[data-ticket]")];

/** The list of the group a due time belongs to. «Hoy» goes on meaning today on a page left open overnight. */
export function ulFor(list, due) {
  const now = Date.now();
  let end = Date.parse(list.dataset.dayEnd);
  while (end < now) end += DAY;
  const groups = [...list.querySelectorAll("[data-group]")], key = groupOf(due, now, end);
  return (groups.find((group) => group.dataset.group === key) ?? groups.at(-1))?.querySelector("ul");
}

/** `{ul, next}` for a row that arrives or changes; null when it lies beyond the last page that is loaded. */
export function placeOf(list, li, old) {
  const { order } = list.dataset, more = "more" in list.dataset, ul = ulFor(list, li.dataset.due);
  if (!ul) return null;
  if (order !== "due" && old?.parentElement === ul) return { ul, next: old.nextElementSibling };
  if (order === "newest") return { ul, next: ul.firstElementChild };
  if (order === "waiting") return more && !old ? null : { ul, next: null };
  const last = rowsOf(list).filter((row) => row !== old).at(-1);
  if (more && last && !before(li.dataset, last.dataset)) return null;
  return { ul, next: nextIn(ul, li, old) };
}

/** The row before which this one goes. */
export function nextIn(ul, li, old) {
  return [...ul.children].find((row) => row !== old && before(li.dataset, row.dataset)) ?? null;
}

/** Figures of the groups, the empty sentence and the mark of the case that is open. */
export function tidy(list, open) {
  for (const group of list.querySelectorAll("[data-group]")) {
    const n = group.querySelectorAll("li").length;
    group.hidden = n === 0;
    group.querySelector("[data-n]").textContent = n;
  }
  const all = rowsOf(list);
  list.querySelector("[data-empty]").hidden = all.length > 0;
  for (const li of all) {
    const row = li.querySelector("a.row"), here = li.dataset.ticket === open;
    if (!here) row.removeAttribute("aria-current");
    else row.setAttribute("aria-current", "true");
    if (here) row.removeAttribute("data-unread");
  }
}
