// The tree of typification: a name is dragged to its place, or moved with Alt and the arrows.
export function tree(root) {
  let dragged = null;
  const rowOf = (el) => el.closest?.("li[draggable]");
  const clear = () => root.querySelectorAll(".drop-before, .drop-end").forEach((el) => el.classList.remove("drop-before", "drop-end"));

  root.addEventListener("dragstart", (event) => {
    dragged = rowOf(event.target);
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.key);
  });
  root.addEventListener("dragover", (event) => {
    const list = event.target.closest?.(".tree-list");
    if (!dragged || !list) return;
    event.preventDefault();
    clear();
    const row = rowOf(event.target);
    if (row) row.classList.add("drop-before");
    else list.classList.add("drop-end");
  });
  root.addEventListener("dragend", () => { dragged = null; clear(); });
  root.addEventListener("drop", (event) => {
    const list = event.target.closest?.(".tree-list"), row = rowOf(event.target);
    if (!dragged || !list) return;
    event.preventDefault();
    clear();
    if (row !== dragged) send(root, dragged.dataset.key, list.dataset.parent, row?.dataset.key ?? "");
  });
  root.addEventListener("keydown", (event) => {
    const way = { ArrowUp: "up", ArrowDown: "down" }[event.key], place = event.target.closest?.("[data-key]");
    if (!way || !event.altKey || !place) return;
    event.preventDefault();
    const button = place.querySelector(`#${CSS.escape(`${way}-${place.dataset.key}`)}`);
    button?.focus();
    button?.click();
  });
}

function send(root, key, parent, before) {
  const form = root.querySelector("#tree-move");
  Object.entries({ key, parent, before }).forEach(([name, value]) => (form.elements[name].value = value));
  form.requestSubmit();
}
