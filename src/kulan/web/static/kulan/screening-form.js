// The form of a screening: files may be dropped on it, and what was drawn on the map comes along.
const KEPT = "kulan-screening-geometry"; // the map page leaves a FeatureCollection under this name
const form = document.querySelector(".screening-form");
const zone = form.querySelector("[data-drop-zone]");
const input = zone.querySelector("input[type=file]");
const chosen = form.querySelector("[data-chosen]");
const tooLarge = form.querySelector("[data-too-large]");

const showFiles = () => {
  const files = [...input.files];
  chosen.replaceChildren(
    ...files.map((file) => {
      const item = document.createElement("li");
      item.textContent = `${file.name} · ${Math.max(1, Math.round(file.size / 1000)).toLocaleString(document.documentElement.lang)} kB`;
      return item;
    }),
  );
  const bytes = files.reduce((sum, file) => sum + file.size, 0);
  tooLarge.hidden = bytes <= Number(form.dataset.mostMb) * 1e6;
};
input.addEventListener("change", showFiles);
form.addEventListener("submit", (event) => {
  if (!tooLarge.hidden) {
    event.preventDefault();
    input.focus();
  }
});

for (const [name, over] of [["dragover", true], ["dragleave", false], ["drop", false]]) {
  zone.addEventListener(name, (event) => {
    event.preventDefault();
    zone.classList.toggle("is-over", over);
    if (name === "drop" && event.dataTransfer.files.length) {
      input.files = event.dataTransfer.files;
      showFiles();
    }
  });
}

// what was drawn
const field = form.querySelector("input[name=drawn]");
const box = form.querySelector("[data-drawn]");
const none = form.querySelector("[data-drawn-none]");
const SVG = "http://www.w3.org/2000/svg";

const linesOf = ({ type, coordinates }) =>
  ({
    LineString: () => [coordinates],
    MultiLineString: () => coordinates,
    Polygon: () => coordinates,
    MultiPolygon: () => coordinates.flat(),
  })[type]?.() ?? [];

const sketch = (features) => {
  const points = features.flatMap((each) => linesOf(each.geometry).flat());
  const xs = points.map((point) => point[0]);
  const ys = points.map((point) => point[1]);
  const [west, east, south, north] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const squeeze = Math.cos(((south + north) / 2) * (Math.PI / 180));
  const scale = Math.min(140 / Math.max((east - west) * squeeze, 1e-6), 84 / Math.max(north - south, 1e-6));
  const place = ([x, y]) =>
    `${(80 + (x - (west + east) / 2) * squeeze * scale).toFixed(1)},${(50 - (y - (south + north) / 2) * scale).toFixed(1)}`;
  return features.flatMap((each) =>
    linesOf(each.geometry).map((line) => {
      const path = document.createElementNS(SVG, "path");
      path.setAttribute("d", `M${line.map(place).join("L")}`);
      if (each.geometry.type.endsWith("Polygon")) path.setAttribute("class", "area");
      return path;
    }),
  );
};

const showDrawing = (text) => {
  let features = [];
  try {
    features = JSON.parse(text).features.filter((each) => each.geometry);
  } catch {
    return;
  }
  const of = (ending) => features.filter((each) => each.geometry.type.endsWith(ending));
  const shapes = [...of("LineString"), ...of("Polygon")];
  if (!shapes.length) return;
  field.value = text;
  box.hidden = false;
  none.hidden = true;
  box.querySelector("svg").replaceChildren(...sketch(shapes));
  const words = box.querySelector("[data-drawn-words]");
  const counts = [["lines", "LineString"], ["areas", "Polygon"], ["points", "Point"]]
    .map(([name, ending]) => [of(ending).length, words.dataset[name]])
    .filter(([count]) => count);
  words.textContent = counts.map(([count, word]) => `${word}: ${count}`).join("; ");
};

const kept = field.value || sessionStorage.getItem(KEPT);
if (kept) showDrawing(kept);
box.querySelector("[data-drawn-remove]").addEventListener("click", () => {
  sessionStorage.removeItem(KEPT);
  field.value = "";
  box.hidden = true;
  none.hidden = false;
  input.focus();
});
form.addEventListener("submit", () => {
  if (field.value) sessionStorage.removeItem(KEPT);
});
