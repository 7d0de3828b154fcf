// Joins this browser's one stream and says how it is: «En vivo», «Reconectando…», «Sin conexión».
import { joinStream } from "../stream.js";

export function live(sign) {
  const { events, worker, live: on, wait, off } = sign.dataset;
  if (!events) return;
  joinStream({ url: events, workerUrl: worker });
  let said = "wait";
  const paint = () => {
    const state = navigator.onLine ? said : "off";
    sign.textContent = { live: on, wait, off }[state] ?? wait;
    sign.classList.toggle("live-wait", state === "wait");
    sign.classList.toggle("live-bad", state === "off");
  };
  document.addEventListener("stream:state", (event) => { said = event.detail; paint(); });
  // The computer knows before the stream does, which may be a minute finding out.
  for (const event of ["online", "offline"]) addEventListener(event, paint);
}
