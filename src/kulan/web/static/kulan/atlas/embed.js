// The map alone, framed by other sites: no panel, no search; legend and sources beside it.
import { loadCatalogue } from "./catalogue.js";
import { isDark } from "./colours.js";
import { byId, element } from "./elements.js";
import { drawView, makeMap } from "./map.js";
import { showSources } from "./sources_strip.js";
import { legendList } from "./swatches.js";
import { readView, writeView } from "./view_state.js";

start().catch((error) => {
  byId("map-failed").hidden = false;
  byId("map-waiting").hidden = true;
  console.error(error);
});

async function start() {
  const paths = byId("map").dataset;
  const catalogue = await loadCatalogue(paths.layers, { public: "1" });
  const view = { ...readView(location.search, catalogue), here: null };
  showSources(view, catalogue);
  showLegend(view, catalogue);
  const map = await makeMap("map-canvas", view, catalogue);
  byId("map-waiting").hidden = true;
  map.once("idle", () => document.body.setAttribute("data-map", "ready"));
  map.on("moveend", () => {
    const { lng, lat } = map.getCenter();
    view.place = { lon: lng, lat, zoom: map.getZoom() };
    byId("open-whole").href = `/?${writeView(view, catalogue)}`;
  });
  byId("open-whole").href = `/?${writeView(view, catalogue)}`;
  document.addEventListener("kulan:theme", () => {
    showLegend(view, catalogue);
    drawView(map, view, catalogue);
  });
}

function showLegend(view, catalogue) {
  const shown = [...view.layers.keys()].map((id) => catalogue.get(id)).filter(Boolean);
  const parts = shown.flatMap((layer) => [
    element("h2", {}, layer.title),
    legendList(layer.legend, isDark()),
  ]);
  byId("embed-legend").replaceChildren(...parts);
}
