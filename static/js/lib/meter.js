// How long an answer is as its network counts it, signature included, and what it costs to send. Each mode has its own
// limit, its own way of counting and its own price.
import { splitThread, threadCost } from "./thread.js";
import { weightedLength } from "./weighted.js";

export function measure(form) {
  const meter = form.querySelector(".meter"), radio = form.querySelector("[name=mode]:checked");
  if (!meter || !radio) return;
  const limit = Number(radio.dataset.limit ?? 0), signature = form.dataset.signature;
  meter.hidden = !limit;
  if (!limit) return;
  const text = form.elements.text.value, whole = `${text.trimEnd()} ${signature}`;
  const n = radio.dataset.counted === "weighted" ? weightedLength(whole) : whole.length;
  const split = form.elements.split?.checked, parts = split && radio.value === "public" && n > limit ? splitThread(text, limit, signature) : [];
  meter.querySelector("output").textContent = `${n}/${limit}`;
  meter.querySelector("circle + circle").setAttribute("stroke-dasharray", `${Math.min(100, Math.round((100 * n) / limit))} 100`);
  meter.toggleAttribute("data-over", n > limit && !parts.length);
  const offer = form.querySelector("[data-split]");
  if (offer) offer.hidden = n <= limit && !split;
  price(form.querySelector(`.cost[data-for="${radio.value}"]`), parts.length ? parts : [whole]);
}

// «3 partes · US$ 0,04»: what the server charges itself for, said before it is spent.
function price(cost, parts) {
  if (!cost?.dataset.each) return;
  const sum = threadCost(parts, cost.dataset), digits = Math.round(sum * 1000) % 10 ? 3 : 2;
  const said = `US$ ${sum.toFixed(digits).replace(".", ",")}`;
  cost.textContent = parts.length > 1 ? `${cost.dataset.parts.replace("N", parts.length)} · ${said}` : said;
}
