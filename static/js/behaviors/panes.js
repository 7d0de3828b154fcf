// On a narrow screen one pane is seen at a time. The links work without scripts; here they leave no history.
export function panes(console_) {
  const show = (name) => {
    console_.dataset.pane = name;
    document.getElementById(name)?.focus({ preventScroll: true });
  };
  document.querySelector(".pane-tabs")?.addEventListener("click", (event) => {
    const link = event.target.closest("[data-pane]");
    if (!link) return;
    event.preventDefault();
    show(link.dataset.pane);
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id === "case" || event.detail.elt?.id === "case") show("case");
  });
}
