// Between pressing and letting go what is under the pointer must stay: put anew meanwhile, the click finds nobody.
const LONGEST = 3000; // a pointer let go outside of the window may never say so
let pressed = null, until = 0;

export function startPressed() {
  addEventListener("pointerdown", (event) => { pressed = event.target; until = Date.now() + LONGEST; }, true);
  // The click comes right after it.
  for (const name of ["pointerup", "pointercancel"]) addEventListener(name, () => setTimeout(() => { pressed = null; }), true);
}

/** Whether somebody is about to click on something in this element. */
export const isPressed = (el) => Boolean(pressed && Date.now() < until && el?.contains(pressed));
