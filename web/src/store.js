// What stays in the browser: the session's token, messages not yet delivered, and whether an emergency was said. No answers.
const memory = new Map();

function storage() {
  try {
    const probe = "twitchwise:probe";
    localStorage.setItem(probe, "1");
    localStorage.removeItem(probe);
    return localStorage;
  } catch {
    return null; // private windows, blocked storage: the conversation then lasts as long as the page
  }
}

export class Store {
  constructor(server) {
    this.prefix = `twitchwise:1:${server}:`;
    this.disk = storage();
  }

  get(name) {
    const key = this.prefix + name;
    try {
      return JSON.parse((this.disk ? this.disk.getItem(key) : memory.get(key)) ?? "null");
    } catch {
      return null;
    }
  }

  set(name, value) {
    const key = this.prefix + name;
    const text = JSON.stringify(value);
    try {
      if (this.disk) value == null ? this.disk.removeItem(key) : this.disk.setItem(key, text);
      else memory.set(key, text);
    } catch {
      memory.set(key, text);
    }
  }

  /** Call back when another tab changes `name`. */
  watch(name, changed) {
    addEventListener("storage", (event) => {
      if (event.key === this.prefix + name) changed();
    });
  }

  // Tabs share the list, so it is read afresh for each change.
  get outbox() {
    const list = this.get("outbox");
    return Array.isArray(list) ? list : [];
  }

  keep(message) {
    this.set("outbox", [...this.outbox.filter((each) => each.message_id !== message.message_id), message]);
  }

  sent(id) {
    const left = this.outbox.filter((each) => each.message_id !== id);
    this.set("outbox", left.length ? left : null);
  }
}
