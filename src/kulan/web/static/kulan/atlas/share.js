// What leaves the page: a link to this view, a sheet to print, a piece of HTML for other sites.
import { announce, byId, copy } from "./elements.js";
import { language, say } from "./words.js";

/** Follow the buttons; `state()` gives the view, its query and the map's bounds. */
export function startSharing(state) {
  const link = byId("share-link");
  const embed = byId("embed-code");
  onCopy("share-copy", link);
  onCopy("embed-copy", embed);
  startDialog("print", () => fillPrint(state()));
  startDialog("embed", () => fillEmbed(state()));
  for (const id of ["embed-width", "embed-height"]) {
    byId(id).addEventListener("input", () => fillEmbed(state()));
  }
  byId("print-form").addEventListener("submit", () => {
    fillPrint(state());
    announce(say("print_begun"));
    byId("print-dialog").close();
  });
}

/** Show the address of the view; also to the form that changes the language. */
export function showLink(query) {
  byId("share-link").value = `${location.origin}${location.pathname}?${query}`;
  const next = document.querySelector("form[data-keeps-page] input[name=next]");
  if (next) next.value = `${location.pathname}?${query}`;
}

function onCopy(button, field) {
  byId(button).addEventListener("click", async () => {
    const done = await copy(field.value);
    if (!done) field.select();
    const text = say(done ? "copied" : "copy_by_hand");
    byId(`${button}-said`).textContent = text;
    announce(text);
  });
}

function startDialog(name, fill) {
  const dialog = byId(`${name}-dialog`);
  byId(`${name}-open`).addEventListener("click", () => {
    fill();
    dialog.showModal();
  });
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  // a click on the veil, outside the dialog's own box
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
}

function fillPrint({ view, shown, bounds }) {
  const features = view.drawings.map((geometry) => ({ type: "Feature", properties: {}, geometry }));
  byId("print-view").value = JSON.stringify({
    bounds,
    layers: shown.map(([id, opacity]) => ({ id, opacity })),
    month: view.month,
    drawings: features,
    title: byId("print-title").value,
    permalink: byId("share-link").value,
  });
}

function fillEmbed({ query }) {
  const code = byId("embed-code");
  const asked = new URLSearchParams(query);
  asked.delete("draw");
  asked.set("lang", language);
  const url = `${location.origin}${code.dataset.path}?${asked}`;
  const [width, height] = ["width", "height"].map((name) => size(byId(`embed-${name}`)));
  code.value =
    `<iframe src="${url.replaceAll("&", "&amp;")}" width="${width}" height="${height}" ` +
    `title="${say("embed_title")}" loading="lazy" referrerpolicy="no-referrer" ` +
    `sandbox="allow-scripts allow-same-origin allow-popups"></iframe>`;
}

function size(field) {
  const value = Math.round(Number(field.value));
  return Math.min(Math.max(value || 0, Number(field.min)), Number(field.max));
}
