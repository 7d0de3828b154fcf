// Files of an answer: chosen, pasted or dropped. What works with them comes when somebody brings the first one, or when
// there are some already (`js/attach.js`).
export function attach(box) {
  const form = box.closest("form"), field = box.querySelector("input[type=file]");
  const takes = () => Number(box.querySelector(`.attach-hint[data-for="${form.elements.mode.value}"]`)?.dataset.most) > 0;
  let work;
  const load = () => (work ??= import(box.querySelector("[data-script]").dataset.script).then(({ files }) => files(box)));
  const add = (files) => load().then((late) => late.add([...files]));
  const given = (event, files) => { if (files?.length && takes()) { event.preventDefault(); add(files); } };

  field.addEventListener("change", () => { add([...field.files]); field.value = ""; });
  form.addEventListener("paste", (event) => given(event, event.clipboardData?.files));
  form.addEventListener("drop", (event) => given(event, event.dataTransfer?.files));
  form.addEventListener("dragover", (event) => event.dataTransfer.types.includes("Files") && takes() && event.preventDefault());
  form.addEventListener("keydown", (event) => {
    if (event.key === "o" && (event.ctrlKey || event.metaKey) && takes()) { event.preventDefault(); field.click(); }
  });
  // Its files come back with the words of an answer that was undone.
  form.addEventListener("undone", () => load().then((late) => late.find()));
  if (box.querySelector("[data-id]") || `files:${form.dataset.ticket}` in sessionStorage) load();
}
