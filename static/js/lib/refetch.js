// A part of the page that keeps its address in `data-url`, fetched again. One request at a time, so that no older answer
// is put over a newer one; who asks meanwhile is given another.
const AGAIN = 3000, LONGEST = 20_000, PAUSE = 100;
const asking = new Set(), more = new Set();
const pause = () => new Promise((go) => setTimeout(go, PAUSE));

/** `[answer, text]` of a part of the page; no answer when it does not come whole. */
export async function get(url) {
  try {
    const answer = await fetch(url, { headers: { "HX-Request": "true" }, signal: AbortSignal.timeout(LONGEST) });
    return [answer, await answer.text()];
  } catch {
    return [null, ""];
  }
}

/** Have the element with this id replaced by itself as it is now: `put(old, fresh, asked)`, once nobody uses it (`isUsed(el)`). */
export async function refetch(id, isUsed, put) {
  if (asking.has(id)) return more.add(id);
  asking.add(id);
  let el, asked, answer, text;
  do {
    while ((el = document.getElementById(id)) && isUsed(el)) await pause();
    if (!el?.dataset.url) break;
    asked = performance.now();
    [answer, text] = await get(el.dataset.url);
  } while (el.isConnected && isUsed(el));
  asking.delete(id);
  const fresh = answer?.ok && !answer.redirected && new DOMParser().parseFromString(text, "text/html").getElementById(id);
  if (fresh && el.isConnected) put(el, document.adoptNode(fresh), asked);
  if (more.delete(id)) return refetch(id, isUsed, put);
  // Who did not answer is asked again: nobody else says what was missed.
  if (el?.dataset.url && (!answer || answer.status >= 500)) setTimeout(() => refetch(id, isUsed, put), AGAIN);
}
