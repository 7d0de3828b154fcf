// Looks up the dates of what is being written and offers them: Alt and a digit takes one, with Shift instead of the former.
const PAUSE = 350;

export function promises(box) {
  const form = box.closest("form"), text = form.elements.text;
  let waiting = 0, asked = null, last = "";

  const look = async () => {
    const words = `${form.elements.mode.value} ${text.value}`;
    if (words === last) return;
    last = words;
    asked?.abort();
    asked = new AbortController();
    if (text.value.trim().length < 4) return box.replaceChildren();
    try {
      const answer = await fetch(box.dataset.url, {
        method: "POST", body: new FormData(form), signal: asked.signal, headers: { "HX-Request": "true" },
      });
      const offered = new DOMParser().parseFromString(await answer.text(), "text/html").body;
      if (answer.ok && box.isConnected) box.replaceChildren(...offered.childNodes);
    } catch (error) {
      // Without an answer nothing is offered; the text is sent all the same.
      if (error.name !== "AbortError") last = "";
    }
  };
  const soon = () => { clearTimeout(waiting); waiting = setTimeout(look, PAUSE); };

  text.addEventListener("input", soon);
  form.addEventListener("change", (event) => {
    if (event.target.name === "mode") return soon();
    if (event.target.name !== "promise" || !event.target.checked) return;
    // A date is one more commitment or takes the place of another, not both.
    for (const other of event.target.closest(".finding").querySelectorAll("[name=promise]"))
      if (other !== event.target) other.checked = false;
  });
  form.addEventListener("keydown", (event) => {
    const digit = event.altKey && /^Digit([1-9])$/.exec(event.code)?.[1];
    const input = digit && box.querySelector(`[data-${event.shiftKey ? "instead" : "offer"}="${digit}"]`);
    if (!input) return;
    event.preventDefault();
    input.click();
  });
  if (text.value && !box.childElementCount) soon();
}
