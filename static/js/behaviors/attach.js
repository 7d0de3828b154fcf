// Files of an answer: chosen, pasted or dropped, they go to the house at once and wait there until the answer takes
// them. Which ones stays known in this tab, as the draft does.
import { busyLine, chosenFor, isTaken, linesOf, request } from "../lib/chosen.js";

const MOST = 10 * 1024 * 1024;

export function attach(box) {
  const form = box.closest("form"), list = box.querySelector(".attached"), field = box.querySelector("input[type=file]");
  const said = box.querySelector(".attach-said"), chosen = chosenFor(form.dataset.ticket), words = box.dataset;
  const lines = () => [...list.querySelectorAll("[data-id]")];
  const rules = () => box.querySelector(`.attach-hint[data-for="${form.elements.mode.value}"]`)?.dataset;
  const takes = () => Number(rules()?.most) > 0;
  const tell = (text) => { said.textContent += ` ${text}`; };
  let busy = 0, sent = [];

  const ask = (url, body) => request(form, url, body);
  const changed = () => { check(); chosen.write(lines()); };

  // What the chosen way does not take is marked before anything is sent.
  function check() {
    const all = lines().reduce((sum, line) => sum + Number(line.dataset.size), 0);
    lines().forEach((line, place) => line.toggleAttribute("data-bad", Boolean(rules()) && !isTaken(rules(), line.dataset, place, all)));
  }
  async function add(files) {
    said.textContent = "";
    for (const file of files) {
      if (file.size > MOST) tell(`«${file.name}» ${words.heavy}`);
      else await send(file);
    }
  }
  async function send(file) {
    const line = busyLine(file.name), body = new FormData();
    list.append(line);
    body.append("file", file);
    busy += 1;
    const answer = await ask(words.url, body), found = answer?.ok ? await linesOf(answer) : [];
    busy -= 1;
    line.replaceWith(...found);
    if (!found.length) tell(answer?.status === 422 ? await answer.text() : `«${file.name}» ${words.failed}`);
    changed();
  }
  async function restore() {
    const kept = chosen.read(), answer = kept.size && !lines().length ? await ask(words.url) : null;
    if (!answer?.ok) return;
    for (const line of (await linesOf(answer)).filter((one) => kept.has(one.dataset.id))) {
      const alt = line.querySelector("[name^=alt-]");
      if (alt) alt.value = kept.get(line.dataset.id);
      list.append(line);
    }
    changed();
  }
  const given = (event, files) => { if (files?.length && takes()) { event.preventDefault(); add([...files]); } };

  field.addEventListener("change", () => { add([...field.files]); field.value = ""; });
  form.addEventListener("paste", (event) => given(event, event.clipboardData?.files));
  form.addEventListener("drop", (event) => given(event, event.dataTransfer?.files));
  form.addEventListener("dragover", (event) => event.dataTransfer.types.includes("Files") && takes() && event.preventDefault());
  form.addEventListener("keydown", (event) => {
    if (event.key === "o" && (event.ctrlKey || event.metaKey) && takes()) { event.preventDefault(); field.click(); }
  });
  form.addEventListener("change", check);
  list.addEventListener("input", () => chosen.write(lines()));
  list.addEventListener("click", (event) => {
    const line = event.target.closest("[data-remove]")?.closest("li");
    if (!line) return;
    ask(line.dataset.url, new FormData());
    line.remove();
    changed();
    field.focus();
  });
  form.addEventListener("htmx:configRequest", (event) => {
    if (busy) { event.preventDefault(); said.textContent = words.busy; }
    sent = rules() ? lines() : [];
  });
  form.addEventListener("htmx:beforeOnLoad", ({ detail: { xhr } }) => {
    if (xhr.status >= 200 && xhr.status < 300) chosen.write(lines().filter((line) => !sent.includes(line)));
  });
  restore();
  check();
}
