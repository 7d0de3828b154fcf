// The board «Ahora» follows the stream: what changes is fetched again, once every two seconds at the most, and never
// while somebody has a menu open in it. Time alone changes it too.
import { alive, listen } from "../lib/case.js";
import { isPressed } from "../lib/pressed.js";
import { refetch } from "../lib/refetch.js";

const AT_MOST = 2000;
const ANYWAY = 30_000;
const NEWS = ["row", "ticket", "counts", "account", "incident", "refresh"];
let waiting = 0, last = Date.now();

export function board(box) {
  // The board may be another element by then: what waits is its turn, not the element's.
  const soon = () => {
    if (waiting) return;
    waiting = setTimeout(() => {
      waiting = 0;
      last = Date.now();
      if (!document.hidden) refetch(box.id, isUsed, replace);
    }, Math.max(200, last + AT_MOST - Date.now()));
  };
  for (const name of NEWS) listen(box, `stream:${name}`, soon);
  const timer = setInterval(() => (box.isConnected ? document.hidden || soon() : clearInterval(timer)), ANYWAY);
}

const isUsed = (box) => isPressed(box) || Boolean(box.querySelector("details[open], .htmx-request"));

function replace(box, fresh) {
  const place = focused(box);
  box.replaceWith(fresh);
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
