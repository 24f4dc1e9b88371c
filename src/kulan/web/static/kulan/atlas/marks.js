// Marks and hatches of the map, drawn when the map first asks for one by its name:
// `mark|square|#0072b2|#ffffff|9`, `tick|tick|#000000`, `hatch|hatch_wide|#4c555e`.
const RATIO = 2; // drawn twice as fine as a style says, for fine screens

const OUTLINES = {
  square: [[-0.8, -0.8], [0.8, -0.8], [0.8, 0.8], [-0.8, 0.8]],
  triangle: [[0, -1], [0.95, 0.75], [-0.95, 0.75]],
  triangle_down: [[0, 1], [0.95, -0.75], [-0.95, -0.75]],
  diamond: [[0, -1.1], [1.1, 0], [0, 1.1], [-1.1, 0]],
  hexagon: [[-0.5, -0.9], [0.5, -0.9], [1, 0], [0.5, 0.9], [-0.5, 0.9], [-1, 0]],
  plus: thick(0),
  cross: thick(Math.PI / 4),
};

function thick(turn) {
  const [a, b] = [0.32, 1];
  const arm = [[-a, -b], [a, -b], [a, -a], [b, -a], [b, a], [a, a], [a, b], [-a, b], [-a, a],
    [-b, a], [-b, -a], [-a, -a]]; // prettier-ignore
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  return arm.map(([x, y]) => [x * cos - y * sin, x * sin + y * cos]);
}

/** The corners of a mark within ±1; null for a disc. */
export const outlineOf = (marker) => OUTLINES[marker] ?? null;

export const markName = (marker, fill, stroke, size) =>
  ["mark", marker || "circle", fill || stroke, stroke || fill, size].join("|");
export const tickName = (marker, colour) => ["tick", marker, colour].join("|");
export const hatchName = (marker, colour) => ["hatch", marker, colour].join("|");

/** Draw what a name describes; null where it describes nothing of ours. */
export function imageOf(name) {
  const [family, marker, ...rest] = name.split("|");
  if (family === "mark") return mark(marker, rest[0], rest[1], Number(rest[2]));
  if (family === "tick") return tick(marker, rest[0]);
  if (family === "hatch") return hatch(marker, rest[0]);
  return null;
}

function canvas(size) {
  const made = document.createElement("canvas");
  made.width = made.height = Math.ceil(size * RATIO);
  const pen = made.getContext("2d");
  pen.scale(RATIO, RATIO);
  pen.lineJoin = "round";
  return pen;
}

function done(pen) {
  const { width, height } = pen.canvas;
  return { image: pen.getImageData(0, 0, width, height), pixelRatio: RATIO };
}

function mark(marker, fill, stroke, size) {
  const half = size / 2 + 2;
  const pen = canvas(half * 2);
  pen.translate(half, half);
  trace(pen, marker, size / 2);
  pen.lineWidth = 2.6;
  pen.strokeStyle = stroke;
  pen.stroke();
  pen.fillStyle = fill;
  pen.fill();
  return done(pen);
}

function trace(pen, marker, radius) {
  pen.beginPath();
  const outline = outlineOf(marker);
  if (!outline) {
    pen.arc(0, 0, radius, 0, 2 * Math.PI);
    return;
  }
  for (const [x, y] of outline) pen.lineTo(x * radius, y * radius);
  pen.closePath();
}

// small marks that stand on a line, so that lines differ without colour
function tick(marker, colour) {
  const pen = canvas(12);
  pen.translate(6, 6);
  pen.strokeStyle = pen.fillStyle = colour;
  pen.lineWidth = 1.6;
  pen.beginPath();
  if (marker === "tick") {
    pen.moveTo(0, -4.5);
    pen.lineTo(0, 4.5);
    pen.stroke();
  } else if (marker === "cross") {
    for (const sign of [-1, 1]) {
      pen.moveTo(-3, -3 * sign);
      pen.lineTo(3, 3 * sign);
    }
    pen.stroke();
  } else {
    trace(pen, marker === "dot" ? "circle" : marker, marker === "dot" ? 2.6 : 3.6);
    pen.fill();
  }
  return done(pen);
}

function hatch(marker, colour) {
  const step = marker === "hatch_wide" ? 14 : 8;
  const pen = canvas(step);
  pen.strokeStyle = colour;
  pen.lineWidth = 1.4;
  pen.beginPath();
  const back = marker === "hatch_back";
  for (const shift of [-step, 0, step]) {
    pen.moveTo(shift, back ? 0 : step);
    pen.lineTo(shift + step, back ? step : 0);
  }
  pen.stroke();
  return done(pen);
}
