// What is known of a row: where it belongs and where it stands. No DOM is changed here but the mark of «me».
const FAR = "9999";

/** The order of the queue: what falls due first, then the older case. Rows without a clock go last. */
export function before(a, b) {
  const [dueA, dueB] = [a.due || FAR, b.due || FAR];
  if (dueA !== dueB) return dueA < dueB;
  return BigInt(a.ticket) < BigInt(b.ticket);
}

/** late · soon (30 minutes) · today · later: the groups of the queue, by when. */
export function groupOf(due, now, dayEnd) {
  if (!due) return "later";
  const at = Date.parse(due);
  if (at < now) return "late";
  if (at <= now + 30 * 60_000) return "soon";
  return at < dayEnd ? "today" : "later";
}

/** Whether a pushed row belongs in the view that is open; «mine» is the only view that depends on who looks. */
export function belongs(frame, view, member) {
  if (view === "mine") return String(frame.assignee ?? "") === member && frame.views.includes("open");
  return frame.views.includes(view);
}

/** Rows are written once for everybody: the page marks which colleague is the reader. */
export function markMe(root) {
  const me = document.body.dataset.me;
  if (!me) return;
  for (const el of root.querySelectorAll?.("[data-agent]") ?? []) el.toggleAttribute("data-me", el.dataset.agent === me);
}

/** One element from the HTML the server wrote. A template runs no script and fetches nothing. */
export function element(html) {
  const template = document.createElement("template");
  template.innerHTML = html.trim();
  return template.content.firstElementChild;
}
