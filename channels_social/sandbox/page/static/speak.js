// Writing as anybody: posts, answers, quotes, comments, messages; editing and taking back.
import { control, tell } from "./net.js";

const body = document.body;
const forms = { x: document.querySelector('[data-write="x"]'), f: document.querySelector('[data-write="f"]') };
const target = { x: null, f: null }; // what is being answered, quoted or edited
const isPrivate = (name) => (name === "x" ? body.dataset.x === "mensajes" : body.dataset.f === "messenger");

// Loosely X's weighing: links are 23, what is not Latin is 2.
const weigh = (text) => [...text.normalize("NFC").replace(/https?:\/\/\S+/g, "x".repeat(23)).replace(/\p{RGI_Emoji}/gv, "xx")]
  .reduce((sum, c) => sum + (c.codePointAt(0) <= 0x10ff || (c >= "\u2000" && c <= "\u200d") || (c >= "\u2010" && c <= "\u201f") ? 1 : 2), 0);

function dress(name) {
  const form = forms[name], aim = target[name], hidden = isPrivate(name);
  form.toggleAttribute("data-private", hidden);
  const [line, words] = [form.querySelector("[data-target]"), form.querySelector("[data-target] span")];
  line.hidden = !aim;
  if (aim) words.textContent = aim.words;
  const chosen = form.elements.as.selectedOptions[0];
  form.querySelector("[data-ini]").textContent = chosen?.dataset.ini ?? "";
  const main = form.querySelector("[data-main]") ?? form.querySelector('[type="submit"]');
  main.className = hidden ? "btn btn-private" : "btn btn-public";
  const verb = aim?.kind === "edit" ? "Guardar" : hidden ? "Enviar en privado" : name === "x" ? "Publicar" : "Comentar";
  main.textContent = aim?.kind === "reply" || aim?.kind === "comment" ? "Responder" : verb;
  if (name === "x") {
    const [n, count] = [weigh(form.elements.text.value), form.querySelector("[data-count]")];
    count.textContent = hidden ? `${[...form.elements.text.value].length}/10000` : `${n}/280`;
    count.classList.toggle("over", !hidden && n > 280);
    form.querySelector(".as").textContent = hidden ? `Escribe a @${body.dataset.handle} como` : "Escribe como";
  } else {
    form.querySelector("[data-visitor]").hidden = hidden || Boolean(aim);
    form.querySelector(".as").textContent = hidden ? "Escribe por Messenger como" : "Comenta como";
    form.querySelector("[data-where]").textContent = hidden || aim ? "" : "en la publicación más reciente";
  }
}

function aimAt(name, aim, { as, text } = {}) {
  target[name] = aim;
  const form = forms[name];
  if (as && [...form.elements.as.options].some((o) => o.value === as)) form.elements.as.value = as;
  if (text !== undefined) form.elements.text.value = text;
  dress(name);
  form.elements.text.focus();
  form.scrollIntoView({ block: "nearest" });
}

function done(name) {
  target[name] = null;
  forms[name].elements.text.value = name === "x" && !isPrivate("x") ? `@${body.dataset.handle} ` : "";
  forms[name].querySelector("[data-photo]").setAttribute("aria-pressed", "false");
  dress(name);
}

const order = {
  x(form, said) {
    const aim = target.x;
    if (aim?.kind === "edit") return ["PATCH", `/x/posts/${aim.id}`, { text: said.text }];
    if (isPrivate("x")) {
      const where = aim?.conversation ? { conversation: aim.conversation } : { to: body.dataset.company };
      return ["POST", "/x/dms", { ...said, ...where }];
    }
    const more = aim?.kind === "reply" ? { reply_to: aim.id } : aim?.kind === "quote" ? { quote: aim.id } : {};
    return ["POST", "/x/posts", { ...said, ...more }];
  },
  f(form, said, visitor) {
    const aim = target.f, page = body.dataset.company, { text, ...who } = said;
    if (aim?.kind === "edit") return ["PATCH", `/facebook/${aim.what}s/${aim.id}`, { message: text }];
    if (isPrivate("f")) return ["POST", "/facebook/messages", { ...said, page }];
    if (visitor) return ["POST", "/facebook/posts", { ...who, page, message: text }];
    const where = aim?.what === "comment" ? { parent: aim.id } : aim ? { post: aim.id } : { page };
    return ["POST", "/facebook/comments", { ...who, ...where, message: text }];
  },
};

