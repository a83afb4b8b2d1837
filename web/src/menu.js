// A menu button: arrow keys, Home, End and Escape as people know them.
import { h, icon } from "./dom.js";

export class Menu {
  /** `items`: {title, act(), checked?()}. */
  constructor(items) {
    this.items = items.map((item) => ({ ...item, element: h("button", { type: "button", role: item.checked ? "menuitemcheckbox" : "menuitem", tabindex: "-1", onclick: () => this.choose(item) }, item.title) }));
    this.list = h("ul", { role: "menu", "aria-label": "Menu", hidden: true, onkeydown: (event) => this.key(event) }, this.items.map((item) => h("li", { role: "none" }, item.element)));
    this.button = h("button", { class: "square", type: "button", "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": "Menu", onclick: () => (this.isOpen ? this.close() : this.open()) }, icon("menu"));
    this.element = h("div", { class: "menu", onfocusout: (event) => this.element.contains(event.relatedTarget) || this.close(false) }, this.button, this.list);
    this.check();
  }

  get isOpen() {
    return !this.list.hidden;
  }

  check() {
    for (const item of this.items) if (item.checked) {
      item.element.setAttribute("aria-checked", item.checked());
      item.element.textContent = `${item.checked() ? "✓ " : ""}${item.title}`;
    }
  }

  open() {
    this.check();
    this.list.hidden = false;
    this.button.setAttribute("aria-expanded", "true");
    this.items[0].element.focus();
  }

  close(focus = true) {
    if (!this.isOpen) return;
    this.list.hidden = true;
    this.button.setAttribute("aria-expanded", "false");
    if (focus) this.button.focus();
  }

  choose(item) {
    this.close();
    item.act();
    this.check();
  }

  key(event) {
    const all = this.items.map((item) => item.element);
    const at = all.indexOf(event.target);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 + all.length, Home: 0, End: all.length - 1 }[event.key];
    if (to !== undefined) {
      all[to % all.length].focus();
      event.preventDefault();
    } else if (event.key === "Escape") {
      this.close();
      event.stopPropagation();
    }
  }
}
