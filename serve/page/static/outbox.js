// Answers on their way to the store. They stay in localStorage until the service has said that they
// are on its disk, so that a cable pulled or a tab closed loses none; each has a time of its own, so
// that sending one twice changes nothing.

const BOX = "demarche-outbox", LAST = "demarche-last-time";

export class Outbox {
  /**
   * @param storage localStorage, or what behaves like it
   * @param send takes a row, resolves to { outcome: "saved" | "offline" | "busy" | "session" |
   *   "refused", ... }
   * @param tell is told of every outcome, with the entry and how many wait
   * @param now the service's time in milliseconds
   * @param later setTimeout, or what behaves like it
   */
  constructor({ storage, send, tell, now, later }) {
    Object.assign(this, { storage, send, tell, now, later, sending: null, tries: 0 });
  }

  get entries() {
    return JSON.parse(this.storage.getItem(BOX) || "[]");
  }

  /** Entries that are not refused; refused ones stay until they are answered anew. */
  get waiting() {
    return this.entries.filter((each) => !each.refused);
  }

  /** Keep an answer; it takes the place of one to the same sentence that is not being sent. */
  add(key, row, delay = 0) {
    const at = new Date(this.time()).toISOString();
    const kept = this.entries.filter((each) => each.key !== key || each.at === this.sending);
    this.keep([...kept, { key, at, due: this.now() + delay, row: { ...row, at } }]);
    this.later(() => this.flush(), delay);
  }

  /** Forget an answer that was not sent; whether there was one. */
  drop(key) {
    const left = this.entries.filter((each) => each.key !== key || each.at === this.sending);
    const dropped = left.length < this.entries.length;
    this.keep(left);
    return dropped;
  }

  /** Send what is due, one after the other; ends when nothing can be sent any more. */
  flush(all = false) {
    this.running ??= this.run(all).finally(() => (this.running = null));
    return this.running;
  }

  async run(all) {
    const due = (each) => all || each.due <= this.now();
    for (let next; (next = this.waiting.find(due)); ) {
      this.sending = next.at;
      const answer = await this.send(next.row);
      this.sending = null;
      if (!this.settle(next, answer)) return;
    }
  }

  settle(entry, answer) {
    const others = this.entries.filter((each) => each.at !== entry.at);
    const done = answer.outcome === "saved" || answer.outcome === "refused";
    if (answer.outcome === "refused") this.keep([...others, { ...entry, refused: answer.why }]);
    if (answer.outcome === "saved") this.keep(others);
    this.tries = done ? 0 : this.tries + 1;
    this.tell(answer, entry, this.waiting.length);
    // jittered, so that not all browsers come back at once; offline ones are woken by "online" too
    const wait = 1000 * (answer.after || Math.min(30, 2 ** this.tries)) * (1 + Math.random() / 4);
    if (answer.outcome === "busy" || answer.outcome === "offline") this.later(() => this.flush(true), wait);
    return done;
  }

  keep(entries) {
    this.storage.setItem(BOX, JSON.stringify(entries));
  }

  /** A time after every one given before. */
  time() {
    const last = Number(this.storage.getItem(LAST) || 0);
    const time = Math.max(Math.floor(this.now()), last + 1);
    this.storage.setItem(LAST, String(time));
    return time;
  }
}
