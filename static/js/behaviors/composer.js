// The composer counts as the network counts, keeps what is written, and sends with Ctrl+Enter.
import { weightedLength } from "../lib/weighted.js";
import { draftOf } from "../lib/drafts.js";

export function composer(form) {
  const text = form.elements.text, draft = draftOf(form.dataset.ticket);
  const mode = () => form.elements.mode.value;
  const usable = (el) => (el.dataset.for ?? mode()).split(" ").includes(mode());
  const button = () => [...form.querySelectorAll("button[type=submit]")].find(usable);

  if (!text.value && draft.read()) restore(form, draft.read());
  text.addEventListener("input", () => { draft.write({ text: text.value, mode: mode() }); measure(form); });
  form.addEventListener("change", (event) => {
    measure(form);
    if (event.target.name === "mode") { draft.write({ text: text.value, mode: mode() }); text.focus(); }
  });
  form.querySelector(".modes").addEventListener("click", (event) => event.target.closest("label") && text.focus());
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    const send = button();
    if (send && !send.disabled && text.value.trim()) send.click();
  });
  let sent = "";
  form.addEventListener("submit", (event) => { if ((sent = text.value).trim() === "") event.preventDefault(); });
  // A button with an address of its own sends without the form's submit.
  form.addEventListener("click", (event) => { if (event.target.closest("button[type=submit]")) sent = text.value; }, true);
  // Only what was accepted is forgotten: after an error (422) or none at all, the draft is still here,
  // and what was written while the answer was on its way is still to be sent.
  // Heard here and not on the page: whoever goes on to the next case has left this form behind when its answer comes.
  form.addEventListener("htmx:beforeOnLoad", ({ detail: { xhr } }) => {
    if (xhr.status < 200 || xhr.status >= 300 || xhr.getResponseHeader("HX-Redirect")) return;
    const more = sent && text.value.startsWith(sent) ? text.value.slice(sent.length).trimStart() : "";
    if (more) draft.write({ text: more, mode: mode() });
    else draft.forget();
  });
  measure(form);
}

function restore(form, kept) {
  form.elements.text.value = kept.text;
  const choice = form.querySelector(`[name=mode][value="${CSS.escape(kept.mode ?? "")}"]`);
  const chosen = form.querySelector("[name=mode]:checked");
  // Whoever has chosen already knows better than the draft.
  if (choice && !choice.disabled && (!chosen || chosen.defaultChecked)) choice.checked = true;
  form.elements.text.dispatchEvent(new Event("input"));
}

// Signature included: it is part of what leaves. Each mode has its own limit and its own way of counting.
function measure(form) {
  const meter = form.querySelector(".meter"), radio = form.querySelector("[name=mode]:checked");
  if (!meter || !radio) return;
  const limit = Number(radio.dataset.limit ?? 0);
  meter.hidden = !limit;
  if (!limit) return;
  const whole = `${form.elements.text.value.trimEnd()} ${form.dataset.signature}`;
  const n = radio.dataset.counted === "weighted" ? weightedLength(whole) : whole.length;
  const split = form.elements.split?.checked;
  meter.querySelector("output").textContent = `${n}/${limit}`;
  meter.querySelector("circle + circle").setAttribute("stroke-dasharray", `${Math.min(100, Math.round((100 * n) / limit))} 100`);
  meter.toggleAttribute("data-over", n > limit && !(split && radio.value === "public"));
  const offer = form.querySelector("[data-split]");
  if (offer) offer.hidden = n <= limit && !split;
}
