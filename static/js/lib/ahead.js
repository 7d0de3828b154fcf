// What is typed while the next page is on its way: nothing of this one obeys it any more («e» would resolve the case that
// is still shown), and the field that waits there gets it.
const NAME = "typed-ahead", LONGEST = 5000;

/** The next page was asked for: from now on keys are kept for it. */
export function typeAhead() {
  const end = Date.now() + LONGEST;
  let text = "";
  const hold = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (Date.now() > end) return removeEventListener("keydown", hold, true);
    event.preventDefault();
    event.stopImmediatePropagation();
    if (event.key === "Backspace") text = text.slice(0, -1);
    else if (event.key.length === 1) text += event.key;
    sessionStorage.setItem(NAME, JSON.stringify({ text, at: Date.now() }));
  };
  addEventListener("keydown", hold, true);
  // Back again, with this page as it was left.
  addEventListener("pageshow", () => removeEventListener("keydown", hold, true), { once: true });
}

/** What was typed on the way here goes before what is in the field that has the focus of this page. */
export function takeTyped() {
  const { text, at } = JSON.parse(sessionStorage.getItem(NAME) ?? "{}");
  sessionStorage.removeItem(NAME);
  const field = document.querySelector("input[autofocus]:not([type=checkbox], [type=radio]), textarea[autofocus]");
  if (!text || !field || Date.now() - at > LONGEST) return;
  field.value = text + field.value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
