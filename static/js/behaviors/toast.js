// Short notices: what was done, what could not be. The server names one with `HX-Trigger: {"toast": "…"}`.
const SECONDS = 8;

export function toast(text, bad = false) {
  const region = document.getElementById("toasts"), template = document.getElementById("toast");
  if (!region || !template || !text) return;
  const notice = template.content.firstElementChild.cloneNode(true);
  notice.querySelector("span").textContent = text;
  notice.classList.toggle("toast-bad", bad);
  region.append(notice);
  leave(notice);
  return notice;
}

export function toasts(region) {
  region.addEventListener("click", (event) => event.target.closest("[data-close]")?.closest(".toast").remove());
  for (const notice of region.children) leave(notice);
  const { error, offline } = document.body.dataset;
  document.addEventListener("toast", (event) => toast(event.detail?.value ?? event.detail?.text, event.detail?.bad));
  document.addEventListener("htmx:responseError", () => toast(error, true));
  document.addEventListener("htmx:sendError", () => {
    if (navigator.onLine) return toast(error, true);
    const notice = toast(offline, true);
    // It is over when it is over.
    addEventListener("online", () => notice.remove(), { once: true });
  });
}

/** What was asked of a part of the page that is not there any more (whoever sends goes on to the next case) has nobody
 * to say that it was refused: then a notice does. */
export function startLate() {
  document.addEventListener("htmx:beforeSend", ({ detail: { xhr, elt, requestConfig } }) => {
    if (requestConfig.verb === "get") return;
    const refused = () => elt.isConnected || toast(document.body.dataset.error, true);
    xhr.addEventListener("readystatechange", () => xhr.readyState === 4 && xhr.status >= 400 && refused());
    xhr.addEventListener("error", refused);
  });
}

// What went wrong stays until it is read.
function leave(notice) {
  if (!notice.classList.contains("toast-bad")) setTimeout(() => notice.remove(), SECONDS * 1000);
}
