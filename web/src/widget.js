// The widget: header, notice, emergency and offline banners, menu, the live region, and the conversation between them.
import { ChatView } from "./chat-view.js";
import { numbersOf } from "./config.js";
import { Connection } from "./connection.js";
import { callLink, h, icon, sheet } from "./dom.js";
import { Menu } from "./menu.js";
import { paint } from "./paint.js";
import { Reader } from "./reader.js";
import { Store } from "./store.js";
import css from "./widget.css";

const STARTERS = ["My eyelid keeps twitching", "My calf twitches", "When should I worry?"];
const LEVELS = ["self_care", "see_gp", "neurologist", "urgent", "emergency"];
const styles = sheet(css);
const newId = () => (crypto.randomUUID ? crypto.randomUUID() : Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join(""));

export class Widget extends HTMLElement {
  start(config) {
    this.config = config;
    this.dataset.mode = config.mode;
    this.store = new Store(config.server);
    this.numbers = numbersOf(config.country);
    this.reader = new Reader(config.locale);
    this.level = null;
    this.escalated = false;
    this.turn = []; // the last few things the assistant said
    this.view = new ChatView(config, (text, bubble) => this.say({ text }, text, bubble));
    this.draw();
    paint(this, config.colour);
    this.line = new Connection(config, this.store, {
      session: (confirm) => this.resumed(confirm),
      event: (name, data) => this.heard(name, data),
      state: (state) => this.reached(state),
      ack: (message, ack) => this.acknowledged(message, ack),
      sending: () => this.showWaiting(),
    });
    // Somebody may take over unasked; without a staff there is nobody to ask for.
    this.line.follow(() => (!this.person ? 0 : this.person.state === "none" ? 5 : 1));
    this.store.watch("token", () => this.store.get("token") || location.reload());
    if (config.mode === "page" || this.store.get("open")) this.open(false);
  }

  draw() {
    const page = this.config.mode === "page";
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [styles];
    this.menu = new Menu([
      { title: "Start over", act: () => this.press("Start over") },
      { title: "Talk to a person", act: () => this.press("Talk to a person") },
      { title: "Delete my data", act: () => this.press("Delete my data") },
      ...(this.reader.able ? [{ title: "Read answers aloud", checked: () => this.reader.on, act: () => this.reader.toggle() }] : []),
    ]);
    this.alarm = h("div", { class: "alarm", role: "region", "aria-label": "Emergency numbers", hidden: true });
    this.away = h("div", { class: "away", role: "alert", hidden: true });
    this.human = h("div", { class: "human", role: "status", hidden: true });
    this.live = h("div", { class: "vh", "aria-live": "polite", "aria-relevant": "additions" });
    const close = h("button", { class: "square", type: "button", "aria-label": "Close the chat", onclick: () => this.close() }, icon("close"));
    this.panel = h(page ? "main" : "section", { class: "panel", "aria-label": this.config.title, hidden: !page, onkeydown: (event) => this.key(event) },
      h("div", { class: "bar" }, h(page ? "h1" : "h2", {}, this.config.title), this.menu.element, page ? null : close),
      this.alarm, this.human, this.away,
      h("div", { class: "body" }, this.notice(), h("div", { class: "chat" }, this.view.element)),
      this.live);
    root.append(this.panel);
    if (!page) {
      this.launch = h("button", { class: "launch", type: "button", "aria-haspopup": "dialog", "aria-expanded": "false", onclick: () => this.open(true) }, icon("chat"), this.config.title);
      root.append(this.launch);
      this.panel.setAttribute("role", "dialog");
    }
    root.addEventListener("twitchwise-reply", ({ detail }) => this.say(detail.payload ? { button: detail.payload, title: detail.title } : { text: detail.title }, detail.title));
    root.addEventListener("twitchwise-places", ({ detail }) => this.say({ places: detail.places, title: detail.title }, detail.title));
  }

  notice() {
    const { emergency_text: emergency, tel } = this.numbers;
    const call = tel.length === 1 ? h("a", { href: `tel:${tel[0].tel}` }, emergency) : emergency;
    return h("div", { class: "notice", role: "note", "aria-label": "Please note" },
      h("h2", { class: "more" }, "Please note"),
      h("p", {}, "Not a diagnosis, and not for emergencies: call ", call, "."),
      h("p", { class: "more" }, "Ask about twitching muscles at any time, in your own words. The assistant is a computer program; it looks for warning signs and says when to see a doctor."),
      h("p", { class: "more" }, "The button at the top right starts over, finds a person to talk to, or deletes what you told."));
  }

