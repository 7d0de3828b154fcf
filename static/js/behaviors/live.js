// Joins this browser's one stream and says how it is: «En vivo», «Reconectando…», «Sin conexión».
import { joinStream } from "../stream.js";

export function live(sign) {
  const { events, worker, live: on, wait, off } = sign.dataset;
  if (!events) return;
  joinStream({ url: events, workerUrl: worker });
  document.addEventListener("stream:state", (event) => {
    const state = navigator.onLine ? event.detail : "off";
    sign.textContent = { live: on, wait, off }[state] ?? wait;
    sign.classList.toggle("live-wait", state === "wait");
    sign.classList.toggle("live-bad", state === "off");
  });
}
