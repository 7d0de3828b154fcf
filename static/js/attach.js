// The files of one composer: each goes to the house at once and waits there until the answer takes it. Which ones stays
// known in this tab, as the draft does. Comes by itself, when `behaviors/attach.js` needs it.
const MOST = 10 * 1024 * 1024, LONGEST = 3000;
const KEPT = ["image/jpeg", "image/png"], DRAWN = ["image/webp", "image/avif", "image/bmp", "image/heic", "image/heif"];

/** Takes care of the files of a composer; gives what adds more, and what finds those that wait. */
export function files(box) {
  const form = box.closest("form"), list = box.querySelector(".attached"), field = box.querySelector("input[type=file]");
  const said = box.querySelector(".attach-said"), words = said.dataset, kept = keptFor(form.dataset.ticket);
  const lines = () => [...list.querySelectorAll("[data-id]")];
  const rules = () => box.querySelector(`.attach-hint[data-for="${form.elements.mode.value}"]`)?.dataset;
  const ask = (url, body) => request(form.elements.csrfmiddlewaretoken.value, url, body);
  const tell = (text) => { said.textContent += ` ${text}`; };
  const changed = () => { check(); kept.write(lines()); };
  let busy = 0, sent = [];

  // What the chosen way does not take is marked before anything is sent.
  function check() {
    const all = lines().reduce((sum, line) => sum + Number(line.dataset.size), 0);
    lines().forEach((line, place) => line.toggleAttribute("data-bad", Boolean(rules()) && !isTaken(rules(), line.dataset, place, all)));
  }

  async function send(file) {
    const line = busyLine(file.name), body = new FormData();
    list.append(line);
    body.append("file", file);
    busy += 1;
    const answer = await ask(box.dataset.url, body), found = answer?.ok ? await linesOf(answer) : [];
    busy -= 1;
    line.replaceWith(...found);
    if (!found.length) tell(answer?.status === 422 ? await answer.text() : `«${file.name}» ${words.failed}`);
    changed();
  }

  // Those that wait in the house: the ones this tab knows, or all, after an answer was undone.
  async function find(alts) {
    const answer = await ask(box.dataset.url), there = new Set(lines().map((line) => line.dataset.id));
    if (!answer?.ok) return;
    for (const line of await linesOf(answer)) {
      const { id } = line.dataset, alt = line.querySelector("[name^=alt-]");
      if (there.has(id) || (alts && !alts.has(id))) continue;
      if (alt && alts) alt.value = alts.get(id);
      list.append(line);
    }
    changed();
  }

  form.addEventListener("change", check);
  list.addEventListener("input", () => kept.write(lines()));
  list.addEventListener("click", (event) => {
    const line = event.target.closest("[data-remove]")?.closest("li");
    if (!line) return;
    ask(line.dataset.url, new FormData());
    line.remove();
    changed();
    field.focus();
  });
  form.addEventListener("htmx:configRequest", (event) => {
    if (busy) { event.preventDefault(); said.textContent = words.busy; }
    sent = rules() ? lines() : [];
  });
  // What was accepted is the answer's; what came meanwhile, or stays behind a note, is still to be sent.
  form.addEventListener("htmx:beforeOnLoad", ({ detail: { xhr } }) => {
    if (xhr.status >= 200 && xhr.status < 300) kept.write(lines().filter((line) => !sent.includes(line)));
  });
  const alts = kept.read(), ready = alts.size && !lines().length ? find(alts) : check();

  async function add(added) {
    await ready;
    said.textContent = "";
    for (const one of added) {
      const file = await fitting(one, Math.min(Number(rules()?.bytes) || MOST, MOST));
      if (file.size > MOST) tell(`«${file.name}» ${words.heavy}`);
      else await send(file);
    }
  }
  return { add, find };
}

// Number → what it shows, for who cannot see it.
function keptFor(ticket) {
  const key = `files:${ticket}`;
  return {
    read() {
      try { return new Map(JSON.parse(sessionStorage.getItem(key)) ?? []); } catch { return new Map(); }
    },
    write(lines) {
      const found = lines.map((line) => [line.dataset.id, line.querySelector("[name^=alt-]")?.value ?? ""]);
      try {
        if (found.length) sessionStorage.setItem(key, JSON.stringify(found));
        else sessionStorage.removeItem(key);
      } catch { /* private windows may refuse: the files are still in the list */ }
    },
  };
}

const isTaken = ({ most, types, bytes, allBytes }, { type, size }, place, all) =>
  place < most && types.split(" ").includes(type) && Number(size) <= bytes && all <= allBytes;

// What the house says, to what is posted when there is a body; null when it says nothing.
const request = (token, url, body) =>
  fetch(url, { method: body ? "POST" : "GET", body, headers: { "X-CSRFToken": token } }).catch(() => null);

async function linesOf(answer) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return [...page.querySelectorAll("li")].map((line) => document.adoptNode(line));
}

// A picture of a kind that networks do not take, or heavier than this one takes, is drawn anew as a JPEG that fits: a
// phone's photo is. Films, drawings by rule and what this browser cannot draw go as they are, and the house says why not.
async function fitting(file, most) {
  const drawn = DRAWN.includes(file.type), kept = KEPT.includes(file.type);
  if (!(drawn || kept) || (kept && file.size <= most)) return file;
  try {
    const picture = await createImageBitmap(file), scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas"), pen = canvas.getContext("2d");
    [canvas.width, canvas.height] = [Math.round(picture.width * scale), Math.round(picture.height * scale)];
    pen.fillStyle = "#fff"; // what was transparent
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    for (const quality of [0.92, 0.8, 0.6]) {
      const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
      if (blob && blob.size <= most) return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: blob.type });
    }
  } catch { /* not a picture this browser can draw */ }
  return file;
}

function busyLine(name) {
  const line = document.createElement("li");
  line.className = "attached-one";
  line.setAttribute("aria-busy", "true");
  line.textContent = name;
  return line;
}
