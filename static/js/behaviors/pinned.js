// What everybody answers while something fails, over the composer: fetched with the case, and again when it changes.
import { listen } from "../lib/case.js";

const ANYWAY = 50_000;

export function pinned(box) {
  const fetchIt = () => box.isConnected && htmx.ajax("GET", box.dataset.url, { target: box, swap: "innerHTML" }).catch(() => {});
  listen(box, "stream:incident", fetchIt);
  listen(box, "stream:refresh", fetchIt);
  const timer = setInterval(() => (box.isConnected ? document.hidden || fetchIt() : clearInterval(timer)), ANYWAY);
}
