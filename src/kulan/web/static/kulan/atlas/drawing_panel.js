// Measure and draw: tools, what was drawn with its length and area, and what can be done with it.
import { announce, byId, element } from "./elements.js";
import { corners, geometry } from "./drawings_code.js";
import { addDrawings, drawings, drawingTools } from "./drawing_tools.js";
import { area_m2, length_m } from "./geodesy.js";
import { number, say } from "./words.js";

const KEPT_AS = "kulan-drawn"; // where the screening page looks for drawings
const KINDS = { point: "Point", linestring: "LineString", polygon: "Polygon" };

/** The panel; `change(geometries)` is told of every change. */
export class DrawingPanel {
  constructor(map, view, { colour, change }) {
    this.map = map;
    this.colour = colour;
    this.change = change;
    this.hand = null;
    this.mode = "select";
    this.byKeys = []; // corners set at the crosshair
    this.buttons = [...document.querySelectorAll("[data-draw]")];
    for (const button of this.buttons) {
      button.addEventListener("click", () => this.choose(button.dataset.draw));
    }
    byId("draw-corner").addEventListener("click", () => this.addCorner());
    byId("draw-finish").addEventListener("click", () => this.finish());
    byId("draw-clear").addEventListener("click", () => this.clear());
    byId("draw-export").addEventListener("click", () => this.save());
    byId("draw-screen").addEventListener("click", () => this.screen());
    this.show();
    if (view.drawings.length) this.restore(view.drawings);
  }

  /** Whether clicks on the map belong to a drawing just now. */
  get drawing() {
    return this.mode !== "select";
  }

  async start() {
    if (!this.hand) {
      this.loading ??= drawingTools(this.map, this.colour());
      this.hand = await this.loading;
      this.hand.setMode("select");
      this.hand.on("finish", () => this.finished());
      this.hand.on("change", () => this.tellSoon());
    }
    return this.hand;
  }

  async restore(geometries) {
    addDrawings(await this.start(), geometries);
    this.tell();
  }

  async choose(mode) {
    await this.start();
    this.byKeys = [];
    this.mode = this.mode === mode ? "select" : mode;
    this.hand.setMode(this.mode);
    this.show();
    announce(say(this.drawing ? `draw_${this.mode}_how` : "draw_off"));
  }

  /** Leave whatever is being drawn. */
  stop() {
    this.mode = "select";
    this.byKeys = [];
    this.hand?.setMode("select");
    this.show();
  }

  finished() {
    this.tell();
    const last = drawings(this.hand).at(-1);
    if (last && this.drawing) announce(measure(last.geometry));
  }

  // --- by keyboard: corners at the map's middle ------------------------------------------------

  addCorner() {
    const { lng, lat } = this.map.getCenter();
    this.byKeys.push([Number(lng.toFixed(6)), Number(lat.toFixed(6))]);
    if (this.mode === "point") this.finish();
    else announce(say("corner_set", { count: number(this.byKeys.length) }));
    this.show();
  }

  finish() {
    const made = geometry(KINDS[this.mode], this.byKeys);
    if (!made) {
      announce(say("corners_too_few"));
      return;
    }
    const refused = addDrawings(this.hand, [made]);
    this.byKeys = [];
    this.tell();
    this.show();
    announce(refused ? say("corners_too_few") : measure(made));
  }

  // --- what was drawn --------------------------------------------------------------------------

  tellSoon() {
    cancelAnimationFrame(this.soon);
    this.soon = requestAnimationFrame(() => this.tell());
  }

  tell() {
    const made = this.hand ? drawings(this.hand) : [];
    const text = JSON.stringify(made);
    if (text === this.told) return;
    this.told = text;
    byId("drawings").replaceChildren(...made.map((one, i) => this.item(one, i)));
    byId("draw-done").hidden = !made.length;
    this.change(made.map((one) => one.geometry));
    this.show();
  }

  item({ id, geometry: one }, index) {
    const name = say(`drawn_${one.type}`, { number: number(index + 1) });
    const remove = element("button", { type: "button", class: "button button-quiet button-small" },
      say("remove"), element("span", { class: "visually-hidden" }, ` ${name}`)); // prettier-ignore
    remove.addEventListener("click", () => {
      if (this.hand.getMode() === "select") this.hand.deselectFeature?.(id);
      this.hand.removeFeatures([id]);
      this.tell();
      byId("draw-tools").querySelector("button").focus();
    });
    const told = element("span", { class: "drawing-measure" }, measure(one));
    return element("li", {}, element("span", {}, element("strong", {}, name), " ", told), remove);
  }

  show() {
    for (const button of this.buttons) {
      button.setAttribute("aria-pressed", String(button.dataset.draw === this.mode));
    }
    byId("draw-keys").hidden = !this.drawing;
    byId("draw-finish").hidden = this.mode === "point";
    byId("draw-how").textContent = say(this.drawing ? `draw_${this.mode}_how` : "draw_how");
    document.body.classList.toggle("is-drawing", this.drawing);
  }

  clear() {
    this.stop();
    this.hand.clear();
    this.tell();
    announce(say("cleared"));
    byId("draw-tools").querySelector("button").focus();
  }

  collection() {
    return {
      type: "FeatureCollection",
      features: drawings(this.hand).map((one) => ({
        type: "Feature",
        properties: properties(one.geometry),
        geometry: one.geometry,
      })),
    };
  }

  save() {
    const text = JSON.stringify(this.collection(), null, 1);
    const url = URL.createObjectURL(new Blob([text], { type: "application/geo+json" }));
    element("a", { href: url, download: "kulan-drawings.geojson" }).click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  }

  screen() {
    sessionStorage.setItem(KEPT_AS, JSON.stringify(this.collection()));
    location.assign(byId("draw-screen").dataset.to);
  }
}

/** A drawing's measures, in words. */
export function measure(one) {
  const line = corners(one);
  if (one.type === "Point") {
    const [lon, lat] = line[0];
    return `${number(lat, 4)}°, ${number(lon, 4)}°`;
  }
  if (one.type === "LineString") return distance(length_m(line));
  return say("area_and_edge", { area: area(area_m2(line)), edge: distance(around_m(line)) });
}

function around_m(line) {
  return length_m([...line, line[0]]);
}

function distance(metres) {
  if (metres < 1000) return `${number(metres)} ${say("metres")}`;
  return `${number(metres / 1000, metres < 1e5 ? 2 : 0)} ${say("kilometres")}`;
}

function area(square) {
  const hectares = square / 1e4;
  if (hectares < 1000) return `${number(hectares, 1)} ${say("hectares")}`;
  return `${number(square / 1e6, square < 1e9 ? 1 : 0)} ${say("square_kilometres")}`;
}

function properties(one) {
  const line = corners(one);
  if (one.type === "LineString") return { length_km: rounded(length_m(line) / 1000) };
  if (one.type === "Polygon") {
    const [square, edge] = [area_m2(line), around_m(line)];
    return { area_km2: rounded(square / 1e6), perimeter_km: rounded(edge / 1000) };
  }
  return {};
}

const rounded = (value) => Number(value.toPrecision(6));
