// The figures on the views, as the server counts them.
export function startCounts() {
  document.addEventListener("stream:counts", ({ detail }) => {
    for (const sign of document.querySelectorAll("[data-count]")) {
      const key = sign.dataset.count === "mine" ? `mine:${document.body.dataset.member}` : sign.dataset.count;
      // Only «mine» may be missing: nobody gave the reader a case yet.
      const n = detail[key] ?? (sign.dataset.count === "mine" ? 0 : undefined);
      if (n === undefined) continue;
      sign.textContent = n || "";
      sign.hidden = !n;
      if ("late" in sign.dataset) sign.classList.toggle("count-red", n > 0);
    }
  });
}
