// One event stream per browser: this worker holds it, and every tab of the organization listens here.
// HTTP/1.1 allows six connections to a place; a stream for each tab would freeze the sixth.
import { Connection } from "./lib/connection.js";

const GRACE = 20_000;
const hubs = new Map();

class Hub {
  tabs = new Map();
  state = "wait";
  last = 0;
  #rest = 0;

  constructor(url) {
    this.connection = new Connection(url, (frame) => this.deliver(frame), (state) => this.say(state));
  }

  join(port) {
    this.tabs.set(port, { awake: true, missed: false });
    port.postMessage({ state: this.state });
    if (this.last) port.postMessage({ event: "hello", data: { seq: this.last } });
    this.settle();
  }

  // A hidden tab lets go: it is told nothing, and asks again for what it missed when it is looked at.
  wake(port, awake) {
    const tab = this.tabs.get(port);
    if (!tab) return;
    tab.awake = awake;
    if (awake && tab.missed) port.postMessage({ event: "refresh", data: {} });
    if (awake) { tab.missed = false; port.postMessage({ state: this.state }); }
    this.settle();
  }

  leave(port) {
    this.tabs.delete(port);
    this.settle();
  }

  deliver(frame) {
    if (frame.id) this.last = frame.id;
    for (const [port, tab] of this.tabs) {
      if (tab.awake) port.postMessage(frame);
      else tab.missed = true;
    }
  }

  say(state) {
    this.state = state;
    for (const [port, tab] of this.tabs) if (tab.awake) port.postMessage({ state });
  }

  // Nobody looks: after a while the line is given back, and whoever returns has missed something.
  settle() {
    clearTimeout(this.#rest);
    if ([...this.tabs.values()].some((tab) => tab.awake)) return this.connection.open();
    this.#rest = setTimeout(() => {
      this.connection.close();
      for (const tab of this.tabs.values()) tab.missed = true;
    }, GRACE);
  }
}

self.onconnect = ({ ports: [port] }) => {
  let hub;
  port.onmessage = ({ data }) => {
    if (data.join) {
      if (!hubs.has(data.join)) hubs.set(data.join, new Hub(data.join));
      hub = hubs.get(data.join);
      hub.join(port);
      // A tab that dies says nothing, but its lock is set free.
      if (data.lock) navigator.locks?.request(data.lock, () => hub.leave(port));
    }
    if ("awake" in data) hub?.wake(port, data.awake);
    if (data.bye) hub?.leave(port);
  };
};
