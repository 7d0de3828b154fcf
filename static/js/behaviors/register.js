// Writing a contact down by keyboard: people as one types, chosen with the arrows; Ctrl+Enter saves.
export function register(form) {
  const who = form.elements.who, customer = form.elements.customer;
  const list = form.querySelector("#people"), theirs = form.querySelector("#theirs");
  const options = () => [...list.querySelectorAll("[role=option]")];
  const current = () => list.querySelector("[aria-selected=true]");

  who.addEventListener("input", () => { customer.value = ""; theirs.replaceChildren(); });
  who.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && options().length) {
      event.preventDefault();
      const all = options(), at = all.indexOf(current());
      mark(all[at === -1 ? (step > 0 ? 0 : all.length - 1) : (at + step + all.length) % all.length]);
    } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      const one = current() ?? (options().length === 1 ? options()[0] : null);
      if (one) pick(one);
      else leave();
    } else if (event.key === "Escape") close();
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const one = event.target.closest("[role=option]");
    if (one) pick(one);
  });
  // Who has gone on is not called back by a list that comes late, nor given the cases of somebody they meant before.
  list.addEventListener("htmx:beforeSwap", (event) => (event.detail.shouldSwap &&= document.activeElement === who));
  theirs.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const asked = new URL(detail.requestConfig.path, location.href).searchParams.get("customer");
    detail.shouldSwap &&= asked === customer.value;
  });
  list.addEventListener("htmx:afterSwap", () => who.setAttribute("aria-expanded", String(options().length > 0)));
  who.addEventListener("blur", () => setTimeout(close, 150));
  theirs.addEventListener("click", (event) => {
    if (!event.target.closest("[data-unpick]")) return;
    customer.value = "";
    theirs.replaceChildren();
    who.select();
    who.focus();
  });
  theirs.addEventListener("htmx:afterSwap", () => {
    if (document.activeElement === form.elements.text && !form.elements.text.value) theirs.querySelector("[name=ticket]:checked")?.focus();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.defaultPrevented) return;
    if (event.ctrlKey || event.metaKey) { event.preventDefault(); form.requestSubmit(); }
    // Enter goes on to the words: only Ctrl+Enter saves, so that nothing half-written is.
    else if (event.target.matches("[name=ticket]")) { event.preventDefault(); form.elements.text.focus(); }
    else if (event.target.matches("input:not([type=checkbox])")) event.preventDefault();
  });
  let sent = false;
  form.addEventListener("submit", (event) => { if (sent) event.preventDefault(); sent = true; });

  function mark(one) {
    for (const option of options()) option.setAttribute("aria-selected", String(option === one));
    who.setAttribute("aria-activedescendant", one.id);
    one.scrollIntoView({ block: "nearest" });
  }
  function pick(one) {
    customer.value = one.dataset.customer;
    who.value = one.dataset.name;
    leave(); // what is typed while their cases are on the way are the words, and no more of the name
    const query = new URLSearchParams({ customer: customer.value, ticket: one.dataset.ticket });
    window.htmx.ajax("GET", `${theirs.dataset.url}?${query}`, { target: theirs });
  }
  function leave() { close(); form.elements.text.focus(); }
  function close() {
    list.replaceChildren();
    who.setAttribute("aria-expanded", "false");
    who.removeAttribute("aria-activedescendant");
  }
}
