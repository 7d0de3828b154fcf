// The articles an answer can link: Ctrl K opens them, what is written is searched on the server, Enter takes one.
import { write } from "./compose.js";

export function articles(details) {
  const form = details.closest("form"), text = form.elements.text, menu = details.querySelector(".menu");
  const field = () => menu.querySelector("[name=find]");
  const picks = () => [...menu.querySelectorAll(".pick")];
  let asked = 0, late;

  const show = async (words = "") => {
    const mine = ++asked;
    const answer = await fetch(`${details.dataset.url}?q=${encodeURIComponent(words)}`, { headers: { "HX-Request": "true" } });
    if (!answer.ok || mine !== asked) return;
    const found = new DOMParser().parseFromString(await answer.text(), "text/html").body;
    if (field()) menu.querySelector(".picks").replaceWith(found.querySelector(".picks"));
    else menu.replaceChildren(...found.childNodes);
    if (details.open) field().focus();
  };
  const close = () => { details.open = false; text.focus(); };
  const take = (pick) => { close(); write(form, pick.dataset.text); };

  details.addEventListener("toggle", () => details.open && show(field()?.value));
  form.addEventListener("keydown", (event) => {
    if (event.key !== "k" || !(event.ctrlKey || event.metaKey) || form.elements.mode.value === "note") return;
    event.preventDefault();
    details.open = !details.open;
  });
  menu.addEventListener("input", () => { clearTimeout(late); late = setTimeout(() => show(field().value), 120); });
  menu.addEventListener("click", (event) => event.target.closest(".pick") && take(event.target.closest(".pick")));
  details.addEventListener("keydown", (event) => {
    if (!details.open) return;
    if (event.key === "Escape") { event.stopPropagation(); event.preventDefault(); return close(); }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key], list = picks();
    if (event.key === "Enter" && event.target === field()) {
      event.preventDefault();
      if (list[0]) take(list[0]);
    } else if (step) {
      event.preventDefault();
      const at = list.indexOf(document.activeElement) + step;
      (at < 0 ? field() : list[Math.min(at, list.length - 1)])?.focus();
    }
  });
}
