// What lies at a place, told beside the map; and all that is in sight, as a list.
import { announce, byId, element } from "./elements.js";
import { address, say } from "./words.js";

const MOST_LISTED = 250;

/** The panel of facts. */
export class Facts {
  constructor(path, { mark, dropped }) {
    this.path = path;
    this.mark = mark;
    this.dropped = dropped;
    this.panel = byId("facts");
    this.body = byId("facts-body");
    this.asked = null;
    this.opener = null;
    byId("facts-close").addEventListener("click", () => this.close());
    this.panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
  }

  /** Ask what lies at a place and tell it; with `focus`, take the reader there. */
  async at([lon, lat], shown, { zoom, month, focus = false }) {
    this.asked?.abort();
    const mine = new AbortController();
    this.asked = mine;
    this.open(say("here"), focus);
    this.mark([lon, lat]);
    this.body.replaceChildren(element("p", { class: "soft" }, say("looking")));
    const layers = shown.map(([id]) => id).join(",");
    const asked = { lon: lon.toFixed(5), lat: lat.toFixed(5), zoom: zoom.toFixed(2), layers };
    try {
      const url = address(this.path, { ...asked, month: month || "" });
      const answer = await fetch(url, { signal: mine.signal });
      if (!answer.ok) throw new Error(`facts: ${answer.status}`);
      this.body.innerHTML = await answer.text(); // our own server's, escaped there
    } catch (error) {
      if (error.name === "AbortError") return;
      this.body.replaceChildren(element("p", { class: "notice notice-bad" }, say("facts_failed")));
    }
    this.body.scrollTop = 0;
    const titles = [...this.body.querySelectorAll("h3")].map((one) => one.textContent.trim());
    announce(titles.length ? say("facts_found", { what: titles.join(", ") }) : say("facts_nothing"));
  }

  /** List by name what the map shows now, for those who cannot look at it. */
  list(map, view, catalogue) {
    this.open(say("in_sight"), true);
    this.mark(null);
    const groups = [...view.layers.keys()].map((id) => catalogue.get(id)).filter(Boolean);
    const parts = groups.map((layer) => this.listed(map, layer));
    this.body.replaceChildren(
      ...(parts.length ? parts : [element("p", {}, say("no_layers"))]),
    );
    announce(say("in_sight"));
  }

  listed(map, layer) {
    const heading = element("h3", {}, layer.title);
    const section = element("section", { class: "facts-layer" }, heading);
    if (layer.kind === "raster") {
      section.append(element("p", { class: "hint" }, say("grid_in_sight")));
      return section;
    }
    const found = inSight(map, layer);
    if (!found.length) section.append(element("p", { class: "hint" }, say("nothing_in_sight")));
    else section.append(element("ul", { class: "facts-list" }, ...found.map((one) => this.item(one))));
    return section;
  }

  item({ name, kind, place }) {
    const text = name || kind || say("nameless");
    if (!place) return element("li", {}, text);
    const button = element("button", { type: "button", class: "button button-link" }, text);
    button.addEventListener("click", () =>
      this.panel.dispatchEvent(new CustomEvent("kulan:place", { detail: place })),
    );
    return element("li", {}, button, name && kind ? ` · ${kind}` : "");
  }

  open(title, focus) {
    if (this.panel.hidden) this.opener = document.activeElement;
    byId("facts-title").textContent = title;
    this.panel.hidden = false;
    if (focus) byId("facts-title").focus();
  }

  close() {
    const had = this.panel.contains(document.activeElement);
    this.asked?.abort();
    this.panel.hidden = true;
    this.mark(null);
    if (had) (this.opener?.isConnected ? this.opener : document.querySelector("#map canvas"))?.focus();
    this.dropped();
  }
}

/** The features of a layer that are drawn now, each once. */
function inSight(map, layer) {
  const drawn = map.getStyle().layers.filter((one) => one.source === layer.id).map((one) => one.id);
  const words = new Map(layer.legend.map((line) => [`${line.kind}|${line.value || ""}`, line.words]));
  const found = new Map();
  for (const feature of map.queryRenderedFeatures({ layers: drawn })) {
    const { uid, name, kind, value } = feature.properties;
    if (found.has(uid) || found.size >= MOST_LISTED) continue;
    const told = words.get(`${kind}|${value || ""}`) || words.get(`${kind}|`) || "";
    found.set(uid, { name, kind: told, place: middle(feature.geometry) });
  }
  return [...found.values()].sort((a, b) => (a.name || "").localeCompare(b.name || ""));
}

// a place on the feature itself: the middle corner of the line that stands first
function middle(geometry) {
  let line = geometry.coordinates;
  if (!line) return null;
  if (geometry.type === "Point") return line;
  while (Array.isArray(line[0]?.[0])) line = line[0];
  return line[Math.floor(line.length / 2)];
}
