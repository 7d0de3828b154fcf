// An answer that waits for approval is written once for everybody: each page knows whether it is its reader's turn.
export function startTurns() {
  look();
  setInterval(() => document.hidden || look(), 1000);
  document.addEventListener("htmx:load", look);
}

function look() {
  const me = document.body.dataset.member, now = Date.now() / 1000;
  for (const one of document.querySelectorAll("[data-free]")) {
    const open = now >= Number(one.dataset.free);
    const state = one.dataset.author === me ? (open ? "own" : "first") : open || one.dataset.first === me ? "mine" : "first";
    if (one.dataset.turn !== state) one.dataset.turn = state;
  }
}
