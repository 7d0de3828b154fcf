// One EventSource with patience. Frames go to `deliver({event, data})`, the state to `say("live"|"wait"|"off")`.
export const EVENTS = ["hello", "row", "message", "ticket", "counts", "refresh", "account", "incident", "gone"];
const LONGEST = 30_000, ASLEEP = 45_000, LOOK = 15_000;

export class Connection {
  #url; #deliver; #say; #source = null; #last = ""; #tries = 0; #timer = 0; #watch = 0; #seen = 0; #broken = false;

  constructor(url, deliver, say) {
    this.#url = url;
    this.#deliver = deliver;
    this.#say = say;
  }

  open() {
    if (this.#source) return;
    clearTimeout(this.#timer);
    this.#say("wait");
    const after = this.#last ? `${this.#url.includes("?") ? "&" : "?"}after=${encodeURIComponent(this.#last)}` : "";
    const source = (this.#source = new EventSource(this.#url + after));
    source.onopen = () => this.#opened();
    source.onerror = () => this.#failed(source);
    for (const event of EVENTS) source.addEventListener(event, (frame) => this.#got(event, frame));
    this.#seen = Date.now();
    // A computer that slept has a connection that only looks alive.
    this.#watch = setInterval(() => {
      const slept = Date.now() - this.#seen > ASLEEP;
      this.#seen = Date.now();
      if (slept) { this.close(); this.#broken = true; this.open(); }
    }, LOOK);
  }

  close() {
    clearTimeout(this.#timer);
    clearInterval(this.#watch);
    this.#source?.close();
    this.#source = null;
  }

  #opened() {
    this.#tries = 0;
    this.#say("live");
    // Whatever happened in between is asked for once, not guessed.
    if (this.#broken) this.#deliver({ event: "refresh", data: {} });
    this.#broken = false;
  }

  #got(event, frame) {
    if (frame.lastEventId) this.#last = frame.lastEventId;
    this.#deliver({ event, data: frame.data ? JSON.parse(frame.data) : {}, id: Number(this.#last) });
  }

  #failed(source) {
    if (source !== this.#source) return;
    this.#broken = true;
    this.#say(this.#tries > 5 ? "off" : "wait");
    if (source.readyState !== EventSource.CLOSED) return;
    this.close();
    const wait = Math.min(LONGEST, 1000 * 2 ** this.#tries++) * (0.5 + Math.random() / 2);
    this.#timer = setTimeout(() => this.open(), wait);
  }
}
