// The map itself: made once, then told the style of each view.
import * as maplibregl from "../../vendor/maplibre-gl/maplibre-gl.mjs";
import { groundColours, isDark } from "./colours.js";
import { mapStyle } from "./map_style.js";
import { imageOf } from "./marks.js";
import { say } from "./words.js";

const KEPT = /^(td|own)-/; // layers and sources that drawing, or a page, adds for itself
const FONTS_S = 4; // labels wait for their fonts this long, and no longer
maplibregl.prewarm(); // its workers load while the list of layers is on its way
const fonts = fontsReady(); // asked for at once too

/** Make the map of a view. */
export async function makeMap(container, view, catalogue) {
  await fonts;
  const [west, south, east, north] = catalogue.region;
  const map = new maplibregl.Map({
    container,
    style: styleNow(view, catalogue),
    ...(view.place
      ? { center: [view.place.lon, view.place.lat], zoom: view.place.zoom }
      : { bounds: view.bounds ?? startBounds(catalogue), fitBoundsOptions: { padding: 8 } }),
    maxBounds: [
      [west, south],
      [east, north],
    ],
    maxZoom: 16,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    rollEnabled: false,
    fadeDuration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 150,
    locale: locale(),
  });
  map.getCanvas().setAttribute("aria-describedby", "map-alternative");
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new maplibregl.ScaleControl({ maxWidth: 120, unit: "metric" }), "bottom-left");
  map.setMissingStyleImageResolver((id) => {
    const made = map.hasImage(id) ? null : imageOf(id);
    if (made) map.addImage(id, made.image, { pixelRatio: made.pixelRatio });
  });
  return map;
}

/** Draw the map as the view now is; what the reader has drawn stays. */
export function drawView(map, view, catalogue) {
  map.setStyle(styleNow(view, catalogue), {
    diff: true,
    transformStyle: (before, next) => ({
      ...next,
      sources: { ...next.sources, ...kept(before?.sources ?? {}) },
      layers: [...next.layers, ...(before?.layers ?? []).filter((one) => KEPT.test(one.id))],
    }),
  });
}

function styleNow(view, catalogue) {
  return mapStyle(view, catalogue, { ground: groundColours(), dark: isDark() });
}

function kept(sources) {
  return Object.fromEntries(Object.entries(sources).filter(([name]) => KEPT.test(name)));
}

// the range states fill a screen; the region's data reach further on all sides
function startBounds(catalogue) {
  const [west, south, east, north] = catalogue.region;
  const [width, height] = [east - west, north - south];
  return [west + width * 0.05, south + height * 0.22, east - width * 0.14, north - height * 0.07];
}

async function fontsReady() {
  const wait = new Promise((done) => setTimeout(done, FONTS_S * 1000));
  const upright = [...document.fonts].filter((face) => face.style === "normal");
  await Promise.race([wait, Promise.allSettled(upright.map((face) => face.load()))]);
}

function locale() {
  return {
    "Map.Title": say("map"),
    "NavigationControl.ZoomIn": say("zoom_in"),
    "NavigationControl.ZoomOut": say("zoom_out"),
    "CooperativeGesturesHandler.WindowsHelpText": say("wheel_control"),
    "CooperativeGesturesHandler.MacHelpText": say("wheel_command"),
    "CooperativeGesturesHandler.MobileHelpText": say("two_fingers"),
    "ScaleControl.Meters": say("metres"),
    "ScaleControl.Kilometers": say("kilometres"),
  };
}
