// The composer counts as the network counts, keeps what is written, and sends with Ctrl+Enter.
import { draftOf } from "../lib/drafts.js";
import { measure } from "../lib/meter.js";
import { putBack, showAside } from "./aside.js";

export function composer(form) {
  const text = form.elements.text, split = form.elements.split, draft = draftOf(form.dataset.ticket), kept = draft.read();
  const mode = () => form.elements.mode.value;
  const usable = (el) => (el.dataset.for ?? mode()).split(" ").includes(mode());
  const button = () => [...form.querySelectorAll("button[type=submit]")].find(usable);
  const now = () => ({ text: text.value, mode: mode(), split: Boolean(split?.checked) });
  let aside = kept?.aside ?? [], sent = "", refused = "";

  const keep = () => draft.write({ ...now(), aside });
  const changed = () => {
    keep();
    measure(form);
    if (refused && refused !== JSON.stringify(now())) refused = acquit(form);
  };
  const show = () => showAside(form, aside, {
    take(one) {
      const written = text.value.trim() ? [now()] : [];
      aside = aside.flatMap((other) => (other === one ? written : [other]));
      putBack(form, one);
      show();
    },
    drop(one) {
      aside = aside.filter((other) => other !== one);
      keep();
      show();
    },
  });

  text.addEventListener("input", changed);
  // Whoever has chosen a mode already knows better than the draft.
  const chosen = form.querySelector("[name=mode]:checked");
  if (!text.value && kept?.text) putBack(form, chosen && !chosen.defaultChecked ? { ...kept, mode: chosen.value } : kept);
  else if (split && kept && text.value === kept.text) split.checked = Boolean(kept.split);
  if (form.querySelector(".finding-block:not(.stop)")) refused = JSON.stringify(now());
  if (aside.length) show();
  form.addEventListener("undone", ({ detail }) => {
    if (text.value.trim()) aside = [...aside, detail];
    else putBack(form, detail);
    keep();
    show();
    text.focus();
  });
  form.addEventListener("change", (event) => {
    if (event.target !== text) changed();
    if (event.target.name === "mode") text.focus();
  });
  form.querySelector(".modes").addEventListener("click", (event) => event.target.closest("label") && text.focus());
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    const send = button();
    if (send && !send.disabled && text.value.trim()) send.click();
  });
  form.addEventListener("submit", (event) => { if ((sent = text.value).trim() === "") event.preventDefault(); });
  // A button with an address of its own sends without the form's submit.
  form.addEventListener("click", (event) => { if (event.target.closest("button[type=submit]")) sent = text.value; }, true);
  // Only what was accepted is forgotten: after an error (422) or none at all, the draft is still here,
  // and what was written while the answer was on its way is still to be sent.
  // Heard here and not on the page: whoever goes on to the next case has left this form behind when its answer comes.
  form.addEventListener("htmx:beforeOnLoad", ({ detail: { xhr } }) => {
    if (xhr.status < 200 || xhr.status >= 300 || xhr.getResponseHeader("HX-Redirect")) return;
    const more = sent && text.value.startsWith(sent) ? text.value.slice(sent.length).trimStart() : "";
    draft.write({ text: more, mode: mode(), aside: draft.read()?.aside });
  });
  measure(form);
}

// A refusal was of that text, said in that way: what is written now is judged when it is sent.
function acquit(form) {
  for (const finding of form.querySelectorAll(".finding-block:not(.stop)")) finding.remove();
  for (const name of ["aria-invalid", "aria-describedby"]) form.elements.text.removeAttribute(name);
  return "";
}

