// The files chosen for a case's answer, in this tab only and by their numbers: they themselves wait in the house.
export function chosenFor(ticket) {
  const key = `files:${ticket}`;
  return {
    /** Number → what it shows, for who cannot see it. */
    read() {
      try { return new Map(JSON.parse(sessionStorage.getItem(key)) ?? []); } catch { return new Map(); }
    },
    write(lines) {
      const kept = lines.map((line) => [line.dataset.id, line.querySelector("[name^=alt-]")?.value ?? ""]);
      try {
        if (kept.length) sessionStorage.setItem(key, JSON.stringify(kept));
        else sessionStorage.removeItem(key);
      } catch { /* private windows may refuse: the files are still in the list */ }
    },
  };
}

/** Whether a way of answering takes this file, after `place` others that weigh `all` with it. */
export function isTaken({ most, types, bytes, allBytes }, { type, size }, place, all) {
  return place < most && types.split(" ").includes(type) && Number(size) <= bytes && all <= allBytes;
}

/** What the house says, to what is posted when there is a body; null when it says nothing. */
export function request(form, url, body) {
  const headers = { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
  return fetch(url, { method: body ? "POST" : "GET", body, headers }).catch(() => null);
}

/** The lines of files in its answer. */
export async function linesOf(answer) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return [...page.querySelectorAll("li")].map((line) => document.adoptNode(line));
}

/** What stands in the list while a file is on its way. */
export function busyLine(name) {
  const line = document.createElement("li");
  line.className = "attached-one";
  line.setAttribute("aria-busy", "true");
  line.textContent = name;
  return line;
}
