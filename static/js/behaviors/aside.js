// What was put aside while something else was being written is offered under it: going on with it puts what is written
// aside, so that nothing is lost either way.
const LONGEST = 140;

/** Show what lies aside in a composer. `take(one)` writes it, `drop(one)` forgets it. */
export function showAside(form, aside, { take, drop }) {
  const template = form.querySelector("template[data-aside]"), place = form.querySelector(".findings");
  if (!template || !place) return;
  for (const old of place.querySelectorAll(".aside")) old.remove();
  for (const one of aside) {
    const line = template.content.firstElementChild.cloneNode(true);
    line.querySelector("q").textContent = one.text.length > LONGEST ? `${one.text.slice(0, LONGEST)}…` : one.text;
    line.querySelector("[data-take]").addEventListener("click", () => { take(one); form.elements.text.focus(); });
    line.querySelector("[data-drop]").addEventListener("click", () => { drop(one); form.elements.text.focus(); });
    place.append(line);
  }
}

/** Write what was kept, in the mode it was written in; where that is not possible any more, nothing private becomes public. */
export function putBack(form, kept) {
  const way = (name) => form.querySelector(`[name=mode][value="${CSS.escape(name)}"]:not(:disabled)`);
  const choice = way(kept.mode ?? "") ?? (kept.mode === "private" ? way("note") : null), text = form.elements.text;
  if (choice) choice.checked = true;
  if (form.elements.split) form.elements.split.checked = Boolean(kept.split);
  text.value = kept.text;
  text.dispatchEvent(new Event("input", { bubbles: true }));
}
