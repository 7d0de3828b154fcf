// What everybody answers while something fails, over the composer: fetched with the case, and again when it changes.
import { listen } from "../lib/case.js";

const ANYWAY = 50_000, SOON = 300;

export function pinned(box) {
  const fetchIt = () => {
    if (!box.isConnected) return;
    // What was asked from it is on its way back to it.
    if (box.querySelector(".htmx-request")) setTimeout(fetchIt, SOON);
    else htmx.ajax("GET", box.dataset.url, { target: box }).catch(() => {});
  };
  listen(box, "stream:incident", fetchIt);
  listen(box, "stream:refresh", fetchIt);
  const timer = setInterval(() => (box.isConnected ? document.hidden || fetchIt() : clearInterval(timer)), ANYWAY);
}
