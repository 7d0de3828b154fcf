// On a narrow screen one pane is seen at a time. The links work without scripts; here they leave no history.
export function panes(console_) {
  const show = (name) => {
    console_.dataset.pane = name;
    document.getElementById(name)?.focus({ preventScroll: true });
  };
  // Whoever has gone on to another row or field meanwhile keeps the focus there.
  const stayed = (elt) => [elt, document.body, null].includes(document.activeElement) || elt?.id === "case";
  document.querySelector(".pane-tabs")?.addEventListener("click", (event) => {
    const link = event.target.closest("[data-pane]");
    if (!link) return;
    event.preventDefault();
    show(link.dataset.pane);
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const { target, elt, requestConfig } = event.detail;
    if (target.id !== "case" && elt?.id !== "case") return;
    if (stayed(requestConfig?.elt)) show("case");
    else console_.dataset.pane = "case";
  });
}
