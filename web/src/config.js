// What the page around the widget decided, read from the script tag, and the numbers to call.
import numbers from "../generated/numbers.json";

const OPENING = "Hello. Tell me in your own words what you notice, or ask a question about twitching muscles.";

/** The settings of one widget, from the attributes of its script tag. */
export function configOf(script) {
  const data = script?.dataset ?? {};
  const own = script?.src ? new URL(script.src, document.baseURI) : new URL(document.baseURI);
  const server = (data.server || own.origin).replace(/\/+$/, "");
  const country = /^[A-Za-z]{2}$/.test(data.country || "") ? data.country.toUpperCase() : null;
  let locale = data.locale || document.documentElement.lang || navigator.language;
  try {
    locale = Intl.getCanonicalLocales(locale)[0];
  } catch {
    locale = "en-GB";
  }
  return {
    server,
    country,
    locale,
    title: data.title || "Twitchwise",
    colour: CSS.supports("color", data.colour || "") ? data.colour : null,
    opening: data.opening || OPENING,
    mode: data.mode === "page" ? "page" : "widget",
  };
}

/** Whom to call in a country; the numbers of every country where it is not known. */
export function numbersOf(country) {
  const wanted = (country || "").toUpperCase();
  const found = numbers.countries.find((each) => each.code === wanted || each.aliases.includes(wanted));
  return found || numbers.default;
}
