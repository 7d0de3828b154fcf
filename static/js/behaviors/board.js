// The board «Ahora» follows the stream: what changes is fetched again, once every two seconds at the most, and never
// while somebody has a menu open in it. Time alone changes it too.
import { alive, listen } from "../lib/case.js";

const AT_MOST = 2000;
const ANYWAY = 30_000;
const NEWS = ["row", "ticket", "counts", "account", "incident", "refresh"];

export function board(box) {
  let waiting = 0, last = Date.now();
  const soon = () => {
    if (waiting) return;
    waiting = setTimeout(() => { waiting = 0; last = Date.now(); refetch(box); }, Math.max(200, last + AT_MOST - Date.now()));
  };
  for (const name of NEWS) listen(box, `stream:${name}`, soon);
  const timer = setInterval(() => (box.isConnected ? document.hidden || soon() : clearInterval(timer)), ANYWAY);
}

async function refetch(box) {
  if (!box.isConnected || document.hidden || box.querySelector("details[open], .htmx-request")) return;
  const answer = await fetch(box.dataset.url, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok || answer.redirected || !box.isConnected || box.querySelector(".htmx-request")) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(box.id);
  if (!fresh) return;
  const place = focused(box);
  box.replaceWith(document.adoptNode(fresh));
  alive(fresh);
  if (place) fresh.querySelector(place)?.focus({ preventScroll: true });
}

// Where the reader is: the same link or button of the same row, once the board is written anew.
function focused(box) {
  const el = document.activeElement;
  if (!box.contains(el)) return "";
  const row = el.closest("[id]"), href = el.getAttribute("href");
  const near = row && row !== box ? `#${CSS.escape(row.id)} ` : "";
  if (href) return `${near}a[href="${CSS.escape(href)}"]`;
  return near && el.matches("button") ? `${near}button` : "";
}