async function send(name, event) {
  event.preventDefault();
  const form = forms[name], text = form.elements.text.value.trim();
  const photo = form.querySelector("[data-photo]").getAttribute("aria-pressed") === "true";
  if (!text && !photo) { form.elements.text.focus(); return tell("Escriba algo primero."); }
  const said = { as: form.elements.as.value, text, ...(photo ? { media: 1 } : {}) };
  const told = await control(...order[name](form, said, event.submitter?.hasAttribute("data-visitor")));
  if (told) done(name);
}

const acts = {
  reply: (item) => aimAt("x", { kind: "reply", id: item.dataset.id, words: `Responde a ${item.dataset.who}: ${item.dataset.text}` }, { text: "" }),
  quote: (item) => aimAt("x", { kind: "quote", id: item.dataset.id, words: `Cita a ${item.dataset.who}: ${item.dataset.text}` }, { text: "" }),
  like: (item) => control("POST", "/x/likes", { as: forms.x.elements.as.value, post: item.dataset.id }),
  comment: (item) => aimAt("f", { kind: "comment", what: item.dataset.kind, id: item.dataset.id, words: `Responde a ${item.dataset.who}: ${item.dataset.text}` }),
  dm: (item) => aimAt("x", { kind: "dm", conversation: item.id.slice(2), words: `Sigue la conversación de ${item.dataset.who}` }, { as: item.dataset.as }),
  message: (item) => aimAt("f", null, { as: [...forms.f.elements.as.options].find((o) => o.text.startsWith(item.dataset.who))?.value }),
  unsend: (item) => control("DELETE", `/facebook/messages/${encodeURIComponent(item.dataset.id)}`),
  edit(item) {
    const name = item.closest('[data-column="x"]') ? "x" : "f";
    aimAt(name, { kind: "edit", what: item.dataset.kind, id: item.dataset.id, words: `Edita lo que dijo ${item.dataset.who}` }, { as: item.dataset.as, text: item.dataset.text });
  },
  delete: (item) => control("DELETE", item.closest('[data-column="x"]') ? `/x/posts/${item.dataset.id}` : `/facebook/${item.dataset.kind}s/${item.dataset.id}`),
};

export function speak(live) {
  for (const name of ["x", "f"]) {
    const form = forms[name];
    done(name);
    form.addEventListener("submit", (event) => send(name, event));
    form.addEventListener("input", () => dress(name));
    form.querySelector("[data-cancel]").addEventListener("click", () => { done(name); form.elements.text.focus(); });
    form.querySelector("[data-photo]").addEventListener("click", ({ currentTarget: b }) => b.setAttribute("aria-pressed", b.getAttribute("aria-pressed") !== "true"));
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit(form.querySelector("[data-main]") ?? undefined);
      if (event.key === "Escape" && target[name]) { event.preventDefault(); done(name); }
    });
    document.querySelector(`[data-column="${name}"]`).addEventListener("click", (event) => {
      const button = event.target.closest("[data-act]");
      if (!button) return;
      button.closest("details")?.removeAttribute("open");
      acts[button.dataset.act](button.closest("[data-who], [data-id]"));
    });
  }
  document.addEventListener("click", (event) => {
    for (const open of document.querySelectorAll("details.more[open]")) if (!open.contains(event.target)) open.removeAttribute("open");
  });
  for (const link of document.querySelectorAll("[data-view]")) link.addEventListener("click", (event) => {
    event.preventDefault();
    const { view, value } = link.dataset;
    body.dataset[view] = value;
    for (const other of document.querySelectorAll(`[data-view="${view}"]`)) other.toggleAttribute("aria-current", other === link);
    link.setAttribute("aria-current", "true");
    history.replaceState(null, "", `?${new URLSearchParams({ empresa: body.dataset.company, x: body.dataset.x, f: body.dataset.f })}`);
    done(view);
    live.refresh({ quiet: true });
  });
}
