// The posts a long answer leaves as, and what X charges for them. The twin of `split_thread` in
// channels_social/networks/x/length.py, which explains the rules; a test holds them equal.
import { links, weight, weightedLength } from "./weighted.js";

const LINK_WEIGHT = 23;
const fits = (text, limit) => weightedLength(text) <= limit;
const clusters = new Intl.Segmenter("und", { granularity: "grapheme" });

/** `text` as posts of at most `limit`, numbered at their ends; the signature («^JC») ends the last. */
export function splitThread(text, limit, signature) {
  text = text.trim();
  if (text.endsWith(signature)) text = text.slice(0, text.length - signature.length).trimEnd();
  const end = ` ${signature}`;
  if (!text || fits(text + end, limit)) return text ? [text + end] : [];
  let parts;
  for (let digits = 1; digits < 5; digits += 1) {
    parts = partsOf(text, limit - 4 - 2 * digits, weight(end));
    if (parts.length < 10 ** digits) break;
  }
  parts = parts.map((part, n) => `${part} (${n + 1}/${parts.length})`);
  return [...parts.slice(0, -1), parts.at(-1) + end];
}

function partsOf(text, room, reserve) {
  for (let aim = room; ; aim -= LINK_WEIGHT) {
    if (aim - reserve < LINK_WEIGHT) return [text];
    const parts = fill(text, aim, reserve);
    if (parts.every((part, n) => fits(part, room - (n === parts.length - 1 ? reserve : 0)))) return parts;
  }
}

function fill(text, room, reserve) {
  const words = [...text.matchAll(/(\s*)(\S+)/g)];
  const pieces = words.flatMap(([, space, word]) => [...piecesOf(space, word, room - reserve)]);
  const parts = [];
  let filled = room + 1;
  for (const [index, [space, piece, heavy]] of pieces.entries()) {
    const gap = parts.length ? weight(space) : 0;
    if (filled + gap + heavy + (index === pieces.length - 1 ? reserve : 0) > room) {
      parts.push(piece);
      filled = heavy;
    } else {
      parts[parts.length - 1] += space + piece;
      filled += gap + heavy;
    }
  }
  return parts;
}

function* piecesOf(space, word, room) {
  const heavy = weightedLength(word);
  if (heavy <= room) return yield [space, word, heavy];
  let piece = "", filled = 0;
  for (const [atom, more] of atomsOf(word.normalize("NFC"), room)) {
    if (filled + more > room) {
      yield [space, piece, filled];
      [space, piece, filled] = ["", "", 0];
    }
    piece += atom;
    filled += more;
  }
  yield [space, piece, filled];
}

function* atomsOf(word, room) {
  let position = 0;
  for (const [start, end] of [...links(word), [word.length, word.length]]) {
    for (const { segment } of clusters.segment(word.slice(position, start))) {
      if (weight(segment) <= room) yield [segment, weight(segment)];
      else for (const one of segment) yield [one, weight(one)];
    }
    if (end > start) yield [word.slice(start, end), LINK_WEIGHT];
    position = end;
  }
}

/** What posting these costs, in US$: a link is dear, the answer somebody asked for is cheap, what follows it is not. */
export function threadCost(parts, { each, more, link }) {
  const linked = (part) => /https?:\/\//i.test(part) || !links(part).next().done;
  return parts.reduce((sum, part, n) => sum + Number(linked(part) ? link : n ? more : each), 0);
}
