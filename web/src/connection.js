// The line to the server: Socket.IO (which itself falls back to long polling), and plain HTTP requests where that is blocked.
// Keeps what was not delivered and sends it once when the line is back; the server serves each id once.
import { io } from "socket.io-client";

const ACK_MS = 20_000;
const HTTP_AFTER_FAILURES = 2;
const OFFLINE_AFTER_MS = 1500;
const POLL_MS = 3000;

export class Connection {
  /** `on`: session(confirm), event(name, data), state("online" | "offline" | "connecting"), ack(message, ack), sending(). */
  constructor(config, store, on) {
    Object.assign(this, { config, store, on, ready: false, http: false, failures: 0, inFlight: new Set(), opening: null });
    this.socket = io(config.server, { path: "/chat/socket.io", transports: ["websocket", "polling"], tryAllTransports: true, reconnectionDelay: 500, reconnectionDelayMax: 4000, timeout: 6000, autoConnect: false });
    this.socket.on("connect", () => this.connected());
    this.socket.on("disconnect", () => this.lost());
    this.socket.on("connect_error", () => this.failed());
    this.socket.on("session_confirm", (confirm) => this.confirmed(confirm));
    for (const name of ["bot_uttered", "user_said", "typing", "state", "hand_over", "staff_said"]) this.socket.on(name, (data) => on.event(name, data));
    addEventListener("online", () => this.retry());
    addEventListener("offline", () => this.lost());
    document.addEventListener("visibilitychange", () => document.hidden || this.retry());
  }

  open() {
    this.on.state("connecting");
    this.socket.connect();
  }

  retry() {
    if (!this.socket.connected) this.socket.connect();
  }

  request() {
    return { token: this.store.get("token"), country: this.config.country, pending: this.store.outbox.map((each) => each.message_id) };
  }

  connected() {
    this.failures = 0;
    this.http = false;
    this.socket.emit("session_request", this.request());
  }

  confirmed(confirm) {
    clearTimeout(this.offlineTimer);
    this.offlineTimer = null;
    this.ready = true;
    this.store.set("token", confirm.token);
    for (const id of Object.keys(confirm.known || {})) this.store.sent(id);
    this.on.state("online");
    this.on.session(confirm);
    this.flush();
  }

  lost() {
    this.ready = false;
    this.inFlight.clear();
    this.offlineTimer ??= setTimeout(() => this.ready || this.on.state("offline"), OFFLINE_AFTER_MS);
    this.on.sending();
  }

  async failed() {
    this.failures += 1;
    if (!this.ready) this.offlineTimer ??= setTimeout(() => this.ready || this.on.state("offline"), OFFLINE_AFTER_MS);
    if (this.failures < HTTP_AFTER_FAILURES || this.http || this.opening) return;
    this.opening = this.post("session", this.request());
    try {
      const confirm = await this.opening;
      if (this.socket.connected) return;
      this.http = true;
      this.confirmed(confirm);
    } catch {
      this.ready = false;
      this.on.state("offline");
    } finally {
      this.opening = null;
    }
  }

  async post(path, body) {
    const answer = await fetch(`${this.config.server}/chat/${path}`, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), credentials: "omit", signal: AbortSignal.timeout?.(ACK_MS),
    });
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    return answer.json();
  }

  /** Without a socket nobody can tell the page that a person wrote: ask, every so many rounds as `every()` says (0: never). */
  follow(every) {
    let round = 0;
    setInterval(() => {
      round += 1;
      const often = every();
      if (often && round % often === 0 && this.http && this.ready && !this.inFlight.size && !document.hidden) this.refresh();
    }, POLL_MS);
  }

  /** Send a message: now, or when the line is back. */
  send(message) {
    this.store.keep(message);
    this.deliver(message);
  }

  flush() {
    for (const message of this.store.outbox) this.deliver({ ...message, again: true });
  }

  async deliver(message) {
    const id = message.message_id;
    if (!this.ready || this.inFlight.has(id)) return this.on.sending();
    this.inFlight.add(id);
    const body = { ...message, country: this.config.country };
    try {
      let ack;
      if (this.http) {
        const answer = await this.post("message", { ...body, token: this.store.get("token") });
        ack = answer.ack;
        for (const { event, data } of answer.events) this.on.event(event, data);
      } else {
        ack = await this.socket.timeout(ACK_MS).emitWithAck("user_uttered", body);
      }
      if (ack.session === false) return this.renew();
      this.store.sent(id);
      this.on.ack(message, ack);
      if (ack.again) this.refresh();
    } catch {
      // Not acknowledged: it stays in the outbox and is sent again, under the same id.
      if (this.http) this.lostHttp();
      else if (this.socket.connected) setTimeout(() => this.ready && this.flush(), 1000);
    } finally {
      this.inFlight.delete(id);
      this.on.sending();
    }
  }

  lostHttp() {
    this.http = false;
    this.lost();
    this.retry();
  }

  renew() {
    this.ready = false;
    this.refresh();
  }

  async refresh() {
    if (this.http) this.confirmed(await this.post("session", this.request()).catch(() => this.lostHttp()));
    else if (this.socket.connected) this.socket.emit("session_request", this.request());
  }
}
