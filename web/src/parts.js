// What stands between the bubbles: quick replies, care cards, dates. Each takes its content from a table, never from markup.
import { BodyMap } from "./body-map.js";
import { callLink, h, icon, sheet } from "./dom.js";
import css from "./parts.css";

const styles = sheet(css);
const contents = new Map();
let count = 0;

/** The markup (a tag and a number) for a part with this content. */
export function part(tag, content) {
  const key = String(++count);
  contents.set(key, content);
  return `<twitchwise-${tag} data-key="${key}"></twitchwise-${tag}>`;
}

class Part extends HTMLElement {
  connectedCallback() {
    if (this.shadowRoot) return;
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [styles];
    const content = contents.get(this.dataset.key);
    if (content) root.append(...[this.draw(content)].flat());
  }
}

class Replies extends Part {
  draw(replies) {
    return h("div", { class: "replies", role: "group", "aria-label": "Suggested answers" }, replies.map((reply) => {
      const chosen = () => this.dispatchEvent(new CustomEvent("twitchwise-reply", { bubbles: true, composed: true, detail: reply }));
      return h("button", { class: "reply", type: "button", onclick: chosen }, reply.title);
    }));
  }
}

const KINDS = { self_care: "Advice: look after it at home", see_gp: "Advice: ordinary appointment", neurologist: "Advice: soon", urgent: "Advice: today", emergency: "Emergency" };

class Card extends Part {
  draw(card) {
    const calls = [...(card.tel || []).map((link) => callLink(link)), ...(card.sms || []).map((link) => callLink(link, "sms"))];
    const colour = ["blue", "red", "dark_red"].includes(card.colour) ? card.colour : "blue";
    const body = [plain(card.do) && h("p", {}, plain(card.do)), calls.length && h("div", { class: "calls" }, calls)].filter(Boolean);
    return h("div", { class: `card c-${colour}`, role: "group", "aria-label": card.kind === "emergency" ? "Emergency" : "Result" },
      h("div", { class: "head" }, icon(card.icon, 32), h("h2", {}, h("span", { class: "kind" }, KINDS[card.level] || "Advice"), card.title)),
      body.length ? h("div", { class: "body" }, body) : null);
  }
}

/** Files to take along: links that download, and nothing is fetched before one is pressed. */
class Files extends Part {
  draw({ title, downloads, server }) {
    const links = downloads.filter((each) => each.href?.startsWith("/")).map((each) =>
      h("a", { class: `file${each.format === "pdf" ? " main" : ""}`, href: server + each.href, target: "_blank", rel: "noopener noreferrer", download: true }, icon("page", 20), h("span", {}, each.title)));
    return h("div", { class: "files", role: "group", "aria-label": title || "Files" }, links, h("p", { class: "hint" }, "The links work for one hour. After that, ask me again."));
  }
}

/** The person's own data, which came with the message: nothing more is fetched to save it. */
class Copy extends Part {
  draw(data) {
    const file = new Blob([JSON.stringify(data, null, 2)], { type: "application/json" });
    return h("div", { class: "files", role: "group", "aria-label": "Your data" },
      h("a", { class: "file main", href: URL.createObjectURL(file), download: "twitchwise-my-data.json" }, icon("page", 20), h("span", {}, "Save a copy of my data")));
  }
}

/** Light markdown without its marks. */
const plain = (text) => String(text || "").replace(/\*\*?|__/g, "");

class When extends Part {
  draw(words) {
    return h("div", { class: "when" }, words);
  }
}

class Notice extends Part {
  draw(words) {
    return h("p", { class: "come" }, words);
  }
}

export function defineParts() {
  const all = { notice: Notice, replies: Replies, card: Card, files: Files, copy: Copy, when: When, "body-map": BodyMap };
  for (const [tag, made] of Object.entries(all)) if (!customElements.get(`twitchwise-${tag}`)) customElements.define(`twitchwise-${tag}`, made);
}
