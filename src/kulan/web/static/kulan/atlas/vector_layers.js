// How one vector layer of the Atlas is drawn: few MapLibre layers, whatever number of styles, since
// colours, widths, dashes and marks are chosen by each feature's `kind` and `value`.
import { hatchName, markName, tickName } from "./marks.js";
import { coloursOf } from "./swatches.js";

export const FONTS = ["Noto Sans", "Noto Sans Arabic", "Noto Sans Mongolian"];
const POLYGONS = ["match", ["geometry-type"], ["Polygon", "MultiPolygon"], true, false];
const LINES = ["match", ["geometry-type"], ["LineString", "MultiLineString"], true, false];
const POINTS = ["match", ["geometry-type"], ["Point", "MultiPoint"], true, false];
const NOT_POINTS = ["!", POINTS];
const KEY = ["concat", ["get", "kind"], "|", ["coalesce", ["to-string", ["get", "value"]], ""]];
const POINT_PX = 9; // across a mark for an area of which only the middle is known

/** The MapLibre layers of a layer, from the lowest; each has a `rank` that orders it among all. */
export function vectorLayers(layer, opacity, ground, dark) {
  const look = new Look(layer.legend);
  const source = { source: layer.id, "source-layer": layer.id };
  const made = [];
  const add = (part, rank, type, rest) =>
    made.push({ id: `${layer.id}/${part}`, rank, type, ...source, ...rest });

  if (look.has((style) => style.shape === "fill")) {
    add("fill", 20, "fill", {
      filter: POLYGONS,
      paint: {
        "fill-color": look.choose((style) => coloursOf(style, dark).fill || "rgba(0,0,0,0)"),
        "fill-opacity": look.choose((s) => (s.shape === "fill" ? s.opacity * opacity : 0)),
      },
    });
  }
  if (look.has((style) => style.marker.startsWith("hatch"))) {
    add("hatch", 21, "fill", {
      filter: ["all", POLYGONS, look.only((style) => style.marker.startsWith("hatch"))],
      paint: {
        "fill-pattern": look.choose((s) => hatchName(s.marker, coloursOf(s, dark).fill)),
        "fill-opacity": opacity,
      },
    });
  }
  if (look.has((style) => style.shape !== "point")) addLines(add, look, layer, opacity, ground, dark);
  addPoints(add, look, opacity, ground, dark);
  return made;
}

function addLines(add, look, layer, opacity, ground, dark) {
  const disputed = layer.id === "disputed_boundaries";
  const rank = layer.theme === "base" ? (disputed ? 31 : 30) : 40;
  if (disputed) {
    // the state border below it is drawn whole: what is disputed must not look settled
    add("ground", rank, "line", {
      filter: NOT_POINTS,
      paint: { "line-color": ground.land, "line-width": 3.4, "line-opacity": 1 },
    });
  }
  const faint = layer.id === "rivers" ? 0.65 : 1; // water is ground, not what the map is about
  add("line", rank, "line", {
    filter: NOT_POINTS,
    layout: { "line-join": "round" },
    paint: {
      "line-color": look.choose((s) => lineColour(s, dark)),
      "line-width": look.scaledWidth(),
      "line-dasharray": look.choose((s) => [
        "literal",
        s.dash_px.length ? s.dash_px.map((px) => px / Math.max(s.width_px, 0.5)) : [1, 0],
      ]),
      "line-opacity": look.choose((s) => (s.shape === "line" ? s.opacity : 1) * opacity * faint),
    },
  });
  const marked = (s) => s.shape === "line" && s.marker !== "";
  if (look.has(marked)) {
    add("ticks", rank + 1, "symbol", {
      minzoom: 4.5,
      filter: ["all", LINES, look.only(marked)],
      layout: {
        "symbol-placement": "line",
        "symbol-spacing": 44,
        "icon-image": look.choose((s) => tickName(s.marker || "dot", lineColour(s, dark))),
        "icon-allow-overlap": true,
        "icon-ignore-placement": true,
      },
      paint: { "icon-opacity": look.choose((s) => s.opacity * opacity) },
    });
  }
  if (layer.theme !== "base" || layer.id === "rivers") addLineLabels(add, layer, opacity, ground);
}

function addLineLabels(add, layer, opacity, ground) {
  const river = layer.id === "rivers";
  add("names", 70, "symbol", {
    minzoom: river ? 5 : 6.5,
    filter: ["all", LINES, ["has", "name"]],
    layout: {
      "symbol-placement": "line",
      "symbol-spacing": 420,
      "text-field": ["get", "name"],
      "text-font": FONTS,
      "text-size": 11.5,
      "text-offset": [0, 0.9],
      "text-max-angle": 30,
    },
    paint: halo(ground, river ? ground.river : ground.label, opacity),
  });
}

