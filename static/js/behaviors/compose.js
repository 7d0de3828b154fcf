// Buttons that write for the composer: `data-compose` is a text to put where one writes, `data-to-mode` who will see it.
export function startCompose() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-compose], [data-to-mode]"), form = document.getElementById("composer");
    if (!button || !form) return;
    const mode = form.querySelector(`[name=mode][value="${button.dataset.toMode ?? ""}"]`);
    if (mode && !mode.disabled && !mode.checked) mode.click();
    write(form, button.dataset.compose ?? "");
  });
}

/** Put a text where the caret stands, apart from the words around it, and go on writing there. */
export function write(form, words, from = form.elements.text.selectionStart) {
  const text = form.elements.text;
  if (words) {
    const before = text.value.slice(0, from), after = text.value.slice(text.selectionEnd);
    const lead = before && !/\s$/.test(before) ? " " : "";
    text.value = before + lead + words + after;
    text.setSelectionRange((before + lead + words).length, (before + lead + words).length);
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }
  const pane = document.querySelector('.pane-tabs [data-pane="case"]');
  if (pane?.checkVisibility?.()) pane.click();
  text.focus();
}
