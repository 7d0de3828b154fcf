// J and K: the next and the previous case, opened as they are reached.
export function startWalk() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-row]");
    if (button) step(button.dataset.row === "next" ? 1 : -1);
  });
}

function step(by) {
  const all = [...document.querySelectorAll("#queue-list a.row")];
  const at = all.findIndex((row) => row.getAttribute("aria-current") === "true");
  const next = all[at === -1 ? 0 : at + by];
  next?.scrollIntoView({ block: "nearest" });
  next?.focus({ preventScroll: true });
  next?.click();
}
