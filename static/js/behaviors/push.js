// This browser may be written to when an alarm sounds: asked for by a press, never by itself.
export function push(box) {
  const ask = box.querySelector("[data-push]"), off = box.querySelector("[data-push-off]");
  const said = box.querySelector("output");
  if ("serviceWorker" in navigator && "PushManager" in window) ask.hidden = false;
  ask.addEventListener("click", async () => {
    try {
      if ((await Notification.requestPermission()) !== "granted") throw new Error("refused");
      const worker = await navigator.serviceWorker.register(box.dataset.worker);
      await navigator.serviceWorker.ready;
      const found = await worker.pushManager.subscribe({
        userVisibleOnly: true, applicationServerKey: bytes(box.dataset.keyPublic),
      });
      const { endpoint, keys } = found.toJSON();
      if (!(await tell(box, { endpoint, ...keys })).ok) throw new Error("refused");
      said.textContent = box.dataset.on;
      ask.hidden = true;
    } catch {
      said.textContent = box.dataset.refused;
    }
  });
  off?.addEventListener("click", async () => {
    await tell(box, { off: "1" });
    location.reload();
  });
}

function tell(box, facts) {
  const { "X-CSRFToken": token } = JSON.parse(document.body.getAttribute("hx-headers"));
  return fetch(box.dataset.url, { method: "POST", body: new URLSearchParams(facts), headers: { "X-CSRFToken": token } });
}

function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}
