// A question that was fetched: it opens over the page, and leaves the page when it is closed.
export function modal(dialog) {
  const before = document.activeElement;
  dialog.showModal();
  dialog.addEventListener("click", (event) => event.target.closest("[data-close]") && dialog.close());
  // A question whose answer belongs elsewhere on the page is over once it was answered.
  dialog.addEventListener("htmx:afterRequest", (event) => event.target.matches("[data-closes]") && dialog.close());
  dialog.addEventListener("close", () => {
    dialog.remove();
    before?.closest("details")?.querySelector("summary")?.focus();
  });
}
