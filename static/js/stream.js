// A tab's end of the stream. Frames become events of the document, with the frame's data as detail:
//   stream:row {ticket, html, due, views, assignee, v}   stream:message {ticket, message, html, v}
//   stream:ticket {ticket, v}   stream:counts {view: n}   stream:account {}   stream:refresh {}   stream:incident {}   stream:state "live"
import { Connection } from "./lib/connection.js";

const REFRESH_EVERY = 1000;

export function joinStream({ url, workerUrl }) {
  if (workerUrl && "SharedWorker" in globalThis) joinWorker(url, workerUrl);
  else if (navigator.locks && "BroadcastChannel" in globalThis) joinLeader(url);
  else alone(url);
}

function joinWorker(url, workerUrl) {
  const { port } = new SharedWorker(workerUrl, { type: "module", name: "stream" });
  const lock = `tab:${crypto.randomUUID?.() ?? Math.random()}`;
  port.onmessage = ({ data }) => receive(data);
  const join = (held) => port.postMessage({ join: new URL(url, location.href).href, lock: held && lock, awake: !document.hidden });
  // The lock is ours for as long as the tab lives; only then may the worker wait for it.
  if (navigator.locks) navigator.locks.request(lock, () => (join(true), new Promise(() => {})));
  else join(false);
  document.addEventListener("visibilitychange", () => port.postMessage({ awake: !document.hidden }));
  addEventListener("pagehide", () => port.postMessage({ bye: true }));
  addEventListener("pageshow", (event) => event.persisted && location.reload());
}

// Without shared workers one tab, whoever holds the lock, listens for the others.
function joinLeader(url) {
  const channel = new BroadcastChannel(`stream:${url}`);
  channel.onmessage = ({ data }) => receive(data);
  navigator.locks.request(`stream:${url}`, () => {
    const tell = (message) => { channel.postMessage(message); receive(message); };
    new Connection(url, tell, (state) => tell({ state })).open();
    tell({ event: "refresh", data: {} });
    return new Promise(() => {});
  });
  document.addEventListener("visibilitychange", () => document.hidden || receive({ event: "refresh", data: {} }));
}

function alone(url) {
  const connection = new Connection(url, receive, (state) => receive({ state }));
  connection.open();
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return connection.close();
    connection.open();
    receive({ event: "refresh", data: {} });
  });
}

let asked = 0, waiting = 0;
// How far the page knew when it was written: what was said between that and the joining is asked for.
let seq = Number(document.getElementById("live")?.dataset.seq ?? 0);

function receive({ event, data, state, id }) {
  if (state) return document.dispatchEvent(new CustomEvent("stream:state", { detail: state }));
  if (event === "hello") {
    if (data.seq > seq) refreshSoon();
    seq = Math.max(seq, data.seq);
    return;
  }
  if (id) seq = Math.max(seq, id);
  if (event === "refresh") return refreshSoon();
  // Who may not be here any more sees nothing more, what is already on the screen included.
  if (event === "gone") return location.reload();
  document.dispatchEvent(new CustomEvent(`stream:${event}`, { detail: data }));
}

// However many gaps there were, the lists are fetched again once a second at the most.
function refreshSoon() {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    asked = Date.now();
    document.dispatchEvent(new CustomEvent("stream:refresh", { detail: {} }));
  }, Math.max(0, asked + REFRESH_EVERY - Date.now()) + Math.random() * 200);
}
