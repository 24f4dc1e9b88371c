// What the page says, in the reader's language: sentences come with the page, as data.
const block = document.getElementById("map-words");
const texts = block ? JSON.parse(block.textContent) : {};

/** The reader's language, as the page declares it. */
export const language = document.documentElement.lang || "en";

/** The sentence called `key`, its {places} filled. */
export function say(key, values = {}) {
  const text = texts[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** A number as the reader's language writes it. */
export function number(value, digits = 0) {
  return new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value);
}

/** The name of a month, 1 to 12, standing alone. */
export function monthName(month) {
  const name = new Intl.DateTimeFormat(language, { month: "long", timeZone: "UTC" });
  return name.format(new Date(Date.UTC(2024, month - 1, 15)));
}

/** An address with the page's language asked for, and further parameters. */
export function address(path, parameters = {}) {
  const url = new URL(path, location.origin);
  url.searchParams.set("lang", language);
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== "" && value != null) url.searchParams.set(name, value);
  }
  return url.href;
}
