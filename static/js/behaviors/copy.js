// `data-copies="#id"` copies that element's text; `data-copied` is what the notice says.
import { toast } from "./toast.js";

export function copy(button) {
  button.addEventListener("click", async () => {
    const source = document.querySelector(button.dataset.copies);
    await navigator.clipboard.writeText(source.value ?? source.textContent.trim());
    toast(button.dataset.copied);
  });
}
