// The words of a clock, the same as helpdesk/ui/clocks.py (a test compares them).
const NBSP = "\u00a0";
const DUE = 10 * 60;
const SOON = 30 * 60;
export const TICKING = 24 * 3600;

export function leftWords(seconds) {
  const late = seconds < 0, s = Math.abs(Math.trunc(seconds)), two = (n) => String(n).padStart(2, "0");
  const sign = late ? "−" : "";
  if (s >= 2 * 86400) return `${sign}${Math.floor(s / 86400)}${NBSP}d`;
  if (s >= 3600) return `${sign}${Math.floor(s / 3600)}${NBSP}h${NBSP}${two(Math.floor(s / 60) % 60)}`;
  return `${sign}${two(Math.floor(s / 60))}:${two(s % 60)}`;
}

export function stateOf(seconds) {
  if (seconds < 0) return "overdue";
  if (seconds <= DUE) return "due";
  return seconds <= SOON ? "soon" : "calm";
}

/** «51 min», «3 h», «2 d», waits in hours for four days; null when the server's words still stand (a minute, a week). */
export function agoWords(seconds, inHours = false) {
  if (seconds < 60 || seconds >= 7 * 86400) return null;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}${NBSP}min`;
  return seconds < (inHours ? 4 : 1) * 86400 ? `${Math.floor(seconds / 3600)}${NBSP}h` : `${Math.floor(seconds / 86400)}${NBSP}d`;
}
