// Elements of the page, made without HTML text: whatever a layer is called stays text.
const SVG = "http://www.w3.org/2000/svg";

/** Make an element; `attributes` as in HTML, true for an attribute without a value. */
export function element(name, attributes = {}, ...children) {
  return filled(document.createElement(name), attributes, children);
}

/** Make an element of a drawing. */
export function drawn(name, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, name), attributes, children);
}

function filled(made, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(name, "");
    else if (value !== false && value != null) made.setAttribute(name, String(value));
  }
  made.append(...children.filter((child) => child != null && child !== ""));
  return made;
}

/** The element with an id. */
export const byId = (id) => document.getElementById(id);

/** Tell those who listen rather than look. */
export function announce(text) {
  const region = byId("map-status");
  region.textContent = "";
  // a screen reader speaks a change: the same words twice are two changes
  requestAnimationFrame(() => {
    region.textContent = text;
  });
}

/** Run a function once after calls have stopped for a while. */
export function debounced(run, ms) {
  let timer = 0;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => run(...values), ms);
  };
}

/** Put a text on the clipboard; false where the browser forbids it. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
