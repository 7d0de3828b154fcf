// A question that was fetched: it opens over the page, and leaves the page when it is closed.
export function modal(dialog) {
  const before = document.activeElement;
  dialog.showModal();
  dialog.addEventListener("click", (event) => event.target.closest("[data-close]") && dialog.close());
  dialog.addEventListener("close", () => {
    dialog.remove();
    before?.closest("details")?.querySelector("summary")?.focus();
  });
}
