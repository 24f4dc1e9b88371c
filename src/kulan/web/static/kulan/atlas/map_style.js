// The whole map as one MapLibre style, made anew from the view whenever that changes: the map has no
// state of its own that could differ from what the page says is on.
import { FONTS, townLayers, vectorLayers } from "./vector_layers.js";

const EMPTY = { type: "FeatureCollection", features: [] };
const GROUND = "states";

/** Make the style of a view; `colours` are those of the page. */
export function mapStyle(view, catalogue, { ground, dark }) {
  const sources = { here: { type: "geojson", data: view.here ?? EMPTY } };
  const layers = [];
  const states = catalogue.get(GROUND);
  if (catalogue.names.length && view.base.has(GROUND)) {
    sources.names = { type: "geojson", data: named(catalogue.names) };
    layers.push(stateNames(ground));
  }
  if (states) {
    sources[GROUND] = sourceOf(states, view, dark);
    layers.push(land(ground));
  }
  // what stands first in the list lies on top, among its equals
  for (const [id, opacity] of catalogue.shown(view).reverse()) {
    const layer = catalogue.get(id);
    sources[id] = sourceOf(layer, view, dark);
    layers.push(...layersOf(layer, opacity, ground, dark));
  }
  layers.sort((one, other) => one.rank - other.rank);
  return {
    version: 8,
    sources,
    layers: [
      { id: "water", type: "background", paint: { "background-color": ground.water } },
      ...layers.map(withoutRank),
      ...hereLayers(ground),
    ],
  };
}

function layersOf(layer, opacity, ground, dark) {
  if (layer.kind === "raster") return [rasterLayer(layer, opacity)];
  if (!layer.legend.length) return [];
  if (layer.id === "places") return townLayers(layer, opacity, ground, dark);
  return vectorLayers(layer, opacity, ground, dark);
}

function named(names) {
  const features = names.map(({ name, point }) => ({
    type: "Feature",
    properties: { name },
    geometry: { type: "Point", coordinates: point },
  }));
  return { type: "FeatureCollection", features };
}

// set wide and pale, as atlases do: beside the towns, never in their place
function stateNames(ground) {
  return {
    id: "names/states",
    rank: 72,
    type: "symbol",
    source: "names",
    maxzoom: 7,
    layout: {
      "text-field": ["get", "name"],
      "text-font": FONTS,
      "text-size": ["interpolate", ["linear"], ["zoom"], 3, 11, 6, 17],
      "text-letter-spacing": 0.18,
      "text-transform": "uppercase",
      "text-max-width": 7,
    },
    paint: {
      "text-color": ground.labelSoft,
      "text-halo-color": ground.land,
      "text-halo-width": 1.4,
    },
  };
}

function withoutRank({ rank: _, ...layer }) {
  return layer;
}

function land(ground) {
  return {
    id: "land",
    rank: 0,
    type: "fill",
    source: GROUND,
    "source-layer": GROUND,
    paint: { "fill-color": ground.land, "fill-antialias": false },
  };
}

function rasterLayer(layer, opacity) {
  return {
    id: `${layer.id}/grid`,
    rank: layer.theme === "base" ? 5 : 10,
    type: "raster",
    source: layer.id,
    paint: { "raster-opacity": opacity, "raster-resampling": "nearest", "raster-fade-duration": 0 },
  };
}

function sourceOf(layer, view, dark) {
  const url = new URL(location.origin);
  const query = url.searchParams;
  if (layer.kind === "raster") {
    if (devicePixelRatio > 1) query.set("size", "512");
    if (dark) query.set("theme", "dark");
  }
  if (layer.seasonal && view.month) query.set("month", String(view.month));
  const made = {
    type: layer.kind,
    tiles: [`${location.origin}${layer.tiles}${url.search}`],
    maxzoom: layer.maxzoom,
  };
  if (layer.bounds?.length === 4) made.bounds = layer.bounds;
  if (layer.kind === "raster") made.tileSize = 256;
  return made;
}

// the place of which facts are told, and what was found by its name
function hereLayers(ground) {
  return [
    {
      id: "here/ring",
      type: "circle",
      source: "here",
      paint: {
        "circle-radius": 9,
        "circle-color": "rgba(0,0,0,0)",
        "circle-stroke-color": ground.sheet,
        "circle-stroke-width": 5,
      },
    },
    {
      id: "here/mark",
      type: "circle",
      source: "here",
      paint: {
        "circle-radius": 9,
        "circle-color": "rgba(0,0,0,0)",
        "circle-stroke-color": ground.accent,
        "circle-stroke-width": 3,
      },
    },
  ];
}
