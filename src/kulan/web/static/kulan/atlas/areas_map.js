// Areas of a register on the Atlas's own ground: circles of their size, or dashed ones of how well
// their middle is known. What is drawn stands in the page as data; lists beside it say the same.
import * as maplibregl from "../../vendor/maplibre-gl/maplibre-gl.mjs";
import { loadCatalogue } from "./catalogue.js";
import { groundColours } from "./colours.js";
import { byId } from "./elements.js";
import { drawView, makeMap } from "./map.js";
import { showSources } from "./sources_strip.js";
import { readView } from "./view_state.js";

const SOURCE = "own-areas";
// what is seen around the areas, as a share of what they span; sources lie over the map's foot
const ROUND = { one: 0.3, several: 0.03 };
const FOOT = 0.12;

start().catch((error) => {
  byId("map-failed").hidden = false;
  byId("map-waiting").hidden = true;
  console.error(error);
});

async function start() {
  const areas = JSON.parse(byId("map-areas").textContent);
  const catalogue = await loadCatalogue(byId("map").dataset.layers);
  const view = { ...readView("?layers=", catalogue), here: null, bounds: boundsOf(areas) };
  showSources(view, catalogue);
  const map = await makeMap("map-canvas", view, catalogue);
  byId("map-waiting").hidden = true;
  map.cooperativeGestures.enable(); // the page is scrolled over the map, not held by it
  map.on("load", () => {
    map.addSource(SOURCE, { type: "geojson", data: areas });
    for (const layer of areaLayers(groundColours())) map.addLayer(layer);
    map.once("idle", () => document.body.setAttribute("data-map", "ready"));
  });
  map.on("click", (event) => open(map, event.point));
  map.on("mousemove", (event) => {
    map.getCanvas().style.cursor = areaAt(map, event.point) ? "pointer" : "";
  });
  document.addEventListener("kulan:theme", () => {
    drawView(map, view, catalogue);
    for (const { id, paint } of areaLayers(groundColours())) {
      for (const [name, value] of Object.entries(paint)) map.setPaintProperty(id, name, value);
    }
  });
}

// the smallest circle under a point is the one that was meant
function areaAt(map, point) {
  const layers = [`${SOURCE}/middle`, `${SOURCE}/fill`].filter((id) => map.getLayer(id));
  return layers.length ? map.queryRenderedFeatures(point, { layers })[0] : undefined;
}

function open(map, point) {
  const page = areaAt(map, point)?.properties.page;
  if (page && page !== location.pathname) location.assign(page);
}

function boundsOf(areas) {
  if (!areas.features.length) return undefined;
  const bounds = new maplibregl.LngLatBounds();
  for (const { geometry } of areas.features) {
    const rings = geometry.type === "Point" ? [[geometry.coordinates]] : geometry.coordinates;
    for (const corner of rings.flat()) bounds.extend(corner);
  }
  const [west, south, east, north] = bounds.toArray().flat();
  const share = areas.features.length > 2 ? ROUND.several : ROUND.one;
  const wide = (east - west || 2) * share;
  const high = (north - south || 2) * share;
  return [west - wide, south - high - FOOT * (north - south), east + wide, north + high];
}

function areaLayers(ground) {
  const middle = ["==", ["geometry-type"], "Point"];
  const around = ["!=", ["geometry-type"], "Point"];
  const strength = ["case", ["get", "confirmed"], 0.28, 0.12];
  return [
    {
      id: `${SOURCE}/fill`,
      type: "fill",
      source: SOURCE,
      filter: around,
      paint: { "fill-color": ground.drawing, "fill-opacity": strength },
    },
    {
      id: `${SOURCE}/edge`,
      type: "line",
      source: SOURCE,
      filter: ["all", around, ["get", "size"]],
      paint: { "line-color": ground.drawing, "line-width": 2 },
    },
    {
      id: `${SOURCE}/dashes`,
      type: "line",
      source: SOURCE,
      filter: ["all", around, ["!", ["get", "size"]]],
      paint: { "line-color": ground.drawing, "line-width": 1.5, "line-dasharray": [3, 2] },
    },
    {
      id: `${SOURCE}/middle`,
      type: "circle",
      source: SOURCE,
      filter: middle,
      paint: {
        "circle-radius": 5,
        "circle-color": ["case", ["get", "confirmed"], ground.drawing, ground.land],
        "circle-stroke-color": ground.drawing,
        "circle-stroke-width": 2,
      },
    },
    {
      id: `${SOURCE}/names`,
      type: "symbol",
      source: SOURCE,
      filter: middle,
      layout: {
        "text-field": ["get", "name"],
        "text-font": ["Noto Sans", "Noto Sans Arabic", "Noto Sans Mongolian"],
        "text-size": 12,
        "text-variable-anchor": ["top", "bottom", "left", "right"],
        "text-radial-offset": 0.8,
        "text-max-width": 9,
      },
      paint: {
        "text-color": ground.label,
        "text-halo-color": ground.land,
        "text-halo-width": 1.6,
      },
    },
  ];
}
