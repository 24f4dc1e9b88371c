// What a reader sees, as one value: kept in the address, so that a link shows the same to others.
import { decodeDrawings, encodeDrawings } from "./drawings_code.js";

const MOST_IN_ADDRESS = 6000; // characters; some servers and letters cut longer ones

/** Read a view from the query of an address; what it does not say comes from the listing. */
export function readView(search, catalogue) {
  const query = new URLSearchParams(search);
  const lon = numberIn(query, "lon", -180, 180);
  const lat = numberIn(query, "lat", -85, 85);
  const zoom = numberIn(query, "zoom", 0, 22);
  const month = numberIn(query, "month", 1, 12);
  return {
    place: lon != null && lat != null && zoom != null ? { lon, lat, zoom } : null,
    layers: readLayers(query.get("layers"), catalogue.themed),
    base: readLayers(query.get("base"), catalogue.base),
    month: month == null ? 0 : Math.round(month),
    drawings: decodeDrawings(query.get("draw")),
  };
}

/** Write a view as the query of an address; `asked` holds what the address asked for itself. */
export function writeView(view, catalogue, asked = {}) {
  const query = new URLSearchParams();
  if (view.place) {
    query.set("lon", view.place.lon.toFixed(4));
    query.set("lat", view.place.lat.toFixed(4));
    query.set("zoom", view.place.zoom.toFixed(2));
  }
  query.set("layers", writeLayers(view.layers));
  const base = writeLayers(view.base);
  if (base !== writeLayers(shownAtFirst(catalogue.base))) query.set("base", base);
  if (view.month) query.set("month", String(view.month));
  for (const [name, value] of Object.entries(asked)) if (value) query.set(name, value);
  const drawn = encodeDrawings(view.drawings);
  if (drawn && drawn.length <= MOST_IN_ADDRESS) query.set("draw", drawn);
  // commas and colons are read better as they are, and are allowed in a query
  return query.toString().replaceAll("%2C", ",").replaceAll("%3A", ":");
}

function numberIn(query, name, least, most) {
  const text = query.get(name);
  const value = text === null || text.trim() === "" ? NaN : Number(text);
  return value >= least && value <= most ? value : null;
}

function readLayers(text, known) {
  if (text === null) return shownAtFirst(known);
  const ids = new Set(known.map((layer) => layer.id));
  const found = new Map();
  for (const part of text.split(",")) {
    const [id, opacity] = part.split(":");
    if (!ids.has(id)) continue;
    const share = opacity === undefined ? 1 : Number(opacity);
    found.set(id, share >= 0 && share <= 1 ? share : 1);
  }
  return found;
}

function shownAtFirst(layers) {
  return new Map(layers.filter((one) => one.shown).map((one) => [one.id, one.opacity ?? 1]));
}

function writeLayers(layers) {
  return [...layers]
    .map(([id, opacity]) => (opacity === 1 ? id : `${id}:${Number(opacity.toFixed(2))}`))
    .join(",");
}
