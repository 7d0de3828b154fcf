// Ensayo · speak as anybody, turn switches, watch it live. No library; one module.
import { follow } from "./live.js";
import { speak } from "./speak.js";
import { badDay } from "./badday.js";

const asked = new URLSearchParams(location.search).get("theme");
if (asked === "dark" || asked === "light") document.documentElement.dataset.theme = asked;

const live = follow();
speak(live);
badDay(live);

document.querySelector("[data-companies]").addEventListener("change", (event) => {
  const query = new URLSearchParams(location.search);
  query.set("empresa", event.target.value);
  location.search = query;
});
