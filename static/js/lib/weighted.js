// How long a text is for X, as the composer shows it while one types. The twin of
// channels_social/networks/x/length.py and links.py, which explain the rules; a test holds them equal.

import { TLDS } from "./tlds.js";

export const LIMIT = 280;
const LINK_WEIGHT = 23;
const EMOJI_WEIGHT = 2;

const LATIN =
  "\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u024f\\u0253-\\u0259\\u025b\\u0263\\u0268\\u026f\\u0272\\u0289\\u028b\\u02bb" +
  "\\u0300-\\u036f\\u1e00-\\u1eff";
const NOT_HOST =
  "\\s!'#%&()*+,/:;<=>?@\\[\\]^{|}~$\\ufffe\\ufeff\\uffff\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069";
const PATH = `a-z0-9!*';:=+,.$/%#\\[\\]\\-\\u2013_~@|&\\u0400-\\u04ff${LATIN}`;
const QUERY = "\\?[a-z0-9!?*'@();:&=+$/%#\\[\\]\\-_.,~|]*[a-z0-9\\-_&=#/]";
const WORD = `a-z0-9_\\-${LATIN}`;

const CANDIDATE = new RegExp(
  `https?://(?<host>[^${NOT_HOST}]+)|(?<bare>(?<![.${WORD}])[${WORD}]+\\.[.${WORD}]+)`,
  "gi",
);
const TOP_LEVEL = /^(?:xn--[0-9a-z-]+|[a-z]+)(?![0-9a-z@+-])/i;
const PORT = /:[0-9]+/y;
const WALK = new RegExp(`/(?:[${PATH}]|\\((?:[${PATH}]|\\([${PATH}]{0,256}\\)){0,256}\\))*`, "iy");
const WALK_END = new RegExp(`[a-z0-9=_#/+\\-\\u0400-\\u04ff${LATIN})]`, "i");
const SEARCH = new RegExp(QUERY, "iy");
const SHORTENED = new RegExp(`^https?://t\\.co/([a-z0-9]+)(?:${QUERY})?`, "i");

const MAX_LABEL = 63;
const MAX_SLUG = 40;
const MAX_LINK = 4096;

const HEAVY = /[^\u0000-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]/gu;
const EMOJI = new RegExp(
  "[\\u{1F1E6}-\\u{1F1FF}]{2}|[0-9#*]\\uFE0F?\\u20E3|\\u{1F3F4}[\\u{E0020}-\\u{E007E}]+\\u{E007F}" +
    "|(?:(?![©®])\\p{Extended_Pictographic}|[©®](?=\\uFE0F))[\\uFE0F\\u{1F3FB}-\\u{1F3FF}]?\\uFE0F?" +
    "(?:\\u200D\\p{Extended_Pictographic}[\\uFE0F\\u{1F3FB}-\\u{1F3FF}]?\\uFE0F?)*",
  "gu",
);

/** The weight of `text`, of which X takes 280. */
export function weightedLength(text) {
  text = text.normalize("NFC");
  let total = 0;
  let position = 0;
  for (const [start, end] of links(text)) {
    total += weight(text.slice(position, start)) + LINK_WEIGHT;
    position = end;
  }
  return total + weight(text.slice(position));
}

/** The weight of text without links. */
export function weight(text) {
  let emoji = 0;
  const plain = text.replace(EMOJI, () => {
    emoji += 1;
    return "";
  });
  let characters = 0;
  for (const _ of plain) characters += 1;
  return emoji * EMOJI_WEIGHT + characters + (plain.match(HEAVY) ?? []).length;
}

/** Start and end of each stretch of `text` that X turns into a link. */
export function* links(text) {
  const candidate = new RegExp(CANDIDATE);
  let found;
  while ((found = candidate.exec(text))) {
    const start = found.index;
    let end = readEnd(text, found);
    candidate.lastIndex = Math.max(end, start + found[0].length);
    const shortened = SHORTENED.exec(text.slice(start, end));
    if (shortened) end = shortened[1].length <= MAX_SLUG ? start + shortened[0].length : 0;
    if (end && end - start <= MAX_LINK) yield [start, end];
  }
}

function readEnd(text, found) {
  const run = found.groups.host ?? found.groups.bare;
  const after = found.index + found[0].length;
  if (!run.includes(".") || isBlocked(text.charAt(found.index - 1), found.groups.bare !== undefined)) return 0;
  const host = hostLength(run, text.charAt(after));
  return host ? tailEnd(text, after - run.length + host) : 0;
}

function isBlocked(before, bare) {
  return before !== "" && (/[a-z0-9@＠$#＃]/i.test(before) || (bare && "-_./".includes(before)));
}

function hostLength(run, following) {
  const labels = run.split(".");
  let length = 0;
  let position = 0;
  for (const [index, label] of labels.entries()) {
    if (index && !labels[index - 1].includes("_")) {
      const top = topLevel(label, index + 1 < labels.length ? "." : following);
      if (top) length = position + top.length;
    }
    if (!isLabel(label)) break;
    position += label.length + 1;
  }
  return length;
}

function topLevel(label, following) {
  if (/[^\x00-\x7f]/.test(label) && TLDS.has(label)) return label;
  const found = TOP_LEVEL.exec(label + following)?.[0] ?? "";
  const name = found.toLowerCase();
  return TLDS.has(name) || name.startsWith("xn--") ? found : "";
}

function isLabel(label) {
  if (!label || "-_".includes(label[0]) || "-_".includes(label.at(-1)) || [...label].length > MAX_LABEL) return false;
  if (!/[^\x00-\x7f]/.test(label)) return true;
  if (label.toLowerCase().startsWith("xn--")) return false;
  return punycodeLength(label) + 4 <= MAX_LABEL;
}

// RFC 3492, lengths only: the basic code points, a hyphen after them, and the digits of each delta.
function punycodeLength(label) {
  const points = [...label].map((character) => character.codePointAt(0));
  const basic = points.filter((point) => point < 128).length;
  let length = basic ? basic + 1 : 0;
  let [n, delta, bias, done] = [128, 0, 72, basic];
  while (done < points.length) {
    const next = Math.min(...points.filter((point) => point >= n));
    delta += (next - n) * (done + 1);
    n = next;
    for (const point of points) {
      if (point < n) delta += 1;
      if (point !== n) continue;
      length += deltaLength(delta, bias);
      bias = adapted(delta, done + 1, done === basic);
      delta = 0;
      done += 1;
    }
    delta += 1;
    n += 1;
  }
  return length;
}

function deltaLength(delta, bias) {
  let length = 1;
  for (let k = 36; ; k += 36) {
    const threshold = k <= bias ? 1 : Math.min(k - bias, 26);
    if (delta < threshold) return length;
    delta = Math.floor((delta - threshold) / (36 - threshold));
    length += 1;
  }
}

function adapted(delta, points, first) {
  delta = first ? Math.floor(delta / 700) : delta >> 1;
  delta += Math.floor(delta / points);
  let k = 0;
  for (; delta > 455; k += 36) delta = Math.floor(delta / 35);
  return k + Math.floor((36 * delta) / (delta + 38));
}

function tailEnd(text, end) {
  end = matchEnd(PORT, text, end) || end;
  let last = matchEnd(WALK, text, end);
  if (last) {
    while (last > end + 1 && !WALK_END.test(text.charAt(last - 1))) last -= 1;
    end = last;
  }
  return matchEnd(SEARCH, text, end) || end;
}

function matchEnd(sticky, text, from) {
  sticky.lastIndex = from;
  return sticky.test(text) ? sticky.lastIndex : 0;
}
