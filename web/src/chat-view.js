// The conversation as it is shown: deep-chat, driven through its handler, and our parts between its bubbles.
import "deep-chat/dist/deepChat.bundle.js";
import { part } from "./parts.js";
import css from "./inside.css";

const GAP_S = 3600;
const BARE = { bubble: { backgroundColor: "transparent", padding: "0", maxWidth: "100%", width: "100%", color: "var(--tw-ink)" } };
const bubble = (background, ink) => ({ bubble: { backgroundColor: `var(${background})`, color: `var(${ink})`, maxWidth: "85%", padding: ".65rem .9rem", borderRadius: ".9rem" } });

const SEND_ICON = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="M12 19V5M5 12l7-7 7 7"/></svg>';
const MIC_ICON = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3zM5 11a7 7 0 0 0 14 0M12 18v3"/></svg>';
const button = (background, ink) => ({ container: { default: { backgroundColor: background, color: ink, borderRadius: "50%", width: "44px", height: "44px", margin: "0" }, hover: { filter: "brightness(1.08)" } } });

export class ChatView {
  /** `typed(text)`: the person sent these words. */
  constructor(config, typed) {
    this.config = config;
    this.typed = typed;
    this.byId = new Map();
    this.lastAt = 0;
    this.limit = 2000;
    this.typing = false;
    this.ready = new Promise((resolve) => {
      this.element = this.make(() => this.settle(resolve));
    });
  }

  make(rendered) {
    const chat = document.createElement("deep-chat");
    const speech = window.SpeechRecognition || window.webkitSpeechRecognition;
    Object.assign(chat, {
      onComponentRender: rendered,
      connect: { websocket: true, handler: (_, signals) => { signals.onOpen(); signals.newUserMessage.listener = (body) => this.submitted(body); } },
      requestBodyLimits: { maxMessages: 1 },
      displayLoadingBubble: { toggle: () => {} },
      chatStyle: { width: "100%", height: "100%", border: "none", borderRadius: "0", backgroundColor: "transparent", fontFamily: "inherit", fontSize: "1rem", color: "var(--tw-ink)" },
      textInput: {
        placeholder: { text: "Type here" },
        characterLimit: this.limit,
        styles: {
          container: { backgroundColor: "var(--tw-paper)", color: "var(--tw-ink)", border: "2px solid var(--tw-field)", borderRadius: "1.4rem", margin: ".5rem 0", boxShadow: "none", width: speech ? "calc(100% - 8.2rem)" : "calc(100% - 5rem)" },
          text: { padding: ".6rem .9rem", color: "var(--tw-ink)", fontSize: "1rem" },
        },
      },
      inputAreaStyle: { backgroundColor: "var(--tw-panel)", borderTop: "1px solid var(--tw-line)", alignItems: "center" },
      submitButtonStyles: {
        position: "outside-end", alwaysEnabled: true,
        submit: { ...button("var(--tw-accent)", "var(--tw-on-accent)"), svg: { content: SEND_ICON, styles: { default: { filter: "none" } } } },
      },
      messageStyles: {
        default: { ai: bubble("--tw-bot", "--tw-ink"), user: bubble("--tw-user", "--tw-user-ink"), staff: bubble("--tw-staff", "--tw-ink") },
        html: { shared: BARE, ai: BARE, user: BARE },
        loading: { message: { styles: { bubble: { backgroundColor: "var(--tw-bot)", color: "var(--tw-soft)", padding: ".8rem 1.6rem" } } } },
      },
      auxiliaryStyle: css,
      remarkable: { html: false, breaks: true, linkTarget: "_blank", typographer: false },
    });
    if (speech) {
      chat.speechToText = {
        webSpeech: { language: this.config.locale },
        button: { position: "outside-start", default: { ...button("var(--tw-hover)", "var(--tw-ink)"), svg: { content: MIC_ICON, styles: { default: { filter: "none" } } } }, active: { ...button("var(--tw-alarm)", "#fff"), svg: { content: MIC_ICON, styles: { default: { filter: "none" } } } } },
      };
    }
    return chat;
  }

  /** deep-chat may render a second time soon after the first, with a new list: wait until the list stays. */
  settle(done, before = null) {
    const list = this.list;
    if (list && list === before) {
      this.label();
      done();
    } else setTimeout(() => this.settle(done, list), 40);
  }

  get root() {
    return this.element.shadowRoot;
  }

  get list() {
    return this.root.querySelector("#messages");
  }

  /** The outermost element of the newest bubble. */
  get last() {
    return [...this.root.querySelectorAll(".outer-message-container")].at(-1);
  }

  get input() {
    return this.root.querySelector("#text-input");
  }

  /** Names and roles that deep-chat leaves out. */
  label() {
    const list = this.list;
    for (const [name, value] of Object.entries({ role: "region", "aria-label": "Conversation", tabindex: "0" })) list.setAttribute(name, value);
    const input = this.input;
    input.setAttribute("aria-label", "Your message");
    input.setAttribute("aria-multiline", "true");
    const name = () => {
      for (const each of this.root.querySelectorAll(".input-button")) {
        const mic = each.closest("#microphone-button") || each.id === "microphone-button" || each.querySelector('path[d^="M12 3a3"]');
        const words = mic ? "Speak instead of typing (your browser may send the sound to its maker)" : "Send";
        if (each.getAttribute("aria-label") !== words) {
          each.setAttribute("aria-label", words);
          each.title = mic ? words : "Send";
        }
      }
    };
    name();
    new MutationObserver(name).observe(this.root.querySelector("#input"), { childList: true, subtree: true });
  }

  submitted(body) {
    const text = body?.messages?.at(-1)?.text ?? body?.text;
    if (typeof text === "string" && text.trim()) this.typed(text, this.last);
  }

