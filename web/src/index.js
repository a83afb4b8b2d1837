// One script tag: puts the widget (or, with data-mode="page", the full page) into the document.
import { configOf } from "./config.js";
import { defineParts } from "./parts.js";
import { Widget } from "./widget.js";

const script = document.currentScript;

function start() {
  // Asked for twice on one page: once is enough.
  if (document.querySelector("twitchwise-chat")) return;
  const widget = document.createElement("twitchwise-chat");
  document.body.append(widget);
  widget.start(configOf(script));
}

if (!customElements.get("twitchwise-chat")) {
  customElements.define("twitchwise-chat", Widget);
  defineParts();
  if (document.body) start();
  else document.addEventListener("DOMContentLoaded", start);
}
