// The figures on the views, as the server counts them.
export function startCounts() {
  document.addEventListener("stream:counts", ({ detail }) => {
    for (const sign of document.querySelectorAll("[data-count]")) {
      const n = detail[sign.dataset.count];
      if (n === undefined) continue;
      sign.textContent = n || "";
      sign.hidden = !n;
      if ("late" in sign.dataset) sign.classList.toggle("count-red", n > 0);
    }
  });
}
