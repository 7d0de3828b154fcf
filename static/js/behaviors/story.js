// The conversation: a pushed message takes its place, or takes the place of what it was before.
import { alive, arrived, atEnd, current, fetchAccount, fetchCase, listen, stays, toEnd } from "../lib/case.js";
import { askedFor, heardSince } from "../lib/missed.js";
import { element } from "../lib/rows.js";

export function story(region) {
  const msgs = () => region.querySelector("#msgs");
  const put = (html, version) => {
    const fresh = element(html);
    if (!fresh) return;
    const old = document.getElementById(fresh.id);
    if (old && (Number(old.dataset.v ?? 0) > version || stays(old))) return;
    const end = atEnd(msgs());
    if (old) old.replaceWith(fresh);
    else msgs().append(fresh);
    alive(fresh);
    if (end) toEnd(msgs());
  };
  listen(region, "stream:message", ({ ticket, html, v }) => {
    if (String(ticket) === current()) put(html, Number(v ?? 0));
  });
  // State, person, clocks, notes and what happened: a newer version of the case than the one shown.
  listen(region, "stream:ticket", ({ ticket, v }) => {
    const shown = Number(document.getElementById("case-head")?.dataset.v ?? 0);
    if (String(ticket) === current() && Number(v) > shown) fetchCase();
  });
  listen(region, "stream:account", () => { fetchCase(); fetchAccount(); });
  listen(region, "stream:refresh", fetchCase);
  region.addEventListener("htmx:load", ({ target }) => arrived(target));
  // What happened while this case was on its way may not be in it.
  if (heardSince(askedFor("case"), "message", "ticket").some((one) => String(one.ticket) === current())) fetchCase();
  // The answer to a reply carries its message too; the stream may have been faster.
  listen(region, "htmx:oobAfterSwap", () => {
    dedupe(msgs());
    toEnd(msgs());
  });
  toEnd(msgs());
}

function dedupe(msgs) {
  for (const el of msgs.querySelectorAll("[id^='msg-']")) {
    const twins = msgs.querySelectorAll(`#${CSS.escape(el.id)}`);
    // Of two that crossed on the way the newer stays; of equals the one that came last.
    const kept = [...twins].reduce((a, b) => (Number(b.dataset.v ?? 0) >= Number(a.dataset.v ?? 0) ? b : a));
    for (const twin of twins) if (twin !== kept) twin.remove();
  }
}