  // -- adding

  add(message) {
    const typing = this.typing;
    if (typing) this.loading(false);
    this.element.addMessage(message);
    // With the bubble of the typing sign on or off, ours is the last one now.
    const added = this.last;
    if (typing) this.loading(true);
    return added;
  }

  mark(outer, id, who) {
    if (!outer) return;
    outer.dataset.id = id;
    this.byId.set(id, outer);
    const inside = outer.querySelector(".message-bubble");
    if (inside && who) {
      const said = document.createElement("span");
      said.className = "tw-vh";
      said.textContent = who;
      inside.prepend(said);
    }
  }

  has(id) {
    return this.byId.has(id);
  }

  rename(id, other) {
    const outer = this.byId.get(id);
    if (!outer || this.byId.has(other)) return;
    this.byId.set(other, outer);
  }

  /** Something the person said. `outer`: the bubble, where deep-chat has made it already. */
  user({ id, text, at }, outer = null) {
    if (this.has(id)) return;
    if (!outer) this.when(at);
    this.lastAt = at;
    this.dropReplies();
    this.mark(outer || this.add({ role: "user", text }), id, "You said: ");
  }

  /** Something the assistant said: words, a card, quick replies, the body map. */
  bot(item) {
    if (this.has(item.id)) return false;
    this.when(item.at);
    this.lastAt = item.at;
    const files = item.custom?.kind === "summary" && item.custom.downloads?.length ? { ...item.custom, server: this.config.server } : null;
    const card = item.custom?.kind && item.custom.kind !== "summary" ? item.custom : null;
    let text = item.text || "";
    let first = null;
    if (card) {
      first = this.add({ role: "ai", html: part("card", card) });
      // The card says these words already.
      if (card.kind === "result" && text.startsWith(`**${card.title}**`)) text = text.split("\n\n").slice(1).join("\n\n");
    }
    if (text) {
      const outer = this.add({ role: "ai", text });
      this.mark(outer, item.id, `${this.config.title} said: `);
      for (const link of outer.querySelectorAll("a[href]")) link.rel = "noopener noreferrer";
    } else if (first) this.mark(first, item.id, "");
    if (files) this.add({ role: "ai", html: part("files", files) });
    if (item.custom?.type === "data_export") this.mark(this.add({ role: "ai", html: part("copy", item.custom.data) }), item.id, "");
    if (item.buttons?.length) {
      this.dropReplies();
      if (item.places) this.add({ role: "ai", html: part("body-map", item) }).dataset.replies = "1";
      this.replies(item.buttons);
    }
    return true;
  }

  /** Something that a person of the staff said: their name stands above it, and it is never read as markdown. */
  staff(item) {
    if (this.has(item.id)) return false;
    this.when(item.at);
    this.lastAt = Math.max(this.lastAt, item.at);
    const outer = this.add({ role: "staff", text: item.text });
    this.mark(outer, item.id, "");
    const name = document.createElement("span");
    name.className = "tw-name";
    name.textContent = `${item.name}: `;
    outer.querySelector(".message-bubble")?.prepend(name);
    return true;
  }

  /** Who has come or gone. */
  notice(item) {
    if (this.has(item.id)) return false;
    this.mark(this.add({ role: "ai", html: part("notice", item.text) }), item.id, "");
    return true;
  }

  replies(buttons) {
    this.add({ role: "ai", html: part("replies", buttons) }).dataset.replies = "1";
  }

  dropReplies() {
    for (const outer of this.list.querySelectorAll("[data-replies]")) outer.dataset.gone = "1";
  }

  /** A line with the date and time, where the last message is long ago. */
  when(at) {
    if (!at || at - this.lastAt < GAP_S) return;
    if (this.lastAt || Date.now() / 1000 - at > GAP_S) {
      const words = new Intl.DateTimeFormat(this.config.locale, { dateStyle: "long", timeStyle: "short" }).format(new Date(at * 1000));
      this.add({ role: "ai", html: part("when", words) });
    }
  }

  waiting(id, on) {
    const outer = this.byId.get(id);
    if (!outer || outer.hasAttribute("data-waiting") === on) return;
    outer.toggleAttribute("data-waiting", on);
    const inside = outer.querySelector(".message-bubble");
    inside?.querySelector(".tw-waiting")?.remove();
    if (on && inside) {
      const note = document.createElement("span");
      note.className = "tw-waiting";
      note.textContent = "Not sent yet. It will be sent when the connection is back.";
      inside.append(note);
    }
  }

  loading(on) {
    this.element.displayLoadingBubble.toggle?.(on ? { role: "ai" } : undefined);
  }

  type(on) {
    if (on === this.typing) return;
    this.typing = on;
    this.loading(on);
  }

  clear() {
    this.type(false);
    this.element.clearMessages(true);
    this.byId.clear();
    this.lastAt = 0;
  }

  toEnd() {
    this.element.scrollToBottom();
  }

  /** Show what was just said from its beginning: a long answer is not read from its end. */
  toNewest() {
    // deep-chat scrolls to the end by itself, a moment after each bubble; this comes after that.
    clearTimeout(this.scrolling);
    this.scrolling = setTimeout(() => {
      const list = this.list;
      if (!list) return;
      const all = [...this.root.querySelectorAll(".outer-message-container")];
      const asked = all.map((outer) => outer.matches(".deep-chat-outer-container-role-user")).lastIndexOf(true);
      const first = all[Math.max(0, asked, all.map((outer) => outer.matches(".deep-chat-outer-container-role-staff")).lastIndexOf(true))];
      if (first) list.scrollTop += first.getBoundingClientRect().top - list.getBoundingClientRect().top - 8;
    }, 60);
  }

  focus() {
    this.input?.focus();
  }
}
