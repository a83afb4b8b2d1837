// The body map: choose places by mouse, finger or keys, then send them together.
// Each figure is a list box with several choices: arrow keys move, Space or Enter chooses, as in any list box.
import { FIGURES, nameOf, rounded } from "./body-shapes.js";
import { h, s, sheet } from "./dom.js";
import css from "./parts.css";

const MOST = 12;
const REACH_PX = 16;
const styles = sheet(css);

/** Fingers are broader than some places: a press beside one means the nearest, if it is near. */
function nearest(options, { clientX: x, clientY: y }) {
  let best = REACH_PX;
  let found = null;
  for (const option of options) {
    const { left, right, top, bottom } = option.getBoundingClientRect();
    const away = Math.hypot(Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom));
    if (away < best) [best, found] = [away, option.place];
  }
  return found;
}

export class BodyMap extends HTMLElement {
  connectedCallback() {
    if (this.shadowRoot) return;
    this.chosen = new Map();
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [styles];
    this.name = h("p", { class: "name", "aria-hidden": "true" });
    this.list = h("ul", { class: "chosen", "aria-label": "Chosen places" });
    this.live = h("p", { class: "hint", role: "status" });
    this.sendButton = h("button", { class: "reply main", type: "button", disabled: true, onclick: () => this.finish() }, "Send these places");
    root.append(
      h("div", { class: "map", role: "group", "aria-label": "Body map" },
        h("p", { class: "hint" }, "Press every place that twitches. Left and right are your own."),
        h("div", { class: "figures wide" }, FIGURES.map((figure) => this.figure(figure))),
        this.name, this.list, this.live,
        h("div", { class: "actions" }, this.sendButton,
          h("button", { class: "reply", type: "button", onclick: () => this.all() }, "All over"),
          h("button", { class: "reply", type: "button", onclick: () => this.clear() }, "Clear"))),
    );
  }

  figure({ name, label, facing, box, places, behind, most }) {
    const list = s("svg", { viewBox: box, role: "listbox", "aria-multiselectable": "true", "aria-label": label });
    const options = places.map((place, number) => {
      const option = s("path", {
        class: "place", d: rounded(place.points, most), role: "option", tabindex: number ? -1 : 0, "aria-selected": "false", "aria-label": nameOf(place.code, place.side),
      });
      option.place = place;
      option.append(s("title", {}, nameOf(place.code, place.side)));
      return option;
    });
    // The outline behind: every shape with a broad edge, or one of its own.
    const shade = s("g", { class: "shade", "aria-hidden": "true" }, (behind ? [behind] : places.map((place) => place.points)).map((points) => s("path", { d: rounded(points, behind ? 24 : most) })));
    list.append(shade, ...options);
    list.addEventListener("click", (event) => {
      const place = event.target.place ?? nearest(options, event);
      if (place) this.toggle(place);
    });
    list.addEventListener("keydown", (event) => this.key(event, options));
    list.addEventListener("focusin", (event) => this.pointed(event.target));
    list.addEventListener("pointerover", (event) => this.pointed(event.target));
    const [left, right] = facing === "back" ? ["left", "right"] : ["right", "left"];
    return h("figure", { class: name.startsWith("Face") ? "face" : null }, h("figcaption", {}, name), list,
      h("div", { class: "sides", "aria-hidden": "true" }, h("span", {}, `your ${left}`), h("span", {}, `your ${right}`)));
  }

  pointed(option) {
    if (option.place) this.name.textContent = nameOf(option.place.code, option.place.side);
  }

  key(event, options) {
    const at = options.indexOf(event.target);
    if (at < 0) return;
    const last = options.length - 1;
    const to = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, Home: 0, End: last }[event.key];
    if (to !== undefined) {
      const next = options[Math.max(0, Math.min(last, to))];
      for (const option of options) option.setAttribute("tabindex", option === next ? 0 : -1);
      next.focus();
      event.preventDefault();
    } else if (event.key === " " || event.key === "Enter") {
      this.toggle(options[at].place);
      event.preventDefault();
    }
  }

  toggle({ code, side }) {
    const key = `${code}/${side ?? ""}`;
    if (this.chosen.has(key)) this.chosen.delete(key);
    else if (this.chosen.size < MOST) this.chosen.set(key, [code, side]);
    this.show();
  }

  clear() {
    this.chosen.clear();
    this.show();
  }

  all() {
    this.chosen.clear();
    this.chosen.set("whole_body/", ["whole_body", null]);
    this.finish();
  }

  show() {
    for (const option of this.shadowRoot.querySelectorAll(".place")) {
      option.setAttribute("aria-selected", this.chosen.has(`${option.place.code}/${option.place.side ?? ""}`));
    }
    this.list.replaceChildren(...[...this.chosen.values()].map(([code, side]) => h("li", {},
      h("button", { class: "chip", type: "button", "aria-label": `Remove ${nameOf(code, side)}`, onclick: () => { this.toggle({ code, side }); this.sendButton.focus(); } }, `${nameOf(code, side)} ×`))));
    const count = this.chosen.size;
    this.sendButton.disabled = !count;
    this.sendButton.textContent = count ? `Send ${count} ${count === 1 ? "place" : "places"}` : "Send these places";
    this.live.textContent = count ? `${count} of at most ${MOST} chosen.` : "Nothing chosen yet.";
  }

  finish() {
    const places = [...this.chosen.values()];
    if (!places.length) return;
    const title = places.map(([code, side]) => nameOf(code, side)).join(", ");
    this.dispatchEvent(new CustomEvent("twitchwise-places", { bubbles: true, composed: true, detail: { places, title } }));
  }
}
