// The conversation: a pushed message takes its place, or takes the place of what it was before.
import { element, markMe } from "../lib/rows.js";

const NEAR = 120;

export function story(region) {
  const msgs = () => region.querySelector("#msgs");
  const toEnd = () => { region.scrollTop = region.scrollHeight; };
  const put = (html, version) => {
    const fresh = element(html);
    if (!fresh) return;
    const old = document.getElementById(fresh.id);
    if (old && Number(old.dataset.v ?? 0) > version) return;
    const near = region.scrollHeight - region.scrollTop - region.clientHeight < NEAR;
    if (old) old.replaceWith(fresh);
    else msgs().append(fresh);
    htmx.process(fresh);
    markMe(fresh);
    if (near) toEnd();
  };
  listen(region, "stream:message", ({ ticket, html, v }) => {
    if (String(ticket) === current()) put(html, Number(v ?? 0));
  });
  // The answer to a reply carries its message too; the stream may have been faster.
  listen(region, "htmx:oobAfterSwap", () => dedupe(msgs()));
  listen(region, "stream:refresh", () => refetch(toEnd));
  toEnd();
}

export const current = () => document.getElementById("case")?.dataset.ticket ?? "";

// Listeners leave with the element that asked for them.
export function listen(el, name, act) {
  const heard = (event) => (el.isConnected ? act(event.detail) : document.removeEventListener(name, heard));
  document.addEventListener(name, heard);
}

function dedupe(msgs) {
  for (const el of msgs.querySelectorAll("[id^='msg-']")) {
    const twins = msgs.querySelectorAll(`#${CSS.escape(el.id)}`);
    for (const twin of [...twins].slice(0, -1)) twin.remove();
  }
}

// Only the messages are taken: what is being written stays as it is.
async function refetch(then) {
  const url = document.getElementById("case")?.dataset.url;
  if (!url) return;
  await htmx.ajax("GET", url, { target: "#msgs", select: "#msgs", swap: "outerHTML" });
  then();
}
