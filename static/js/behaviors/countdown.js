// Clocks count down from an instant, never from a number of seconds: a laptop that slept wakes up right.
import { TICKING, agoWords, leftWords, stateOf } from "../lib/words.js";
const FADES = 45 * 60_000;

export function startCountdown() {
  tick();
  setInterval(() => document.hidden || tick(), 1000);
  document.addEventListener("visibilitychange", () => document.hidden || tick());
}

function tick() {
  const now = Date.now();
  for (const clock of document.querySelectorAll("[data-ticks]")) show(clock, now);
  if (Math.floor(now / 1000) % 10 === 0) for (const time of document.querySelectorAll("[data-ago]")) age(time, now);
}

function show(clock, now) {
  const left = (Date.parse(clock.dataset.due) - now) / 1000;
  if (left >= TICKING) return;
  const words = clock.querySelector(".left");
  if (words) words.textContent = leftWords(left);
  const state = stateOf(left);
  if (!clock.classList.contains(`clock-${state}`)) dress(clock, state);
  turn(clock, now);
}

// Ring, words, hue and weight change together; the drawing of what is late is another one.
function dress(clock, state) {
  clock.classList.remove("clock-soon", "clock-due", "clock-overdue");
  if (state !== "calm") clock.classList.add(`clock-${state}`);
  if (state !== "overdue") return;
  const alert = document.createElement("i");
  alert.className = "i i-alert i-12";
  alert.setAttribute("aria-hidden", "true");
  clock.querySelector("svg")?.replaceWith(alert);
  const spoken = clock.querySelector(".sr");
  if (spoken) spoken.textContent = `${document.body.dataset.late} `;
}

function turn(clock, now) {
  const start = Date.parse(clock.dataset.start ?? ""), due = Date.parse(clock.dataset.due);
  const hand = clock.querySelector("circle + circle");
  if (!hand || !(due > start)) return;
  hand.setAttribute("stroke-dasharray", `${Math.min(100, Math.max(1, Math.round((100 * (now - start)) / (due - start))))} 100`);
}

function age(time, now) {
  const words = agoWords((now - Date.parse(time.getAttribute("datetime"))) / 1000, time.dataset.ago === "h");
  if (words) time.textContent = words;
  // Only the server counts office hours: what it said is shown while it is nearly true.
  const worked = time.nextElementSibling;
  if (worked?.matches(".worked") && now - Date.parse(worked.dataset.at) > FADES) worked.remove();
}
