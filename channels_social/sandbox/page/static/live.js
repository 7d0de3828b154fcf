// Keeps the columns current: the stream says that something changed, the part that changed is fetched and swapped.
const body = document.body;
const columns = { x: document.querySelector('[data-column="x"]'), f: document.querySelector('[data-column="f"]') };
const shown = { x: columns.x.innerHTML, f: columns.f.innerHTML };
const say = document.querySelector("[data-say]");

function ago(ms) {
  const s = Math.floor((Date.now() - ms) / 1000);
  if (s < 45) return "ahora";
  if (s < 3600) return `${Math.max(1, Math.floor(s / 60))}\u00a0min`;
  if (s < 86400) return `${Math.floor(s / 3600)}\u00a0h`;
  const days = Math.floor(s / 86400);
  return `${days}\u00a0día${days > 1 ? "s" : ""}`;
}

// Texts of time differ from one fetch to the next without anything having been said.
const still = (html) => html.replace(/(<time[^>]*>)[^<]*/g, "$1");

function swap(name, html, { quiet = false } = {}) {
  if (still(html) === still(shown[name])) return;
  const column = columns[name];
  const before = new Set([...column.querySelectorAll("[id]")].map((el) => el.id));
  const focus = column.contains(document.activeElement) ? document.activeElement : null;
  const holder = focus?.closest("[id]")?.id;
  const act = focus?.dataset?.act;
  const open = column.querySelector("details[open]")?.closest("[id]")?.id;
  shown[name] = html;
  column.innerHTML = html;
  if (holder) document.getElementById(holder)?.querySelector(act ? `[data-act="${act}"]` : "summary")?.focus({ preventScroll: true });
  if (open) document.getElementById(open)?.querySelector("details")?.setAttribute("open", "");
  if (quiet) return;
  for (const el of column.querySelectorAll("[id]")) {
    if (before.has(el.id) || !before.size) continue;
    el.classList.add("is-new");
    if (el.matches(".post-company, .ours") || el.querySelector(":scope > .company"))
      say.textContent = `La empresa respondió: ${el.querySelector(".said, .company, [dir]")?.textContent ?? ""}`;
  }
}

export function follow() {
  const listeners = [];
  let wanted = null, busy = false;

  async function fetchParts(of, options) {
    wanted = wanted === "said" ? "said" : of;
    if (busy) return;
    busy = true;
    while (wanted) {
      const now = wanted;
      wanted = null;
      try {
        const query = new URLSearchParams({ empresa: body.dataset.company, x: body.dataset.x, f: body.dataset.f, of: now });
        const told = await (await fetch(`/page/part?${query}`)).json();
        document.querySelector("[data-wire]").innerHTML = told.wire;
        if (now === "said") {
          swap("x", told.x, options);
          swap("f", told.f, options);
          document.querySelector("[data-counts]").innerHTML = told.counts;
          for (const listener of listeners) listener(told);
        }
      } catch { /* the stream will say again */ }
    }
    busy = false;
  }

  let last = { said: -1, wire: -1 }, wireTimer = 0;
  const stream = new EventSource("/page/events");
  stream.addEventListener("message", (event) => {
    const now = JSON.parse(event.data);
    if (now.said !== last.said) fetchParts("said");
    else if (now.wire !== last.wire && !wireTimer)
      wireTimer = setTimeout(() => { wireTimer = 0; fetchParts("wire"); }, 700);
    last = now;
  });

  setInterval(() => {
    for (const el of document.querySelectorAll("time[data-ms]")) el.textContent = ago(Number(el.dataset.ms));
  }, 20000);

  return { refresh: (options) => fetchParts("said", options), heard: (listener) => listeners.push(listener) };
}
