// The head of the case (state, person, clocks) is fetched again when the stream says it changed.
import { current, listen } from "./story.js";

export function caseHead(head) {
  const refetch = () => {
    const url = document.getElementById("case")?.dataset.url;
    // An open menu is someone choosing: the head waits for the next change.
    if (!url || head.querySelector("details[open]")) return;
    htmx.ajax("GET", url, { target: "#case-head", select: "#case-head", swap: "outerHTML" });
  };
  listen(head, "stream:ticket", ({ ticket, v }) => {
    if (String(ticket) === current() && Number(v) > Number(head.dataset.v)) refetch();
  });
  listen(head, "stream:account", refetch);
  listen(head, "stream:refresh", refetch);
}