  // -- opening and closing

  async open(byHand) {
    this.panel.hidden = false;
    if (this.launch) {
      this.launch.hidden = true;
      this.store.set("open", true);
    }
    await this.view.ready;
    if (!this.opened) {
      this.opened = true;
      this.greet();
      this.line.open();
    }
    if (byHand) this.view.focus();
    this.tell("opened", {});
  }

  close() {
    this.panel.hidden = true;
    this.launch.hidden = false;
    this.store.set("open", null);
    this.launch.focus();
  }

  key(event) {
    if (event.key !== "Escape") return;
    if (this.menu.isOpen) this.menu.close();
    else if (this.launch) this.close();
  }

  /** A DOM event for the page around: codes only, never what was said. */
  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(`twitchwise:${name}`, { bubbles: true, composed: true, detail }));
  }

  greet() {
    this.view.bot({ id: "opening", text: this.config.opening });
    this.view.replies(STARTERS.map((title) => ({ title })));
  }

  // -- saying

  press(title) {
    const button = (this.buttons || []).find((each) => each.title === title);
    this.say(button ? { button: button.payload, title } : { text: title }, title);
    this.view.focus();
  }

  say(meaning, words, bubble = null) {
    const message = { message_id: newId(), at: Date.now() / 1000, shown: words, ...meaning };
    this.view.user({ id: message.message_id, text: words, at: message.at }, bubble);
    this.view.dropReplies();
    this.view.toNewest();
    if (document.activeElement === this && !this.view.root.activeElement) this.view.focus();
    this.line.send(message);
  }

  showWaiting() {
    const waiting = new Set(this.store.outbox.map((each) => each.message_id));
    for (const id of this.view.byId.keys()) this.view.waiting(id, waiting.has(id) && !this.line.ready);
    this.drawAway();
  }

  acknowledged(message, ack) {
    if (ack.id) this.view.rename(message.message_id, ack.id);
    if (!ack.ok) this.heard("bot_uttered", { id: `error.${message.message_id}`, text: ack.error, at: Date.now() / 1000, guard: true });
  }

  // -- hearing

  resumed(confirm) {
    this.buttons = confirm.menu;
    this.view.limit = confirm.limit;
    if (confirm.country && !this.config.country) this.numbers = numbersOf(confirm.country);
    const history = confirm.history || [];
    const outbox = this.store.outbox;
    const shown = history.every((item) => this.view.has(item.id)) && history.length > 0;
    if (!shown && history.length) {
      this.view.clear();
      for (const item of history) this.show(item);
    } else if (!history.length && this.view.byId.size > 1 + outbox.length) {
      // Expired, or deleted.
      this.view.clear();
      this.greet();
    }
    for (const message of outbox) this.view.user({ id: message.message_id, text: message.shown, at: message.at });
    for (const [id, ours] of Object.entries(confirm.known || {})) this.view.rename(id, ours);
    this.state(confirm.state || {}, true);
    this.withPerson(confirm.hand_over);
    if (!shown) this.view.toNewest();
  }

  heard(name, data) {
    if (name === "hand_over") this.withPerson(data);
    if (name === "staff_said" && this.show(data)) {
      const words = data.name ? `${data.name} said: ${data.text}` : data.text;
      this.announce({ text: words });
      this.reader.read(words);
      this.view.toNewest();
    }
    if (name === "typing") {
      // The assistant keeps quiet while a person answers; it only looks out for emergencies.
      this.view.type(Boolean(data.on) && this.person?.state !== "taken");
      if (!data.on) this.view.toNewest();
    }
    if (name === "state") this.state(data, false);
    if (name === "user_said") {
      // Our own words, or another tab's: shown once, under both ids.
      if (this.view.has(data.message_id)) this.view.rename(data.message_id, data.id);
      else this.view.user(data);
    }
    if (name === "bot_uttered" && data.custom?.type === "deleted") this.forget(data);
    if (name === "bot_uttered" && this.view.bot(data)) {
      this.turn = [...this.turn.slice(-9), data];
      this.announce(data);
      this.reader.read(data.text);
      if (data.custom?.level) this.reach(data.custom.level, data.custom);
      this.view.toNewest();
    }
  }

  /** What was said is deleted on the server: it goes from the page at once, but for the reply that says so. */
  forget({ id }) {
    const reply = id.replace(/\.\d+$/, ".");
    this.view.clear();
    for (const each of this.turn) if (each.id.startsWith(reply)) this.view.bot(each);
    this.live.replaceChildren();
  }

  /** One item of the conversation, whoever said it; whether it is new here. */
  show(item) {
    if (item.role === "user") return this.view.user(item);
    if (item.role === "staff") return this.view.staff(item);
    return item.role === "notice" ? this.view.notice(item) : this.view.bot(item);
  }

  /** Who answers now: the assistant, or a person. Said all the time, not only once. */
  withPerson(over) {
    const before = this.person?.state;
    this.person = over;
    const state = over?.state || "none";
    this.human.hidden = state === "none";
    this.toggleAttribute("data-human", state === "taken");
    if (state === "taken") {
      this.view.dropReplies();
      this.view.type(false);
      const call = this.numbers.emergency_text;
      this.human.replaceChildren(h("p", {}, icon("person"), h("span", {}, h("strong", {}, `You are talking to ${over.name}. `), `A person writes to you now; the assistant keeps quiet. In an emergency do not wait: call ${call}.`)));
    } else if (state === "waiting") {
      this.human.replaceChildren(h("p", {}, icon("person"), h("span", {}, h("strong", {}, `You asked for a person from ${over.team}. `), "Nobody has come yet. Until then the assistant answers you.")));
    }
    if (state !== before && before !== undefined) this.tell("hand-over", { state });
  }

  announce({ text, custom, buttons }) {
    const words = [custom?.title, text, custom?.downloads?.length ? `Files: ${custom.downloads.map((each) => each.title).join(", ")}.` : "", buttons?.length ? `Suggested answers: ${buttons.map((each) => each.title).join(", ")}.` : ""];
    this.live.append(h("p", {}, words.filter(Boolean).join(" ").replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").replace(/[*_#>`]/g, "")));
    while (this.live.children.length > 5) this.live.firstChild.remove();
  }

  state({ level, escalated, crisis }, resumed) {
    if (level || !resumed) this.reach(level ?? null, { crisis });
    if (escalated && !this.escalated) this.tell("escalated", { level });
    this.escalated = Boolean(escalated);
  }

  reach(level, { crisis, sms, flag } = {}) {
    if (level !== this.level && LEVELS.includes(level)) this.tell("level", { level });
    this.level = level;
    const urgent = level === "emergency";
    this.alarm.hidden = !urgent;
    this.toggleAttribute("data-alarm", urgent);
    if (!urgent) return;
    const soul = crisis || flag === "suicidal_thoughts";
    const links = [...(soul ? this.numbers.crisis_tel : []), ...this.numbers.tel].map((link) => callLink(link));
    const texts = soul ? (sms?.length ? sms : this.numbers.crisis_sms || []).map((link) => callLink(link, "sms")) : [];
    this.alarm.replaceChildren(h("strong", {}, icon("warning"), soul ? "Please reach out now" : "Emergency: call now"), ...links, ...texts);
  }

  reached(state) {
    this.reachable = state;
    this.drawAway();
  }

  drawAway() {
    const off = this.reachable === "offline";
    const count = this.store.outbox.length;
    const key = off ? `off ${count}` : "on";
    if (this.awayKey === key) return;
    this.awayKey = key;
    this.away.hidden = !off;
    this.toggleAttribute("data-away", off); // the banner says the numbers: on a small screen the notice makes room
    // The banner takes room: what was said last stays in sight.
    this.view.toNewest();
    if (!off) return this.away.replaceChildren();
    const waiting = count ? ` ${count === 1 ? "Your message is" : `Your ${count} messages are`} kept and will be sent by itself.` : "";
    this.away.replaceChildren(
      h("p", {}, h("strong", {}, "No connection to the assistant. "), `I keep trying.${waiting} Do not wait for me in an emergency: call ${this.numbers.emergency_text}.`),
      h("div", {}, this.numbers.tel.map((link) => callLink(link))));
  }
}
