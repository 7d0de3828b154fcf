// The switches, the day that plays by itself.
import { control, tell } from "./net.js";

const switches = [...document.querySelectorAll("[data-fault]")];
const nets = [...document.querySelectorAll("[data-net]")];
const day = document.querySelector("[data-day]");
const speed = document.querySelector("#speed");
let net = "all", on = {}, playing = false;

const reach = (name) => (net === "all" ? (on[name] ?? []).length > 0 : (on[name] ?? []).includes(net));
const rarer = document.querySelector("[data-rarer]");
const show = () => {
  for (const one of switches) one.checked = reach(one.dataset.fault);
  if (rarer.querySelector(":checked")) rarer.open = true;
};

function showSpeed() {
  const minutes = Math.round(1440 / speed.value);
  const took = minutes >= 60 ? `${(minutes / 60).toLocaleString("es", { maximumFractionDigits: 1 })} h` : `${minutes} min`;
  document.querySelector("[data-speed]").textContent = `${speed.value} × · un día en ${took}`;
}

function showDay(told) {
  if (!told) return;
  playing = told.playing;
  day.querySelector("span").textContent = playing ? "Pausar el día" : "Jugar el día";
  day.querySelector(".i").className = `i ${playing ? "i-pause" : "i-play"} i-14`;
  if (document.activeElement !== speed) speed.value = told.speed;
  const clock = `${String(Math.floor(told.minute / 60)).padStart(2, "0")}:${String(Math.floor(told.minute % 60)).padStart(2, "0")}`;
  document.querySelector("[data-clock]").textContent = playing || told.minute > 0 ? `son las ${clock} en el ensayo, día ${told.day}` : "";
  showSpeed();
}

export function badDay(live) {
  live.heard((told) => { on = told.faults; show(); showDay(told.day); });
  for (const one of nets) one.addEventListener("click", () => {
    net = one.dataset.net;
    for (const other of nets) other.setAttribute("aria-pressed", String(other === one));
    show();
  });
  for (const one of switches) one.addEventListener("change", async () => {
    const value = one.checked ? JSON.parse(one.dataset.value) : null;
    await control("PUT", "/faults", { [net]: { [one.dataset.fault]: value } });
  });
  document.querySelector("[data-normal]").addEventListener("click", () => control("DELETE", "/faults"));
  for (const one of document.querySelectorAll("[data-does]")) one.addEventListener("click", async () => {
    const told = await control("POST", `/facebook/${one.dataset.does}`, { page: document.body.dataset.company });
    if (told) tell(told.url ? `La aplicación contestó ${told.confirmation_code}: ${told.url}` : "Se le avisó a la aplicación.");
  });
  day.addEventListener("click", () => control("PUT", "/day", { playing: !playing, speed: Number(speed.value) }));
  speed.addEventListener("input", showSpeed);
  speed.addEventListener("change", () => control("PUT", "/day", { speed: Number(speed.value) }));
  showSpeed();
}
