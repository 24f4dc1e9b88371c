// The little pictures of a legend, from the same styles as the map.
import { drawn, element } from "./elements.js";
import { outlineOf } from "./marks.js";

const [WIDTH, HEIGHT] = [28, 16];

/** A style's colours on the ground of now. */
export function coloursOf(style, dark) {
  const fill = (dark && style.fill_dark) || style.fill;
  const stroke = (dark && style.stroke_dark) || style.stroke;
  return { fill, stroke };
}

/** The picture of a style. */
export function swatch(style, dark) {
  const picture = drawn("svg", {
    class: "legend-swatch",
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    width: WIDTH,
    height: HEIGHT,
    "aria-hidden": "true",
  });
  const { fill, stroke } = coloursOf(style, dark);
  if (style.shape === "fill") picture.append(...area(style, fill, stroke));
  else if (style.shape === "line") picture.append(...line(style, stroke || fill));
  else picture.append(mark(style.marker, style.width_px, fill, stroke));
  return picture;
}

/** A legend as a list. */
export function legendList(lines, dark) {
  const items = lines.map((line) =>
    element("li", {}, swatch(line.style, dark), element("span", {}, line.words)),
  );
  return element("ul", { class: "legend" }, ...items);
}

function area(style, fill, stroke) {
  const colour = fill || stroke;
  const box = { x: 1, y: 1, width: WIDTH - 2, height: HEIGHT - 2 };
  const parts = [drawn("rect", { ...box, fill: colour, "fill-opacity": style.opacity })];
  if (style.marker.startsWith("hatch")) {
    const back = style.marker === "hatch_back";
    for (let x = -HEIGHT; x < WIDTH; x += style.marker === "hatch_wide" ? 9 : 6) {
      const [from, to] = back ? [1, HEIGHT - 1] : [HEIGHT - 1, 1];
      const [left, right] = [Math.max(1, x), Math.min(WIDTH - 1, x + HEIGHT - 2)];
      const at = (place) => from + ((place - x) * (to - from)) / (HEIGHT - 2);
      if (right > left) parts.push(stick(left, at(left), right, at(right), colour));
    }
  }
  if (stroke) {
    const outline = { ...box, fill: "none", stroke, "stroke-width": Math.max(1, style.width_px) };
    parts.push(drawn("rect", { ...outline, "stroke-dasharray": style.dash_px.join(" ") || null }));
  }
  return parts;
}

function stick(x1, y1, x2, y2, stroke) {
  return drawn("line", { x1, y1, x2, y2, stroke, "stroke-width": 1.3 });
}

function line(style, colour) {
  const middle = HEIGHT / 2;
  const parts = [
    drawn("line", {
      x1: 0,
      y1: middle,
      x2: WIDTH,
      y2: middle,
      stroke: colour,
      "stroke-width": style.width_px,
      "stroke-opacity": style.opacity,
      "stroke-dasharray": style.dash_px.join(" ") || null,
    }),
  ];
  for (const x of style.marker ? [WIDTH * 0.25, WIDTH * 0.75] : []) {
    if (style.marker === "tick") parts.push(stick(x, middle - 4.5, x, middle + 4.5, colour));
    else if (style.marker === "cross") {
      parts.push(stick(x - 3, middle - 3, x + 3, middle + 3, colour));
      parts.push(stick(x - 3, middle + 3, x + 3, middle - 3, colour));
    } else {
      const shape = mark(style.marker, style.marker === "dot" ? 5 : 7, colour, "none");
      shape.setAttribute("transform", `translate(${x} ${middle})`);
      parts.push(shape);
    }
  }
  return parts;
}

function mark(marker, size, fill, stroke) {
  const radius = Math.max(size, 5) / 2;
  const paint = { fill: fill || stroke, stroke: stroke || "none", "stroke-width": 1.2 };
  const outline = outlineOf(marker);
  const placed = { transform: `translate(${WIDTH / 2} ${HEIGHT / 2})`, ...paint };
  if (!outline) return drawn("circle", { r: radius, ...placed });
  const points = outline.map(([x, y]) => `${x * radius},${y * radius}`).join(" ");
  return drawn("polygon", { points, ...placed });
}
