// The templates of a case: «/» where a line begins opens them, letters search, arrows walk, Enter takes one.
import { filter } from "../lib/picks.js";
import { write } from "./compose.js";

export function templates(details) {
  const form = details.closest("form"), text = form.elements.text, menu = details.querySelector(".menu");
  const picks = () => [...menu.querySelectorAll(".pick:not([hidden])")];
  let slash = -1;

  const show = async (body) => {
    const answer = await fetch(details.dataset.url, { method: body ? "POST" : "GET", body, headers: { "HX-Request": "true" } });
    if (!answer.ok) return;
    const found = new DOMParser().parseFromString(await answer.text(), "text/html").body;
    menu.replaceChildren(...found.childNodes);
    if (details.open) menu.querySelector("[data-filter]")?.focus();
  };
  const close = () => { details.open = false; slash = -1; text.focus(); };
  const take = (pick) => {
    const { text: words, seal, place } = pick.dataset;
    const mode = form.querySelector(`[name=mode][value="${place}"]`);
    if (mode && !mode.disabled && !mode.checked) mode.click();
    if (slash >= 0) text.setSelectionRange(slash, slash + 1);
    write(form, words, slash >= 0 ? slash : undefined);
    form.elements.began_with.value = seal;
    close();
    // What is still to be said in one's own words is there to be written over.
    const gap = /\[[^\]\n]{1,60}\]|\{\w+\}/.exec(text.value);
    if (gap) text.setSelectionRange(gap.index, gap.index + gap[0].length);
  };

  details.addEventListener("toggle", () => details.open && show());
  text.addEventListener("input", (event) => {
    if (event.data !== "/" || form.elements.mode.value === "note") return;
    const at = text.selectionStart - 1;
    if (at > 0 && text.value[at - 1] !== "\n") return;
    slash = at;
    details.open = true;
  });
  menu.addEventListener("input", (event) => event.target.matches("[data-filter]") && filter(event.target));
  menu.addEventListener("click", (event) => {
    const pick = event.target.closest(".pick"), voice = event.target.closest("[data-voice]");
    if (pick) take(pick);
    if (!voice) return;
    const body = new FormData(form);
    body.set("voice", voice.dataset.voice);
    show(body);
  });
  details.addEventListener("keydown", (event) => {
    if (!details.open) return;
    if (event.key === "Escape") { event.stopPropagation(); event.preventDefault(); return close(); }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key], list = picks();
    if (event.key === "Enter" && event.target.matches("[data-filter]")) {
      event.preventDefault();
      if (list[0]) take(list[0]);
    } else if (step) {
      event.preventDefault();
      const at = list.indexOf(document.activeElement) + step;
      (at < 0 ? menu.querySelector("[data-filter]") : list[Math.min(at, list.length - 1)])?.focus();
    }
  });
}
