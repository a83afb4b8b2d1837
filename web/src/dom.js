// Elements without markup: every text goes in as text, so nothing that somebody wrote can become HTML.
const SVG = "http://www.w3.org/2000/svg";

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value == null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat().filter((child) => child != null && child !== false));
  return element;
}

export const h = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
export const s = (tag, attributes, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

const ICONS = {
  heart: "M12 20s-7-4.4-9-9c-1.300-3.300 .6-7 4.200-7 2 0 3.700 1.100 4.800 2.900C13.100 5.100 14.800 4 16.800 4c3.600 0 5.500 3.700 4.200 7-2 4.600-9 9-9 9z",
  calendar: "M4 6h16v14H4zM4 10h16M8 3v5M16 3v5M8 14h3M13 14h3M8 17h3",
  specialist: "M6 3v6a4 4 0 0 0 8 0V3M5 3h2M13 3h2M10 13v3a4.500 4.500 0 0 0 9 0v-2M19 14a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l4 2",
  phone: "M5 3h4l2 5-2.500 1.800a12 12 0 0 0 5.700 5.700L16 13l5 2v4a2 2 0 0 1-2.200 2A17 17 0 0 1 3 5.200 2 2 0 0 1 5 3z",
  page: "M6 2h8l5 5v15H6zM14 2v6h5M9 13h6M9 17h6",
  menu: "M4 6h16M4 12h16M4 18h16",
  close: "M6 6l12 12M18 6L6 18",
  chat: "M4 4h16v12H9l-5 4z",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21a8 8 0 0 1 16 0",
  warning: "M12 3l10 18H2zM12 10v5M12 18v.5",
};

/** A decorative icon; the words beside it say the same. */
export function icon(name, size = 24) {
  return s("svg", { viewBox: "0 0 24 24", width: size, height: size, fill: "none", stroke: "currentColor", "stroke-width": 2, "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true", focusable: "false" },
    s("path", { d: ICONS[name] || ICONS.heart }));
}

/** Styles of a shadow root: a constructed sheet, which no policy forbids. */
export function sheet(css) {
  const made = new CSSStyleSheet();
  made.replaceSync(css);
  return made;
}

/** A link that dials (or texts); other schemes than a plain number are refused. */
export function callLink({ label, tel }, kind = "tel") {
  const number = String(tel).replace(/[^\d+*#]/g, "");
  return h("a", { class: "call", href: `${kind}:${number}` }, icon("phone", 20), h("span", {}, label));
}
