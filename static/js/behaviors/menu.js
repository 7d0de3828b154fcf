// A menu is a <details>: it opens without scripts. Here it also closes, and is walked with the arrows. What has no room
// of its own beside others is opened from another menu (`data-menu="id"`), which is where the focus goes back to.
const OPEN = ["menu", "typify", "templates", "articles"].map((name) => `details[data-behavior~="${name}"][open]`).join();

/** One pair of ears for all menus, also those that come later: a head that was replaced leaves none behind. */
export function startMenus() {
  document.addEventListener("pointerdown", (event) => {
    for (const details of document.querySelectorAll(OPEN)) if (!details.contains(event.target)) details.open = false;
  });
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-menu]");
    if (opener) document.getElementById(opener.dataset.menu).querySelector("summary").click();
  });
}

export function menu(details) {
  const items = () => [...details.querySelectorAll(".menu a, .menu button")].filter((item) => item.checkVisibility());
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
      (document.getElementById(details.dataset.home) ?? details).querySelector("summary").focus();
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
}
