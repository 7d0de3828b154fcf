// A chart is one tab stop: arrows walk its points, and what is said of a point stands beside it.

function row(point) {
  return Math.round(point.getBoundingClientRect().top);
}

// The nearest point above or below; none in a chart of one line.
function across(points, here, sign) {
  const from = points[here].getBoundingClientRect();
  let best = -1;
  let least = Infinity;
  points.forEach((point, place) => {
    const at = point.getBoundingClientRect();
    const down = (at.top - from.top) * sign;
    const distance = down * 4 + Math.abs(at.left - from.left);
    if (row(point) !== row(points[here]) && down > 0 && distance < least) {
      least = distance;
      best = place;
    }
  });
  return best;
}

function next(points, here, key) {
  if (key === "ArrowRight") return Math.min(points.length - 1, here + 1);
  if (key === "ArrowLeft") return Math.max(0, here - 1);
  if (key === "Home") return 0;
  if (key === "End") return points.length - 1;
  if (key === "ArrowDown" || key === "ArrowUp") return across(points, here, key === "ArrowDown" ? 1 : -1);
  return -1;
}

export function chart(svg) {
  const points = [...svg.querySelectorAll(".pt")];
  if (!points.length) return;
  const tip = document.createElement("div");
  tip.className = "chart-tip";
  tip.hidden = true;
  tip.setAttribute("aria-hidden", "true");
  document.body.append(tip);
  // Ours stands in its place; without a script the browser shows the title.
  svg.querySelectorAll(".pt > title").forEach((title) => title.remove());

  function show(point) {
    const at = point.getBoundingClientRect();
    tip.textContent = point.getAttribute("aria-label");
    tip.hidden = false;
    const left = at.left + at.width / 2 - tip.offsetWidth / 2;
    tip.style.left = `${Math.max(8, Math.min(left, innerWidth - tip.offsetWidth - 8))}px`;
    const above = at.top - tip.offsetHeight - 6;
    tip.style.top = `${above < 8 ? at.bottom + 6 : above}px`;
  }
  const hide = () => {
    tip.hidden = true;
  };
  svg.addEventListener("focusin", (event) => show(event.target.closest(".pt")));
  svg.addEventListener("focusout", hide);
  svg.addEventListener("pointerover", (event) => {
    const point = event.target.closest(".pt");
    if (point) show(point);
  });
  svg.addEventListener("pointerleave", hide);
  svg.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
    const here = points.indexOf(event.target.closest(".pt"));
    const to = next(points, here, event.key);
    if (here < 0 || to < 0) return;
    event.preventDefault();
    points[here].setAttribute("tabindex", "-1");
    points[to].setAttribute("tabindex", "0");
    points[to].focus();
  });
}
