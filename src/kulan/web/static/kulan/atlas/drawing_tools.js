// The hand that draws: Terra Draw, loaded when first wanted.
import { corners, geometry } from "./drawings_code.js";

const MODES = { Point: "point", LineString: "linestring", Polygon: "polygon" };

/** Load the tools and put them on the map. */
export async function drawingTools(map, colour) {
  const [draw, adapter] = await Promise.all([
    import("../../vendor/terra-draw/terra-draw.js"),
    import("../../vendor/terra-draw/terra-draw-maplibre-gl-adapter.js"),
  ]);
  const outline = { outlineColor: colour, outlineWidth: 2.2 };
  const editable = {
    feature: {
      draggable: true,
      coordinates: { midpoints: true, draggable: true, deletable: true },
    },
  };
  const hand = new draw.TerraDraw({
    adapter: new adapter.TerraDrawMapLibreGLAdapter({ map, coordinatePrecision: 7 }),
    modes: [
      new draw.TerraDrawPointMode({
        editable: true,
        styles: { pointColor: colour, pointWidth: 6, pointOutlineColor: "#ffffff", pointOutlineWidth: 2 },
      }),
      new draw.TerraDrawLineStringMode({
        styles: { lineStringColor: colour, lineStringWidth: 2.6, closingPointColor: colour },
      }),
      new draw.TerraDrawPolygonMode({
        styles: { fillColor: colour, fillOpacity: 0.12, ...outline, closingPointColor: colour },
      }),
      new draw.TerraDrawSelectMode({
        flags: { point: { feature: { draggable: true } }, linestring: editable, polygon: editable },
        styles: {
          selectedLineStringColor: colour,
          selectedPolygonColor: colour,
          selectedPolygonOutlineColor: colour,
          selectedPointColor: colour,
          selectionPointColor: "#ffffff",
          selectionPointOutlineColor: colour,
          midPointColor: colour,
        },
      }),
    ],
  });
  hand.start();
  return hand;
}

/** Put geometries among the drawings; returns how many were refused, as a line without length is. */
export function addDrawings(hand, geometries) {
  const features = geometries.map((one) => ({
    type: "Feature",
    geometry: one,
    properties: { mode: MODES[one.type] },
  }));
  return hand.addFeatures(features).filter((result) => !result.valid).length;
}

/** The finished drawings, as geometries with their ids. */
export function drawings(hand) {
  const whole = new Set(Object.values(MODES));
  return hand
    .getSnapshot()
    .filter((one) => whole.has(one.properties.mode) && !one.properties.currentlyDrawing)
    .filter((one) => geometry(one.geometry.type, corners(one.geometry)))
    .map((one) => ({ id: one.id, geometry: one.geometry }));
}
