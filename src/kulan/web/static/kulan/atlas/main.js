// The map page: one view, and the parts that show it and change it.
import { loadCatalogue } from "./catalogue.js";
import { groundColours } from "./colours.js";
import { DrawingPanel } from "./drawing_panel.js";
import { announce, byId, debounced } from "./elements.js";
import { Facts } from "./facts.js";
import { LayersPanel } from "./layers_panel.js";
import { drawView, makeMap } from "./map.js";
import { showMonths, startMonths } from "./months.js";
import { Search } from "./search.js";
import { startSheet } from "./sheet.js";
import { showLink, startSharing } from "./share.js";
import { showSources } from "./sources_strip.js";
import { startTabs } from "./tabs.js";
import { readView, writeView } from "./view_state.js";
import { number, say } from "./words.js";

const RELOAD_S = 10; // no sooner than this is the list of layers asked for again
const HIT_ZOOM = 8;

const paths = byId("map").dataset;
const asked = asksFor(["theme", "lang"]);
let catalogue;
let view;
let map;
let panel;
let facts;
let drawing;

start().catch((error) => {
  byId("map-failed").hidden = false;
  byId("map-waiting").hidden = true;
  console.error(error);
});

async function start() {
  catalogue = await loadCatalogue(paths.layers);
  view = readView(location.search, catalogue);
  view.here = null;
  panel = new LayersPanel(byId("layers"), catalogue, view, setLayer);
  byId("layers-waiting").hidden = true;
  startTabs(byId("panel-tabs"));
  startSheet();
  startMonths(view, (month) => changed({ month }));
  new Search(paths.search, take);
  showSources(view, catalogue);
  showMonths(view, catalogue);

  performance.mark("kulan: layers known");
  map = await makeMap("map-canvas", view, catalogue);
  performance.mark("kulan: map made");
  facts = new Facts(paths.facts, { mark: markHere, dropped: () => {} });
  facts.panel.addEventListener("kulan:place", ({ detail }) => showPlace(detail));
  drawing = new DrawingPanel(map, view, {
    colour: () => groundColours().drawing,
    change: (drawings) => remember({ drawings }),
  });
  startSharing(() => ({
    view,
    shown: catalogue.shown(view),
    query: query(),
    bounds: map.getBounds().toArray().flat(),
  }));
  followMap();
  followPage();
  moved();
}

// --- what the map tells ---------------------------------------------------------------------------

function followMap() {
  map.on("moveend", moved);
  map.on("click", ({ lngLat }) => {
    if (!drawing.drawing) tellFacts([lngLat.lng, lngLat.lat]);
  });
  map.on("error", ({ error }) => {
    if (error?.status === 404) askAnew();
    else console.warn(error?.message ?? error);
  });
  map.on("render", firstMap);
  map.once("idle", () => {
    performance.mark("kulan: whole map");
    document.body.setAttribute("data-map", "ready");
  });
  map.getCanvas().addEventListener("keydown", (event) => {
    if (event.key === "Enter") tellFacts(centre(), { focus: true });
  });
}

// the ground stands: what a reader would call a map, though layers may still be on their way
function firstMap() {
  if (map.getSource("states") && !map.isSourceLoaded("states")) return;
  map.off("render", firstMap);
  performance.mark("kulan: first map");
  byId("map-waiting").hidden = true;
}

function moved() {
  const { lng, lat } = map.getCenter();
  remember({ place: { lon: lng, lat, zoom: map.getZoom() } });
}

function followPage() {
  document.addEventListener("kulan:theme", () => {
    panel.recolour();
    drawView(map, view, catalogue);
  });
  byId("what-is-here").addEventListener("click", () => tellFacts(centre(), { focus: true }));
  byId("list-in-sight").addEventListener("click", () => facts.list(map, view, catalogue));
  byId("panel-tabs").addEventListener("kulan:tab", ({ detail }) => {
    if (detail !== "tab-draw") drawing.stop();
  });
}

// --- what the reader changes ----------------------------------------------------------------------

function setLayer(id, opacity) {
  const shown = catalogue.get(id).theme === "base" ? view.base : view.layers;
  if (opacity === null) shown.delete(id);
  else shown.set(id, opacity);
  changed();
}

function changed(change = {}) {
  Object.assign(view, change);
  panel.show(view);
  showSources(view, catalogue);
  showMonths(view, catalogue);
  if (map) drawSoon();
  remember();
}

let frame = 0;
function drawSoon() {
  cancelAnimationFrame(frame);
  frame = requestAnimationFrame(() => drawView(map, view, catalogue));
}

const writeAddress = debounced(() => {
  history.replaceState(history.state, "", `${location.pathname}?${query()}`);
  showLink(query());
}, 200);

function remember(change = {}) {
  Object.assign(view, change);
  if (map) writeAddress();
}

function query() {
  return writeView(view, catalogue, asked);
}

function asksFor(names) {
  const given = new URLSearchParams(location.search);
  return Object.fromEntries(names.map((name) => [name, given.get(name)]));
}

// --- places ---------------------------------------------------------------------------------------

function take(hit) {
  const known = hit.layers.filter((id) => catalogue.get(id));
  for (const id of known) if (!view.layers.has(id)) view.layers.set(id, 1);
  changed();
  if (known.length) {
    panel.reveal(known[0]);
    const count = number(known.length);
    announce(say("layers_on", { name: hit.name, count }));
  }
  if (!map) return;
  const [west, south, east, north] = hit.bounds ?? [];
  if (hit.bounds && (east > west || north > south)) {
    map.fitBounds([[west, south], [east, north]], { padding: 60, maxZoom: 11 }); // prettier-ignore
  } else if (hit.point) {
    map.easeTo({ center: hit.point, zoom: Math.max(map.getZoom(), HIT_ZOOM) });
  }
  markHere(hit.point);
}

function showPlace(place) {
  map.easeTo({ center: place, zoom: Math.max(map.getZoom(), 6) });
  tellFacts(place, { focus: true });
}

function tellFacts(place, { focus = false } = {}) {
  const { month } = view;
  facts.at(place, catalogue.shown(view), { zoom: map.getZoom(), month, focus });
  keepInSight(place);
}

// the panel of facts must not lie over the place it tells of
function keepInSight(place) {
  const box = facts.panel.getBoundingClientRect();
  const frame = map.getContainer().getBoundingClientRect();
  const at = map.project(place);
  const [x, y] = [at.x + frame.left, at.y + frame.top];
  const gap = 40; // px
  if (x < box.left - gap || x > box.right || y < box.top - gap || y > box.bottom) return;
  const wide = box.width > frame.width * 0.8;
  map.panBy(wide ? [0, y - box.top + gap] : [x - box.left + gap, 0]);
}

function centre() {
  const { lng, lat } = map.getCenter();
  return [lng, lat];
}

function markHere(place) {
  view.here = place
    ? { type: "Feature", properties: {}, geometry: { type: "Point", coordinates: place } }
    : null;
  drawSoon();
}

// --- the reader's sight has changed ---------------------------------------------------------------

let askedAt = 0;
async function askAnew() {
  if (performance.now() - askedAt < RELOAD_S * 1000) return;
  askedAt = performance.now();
  catalogue = await loadCatalogue(paths.layers);
  for (const shown of [view.layers, view.base]) {
    for (const id of shown.keys()) if (!catalogue.get(id)) shown.delete(id);
  }
  panel.fill(catalogue, view);
  changed();
}
