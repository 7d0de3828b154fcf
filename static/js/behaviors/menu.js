// A menu is a <details>: it opens without scripts. Here it also closes, and is walked with the arrows.
export function menu(details) {
  const items = () => [...details.querySelectorAll(".menu a, .menu button")];
  const enter = () => (details.querySelector("[data-active]") ?? items()[0])?.focus();
  // At once: `toggle` comes a moment later, and an Enter pressed before it would close the menu again.
  details.querySelector("summary").addEventListener("click", (event) => {
    event.preventDefault();
    details.open = !details.open;
    if (details.open) enter();
  });
  details.addEventListener("toggle", () => {
    if (details.open && !details.querySelector(".menu")?.contains(document.activeElement)) enter();
  });
  details.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && details.open) {
      event.stopPropagation();
      details.open = false;
      details.querySelector("summary").focus();
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !details.open) return;
    event.preventDefault();
    const list = items(), at = list.indexOf(document.activeElement);
    list[(at + step + list.length) % list.length]?.focus();
  });
  details.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !details.contains(event.relatedTarget)) details.open = false;
  });
  document.addEventListener("pointerdown", (event) => {
    if (details.open && !details.contains(event.target)) details.open = false;
  });
}
