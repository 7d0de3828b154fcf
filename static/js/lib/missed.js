// What the stream says while a part of the page is on its way is not in that part: it is kept for a moment, and told to
// the part when it has arrived.
const MOST = 300;
const HEARD = ["row", "message", "ticket"];
const frames = [], asked = new Map();

export function startMissed() {
  for (const name of HEARD) {
    document.addEventListener(`stream:${name}`, ({ detail }) => {
      frames.push({ name, detail, at: performance.now() });
      if (frames.length > MOST) frames.shift();
    });
  }
  document.addEventListener("htmx:beforeRequest", ({ detail }) => asked.set(detail.target?.id, performance.now()));
}

/** The frames of these names since an instant, in their order. */
export const heardSince = (at, ...names) => frames.filter((one) => one.at >= at && names.includes(one.name)).map((one) => one.detail);

/** When htmx asked for what has just been put into the element with this id; never, if nobody did. Told once. */
export function askedFor(id) {
  const at = asked.get(id) ?? Infinity;
  asked.delete(id);
  return at;
}