function addPoints(add, look, opacity, ground, dark) {
  add("points", 50, "symbol", {
    filter: POINTS,
    layout: {
      "icon-image": look.choose((s) => pointMark(s, ground, dark)),
      "icon-allow-overlap": true,
      "icon-ignore-placement": true,
      "icon-size": ["interpolate", ["linear"], ["zoom"], 3, 0.62, 6, 1],
    },
    paint: { "icon-opacity": opacity },
  });
  add("point-names", 71, "symbol", {
    minzoom: 6.5,
    filter: ["all", POINTS, ["has", "name"]],
    layout: pointLabel(11.5),
    paint: halo(ground, ground.label, opacity),
  });
}

/** Towns: the larger the sooner, named beside their mark. */
export function townLayers(layer, opacity, ground, dark) {
  const look = new Look(layer.legend);
  const source = { source: layer.id, "source-layer": layer.id };
  const capital = ["==", ["get", "capital"], true];
  const rank = ["coalesce", ["get", "scale_rank"], 10];
  const most = ["step", ["zoom"], 1, 4, 3, 5, 5, 6, 7, 7, 8, 8, 20];
  const symbol = (style) => pointMark(style, ground, dark);
  const marks = ["case", capital, symbol(look.of("capital")), symbol(look.of("places"))];
  return [
    {
      id: `${layer.id}/points`,
      rank: 60,
      type: "symbol",
      ...source,
      filter: ["any", capital, ["<=", rank, most]],
      layout: {
        ...pointLabel(12),
        "text-size": ["case", capital, 13, 12],
        "icon-image": marks,
        "icon-size": 0.85,
        "text-optional": true,
        "symbol-sort-key": ["case", capital, -1, rank],
      },
      paint: { ...halo(ground, ground.label, opacity), "icon-opacity": opacity },
    },
  ];
}

function pointLabel(size) {
  return {
    "text-field": ["get", "name"],
    "text-font": FONTS,
    "text-size": size,
    "text-variable-anchor": ["left", "right", "top", "bottom"],
    "text-radial-offset": 0.75,
    "text-justify": "auto",
    "text-max-width": 9,
  };
}

function halo(ground, colour, opacity) {
  return {
    "text-color": colour,
    "text-halo-color": ground.land,
    "text-halo-width": 1.4,
    "text-opacity": Math.max(opacity, 0.5),
  };
}

function lineColour(style, dark) {
  const { fill, stroke } = coloursOf(style, dark);
  return stroke || fill || "rgba(0,0,0,0)";
}

function pointMark(style, ground, dark) {
  const { fill, stroke } = coloursOf(style, dark);
  if (style.shape === "point") return markName(style.marker, fill, stroke, style.width_px);
  const marker = style.marker.startsWith("hatch") || !style.marker ? "circle" : style.marker;
  // planned or uncertain, so dashed where there is room: as a mark it is hollow
  const hollow = style.dash_px.length > 0;
  const colour = style.shape === "line" ? stroke : fill;
  return hollow
    ? markName(marker, ground.land, stroke || colour, POINT_PX - 1)
    : markName(marker, colour, ground.land, POINT_PX);
}

/** Chooses among a layer's styles by a feature's kind and value. */
class Look {
  constructor(entries) {
    // a value of its own first, then the kind alone; the first entry for whatever is left
    this.exact = entries.map((one) => [`${one.kind}|${one.value || ""}`, one.style]);
    this.kinds = new Map();
    for (const one of entries) {
      if (!this.kinds.has(one.kind) || !one.value) this.kinds.set(one.kind, one.style);
    }
    this.styles = entries.map((one) => one.style);
  }

  has(test) {
    return this.styles.some(test);
  }

  /** The style of a kind, or the first. */
  of(kind) {
    return this.kinds.get(kind) ?? this.styles[0];
  }

  /** An expression: what `value` gives for the feature's style. */
  choose(value) {
    const usual = value(this.styles[0]);
    const same = (one) => JSON.stringify(value(one)) === JSON.stringify(usual);
    if (this.styles.every(same)) return usual;
    const byKind = match(["get", "kind"], this.kinds, value, usual);
    return match(KEY, new Map(this.exact), value, byKind);
  }

  /** A filter: features whose style passes a test. */
  only(test) {
    return ["==", this.choose((style) => (test(style) ? 1 : 0)), 1];
  }

  /** Widths that shrink where the whole region is seen. */
  scaledWidth() {
    const width = (factor) => this.choose((style) => style.width_px * factor);
    return ["interpolate", ["linear"], ["zoom"], 3, width(0.6), 6, width(1), 12, width(1.6)];
  }
}

function match(input, styles, value, otherwise) {
  const made = ["match", input];
  for (const [key, style] of styles) made.push(key, value(style));
  return styles.size ? [...made, otherwise] : otherwise;
}
