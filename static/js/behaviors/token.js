// Messages are written once for all readers, so that two of the same are equal: their forms carry no token of a session.
const NAME = "csrfmiddlewaretoken";

export function startToken() {
  document.addEventListener("submit", ({ target: form }) => {
    if (form.method !== "post" || form.elements[NAME]) return;
    const { "X-CSRFToken": value } = JSON.parse(document.body.getAttribute("hx-headers") || "{}");
    if (value) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: NAME, value }));
  });
}
