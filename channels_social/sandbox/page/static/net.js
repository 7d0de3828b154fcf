// Calls to the control API; what goes wrong is told in a toast.
const toast = document.querySelector("[data-toast]");
let hiding;

export function tell(words) {
  toast.textContent = words;
  toast.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => { toast.hidden = true; }, 6000);
}

export async function control(method, path, body) {
  try {
    const answer = await fetch(`/control${path}`, { method, body: body && JSON.stringify(body) });
    const told = await answer.json();
    if (answer.ok) return told;
    tell(`No se pudo: ${told.error}`);
  } catch {
    tell("El ensayo no responde. ¿Sigue encendido?");
  }
  return null;
}
