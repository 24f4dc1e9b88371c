// Drawings in the address: each a letter and its corners in Google's polyline encoding (five
// decimals, about a metre; its letters hold no full stop, which parts one from the next), so that a line of fifty corners takes some three hundred characters.
const LETTERS = { Point: "p", LineString: "l", Polygon: "a" };
const KINDS = Object.fromEntries(Object.entries(LETTERS).map(([kind, letter]) => [letter, kind]));
const SCALE = 1e5;

/** Write geometries as one text. */
export function encodeDrawings(geometries) {
  return geometries.map((one) => LETTERS[one.type] + encodeLine(corners(one))).join(".");
}

/** Read geometries from a text; what cannot be read is left out. */
export function decodeDrawings(text) {
  const found = [];
  for (const part of (text || "").split(".")) {
    const kind = KINDS[part[0]];
    const line = kind ? decodeLine(part.slice(1)) : [];
    const made = geometry(kind, line);
    if (made) found.push(made);
  }
  return found;
}

/** The corners of a point, a line or an area's outline, the last not repeated. */
export function corners(geometry) {
  if (geometry.type === "Point") return [geometry.coordinates];
  if (geometry.type === "LineString") return geometry.coordinates;
  return geometry.coordinates[0].slice(0, -1);
}

/** A geometry of corners; null where there are too few. */
export function geometry(kind, line) {
  if (kind === "Point" && line.length === 1) return { type: kind, coordinates: line[0] };
  if (kind === "LineString" && line.length > 1) return { type: kind, coordinates: line };
  if (kind === "Polygon" && line.length > 2) return { type: kind, coordinates: [[...line, line[0]]] };
  return null;
}

function encodeLine(line) {
  let [longitude, latitude, text] = [0, 0, ""];
  for (const [x, y] of line) {
    const [lon, lat] = [Math.round(x * SCALE), Math.round(y * SCALE)];
    text += encodeNumber(lat - latitude) + encodeNumber(lon - longitude);
    [longitude, latitude] = [lon, lat];
  }
  return text;
}

function encodeNumber(value) {
  let rest = value < 0 ? -value * 2 - 1 : value * 2;
  let text = "";
  while (rest >= 32) {
    text += String.fromCharCode((rest % 32) + 32 + 63);
    rest = Math.floor(rest / 32);
  }
  return text + String.fromCharCode(rest + 63);
}

function decodeLine(text) {
  const numbers = [];
  let [value, factor] = [0, 1];
  for (const character of text) {
    const part = character.charCodeAt(0) - 63;
    if (part < 0 || part > 63) return [];
    value += (part % 32) * factor;
    factor *= 32;
    if (part < 32) {
      numbers.push(value % 2 ? -(value + 1) / 2 : value / 2);
      [value, factor] = [0, 1];
    }
  }
  const line = [];
  let [longitude, latitude] = [0, 0];
  for (let i = 0; i + 1 < numbers.length; i += 2) {
    latitude += numbers[i];
    longitude += numbers[i + 1];
    const [x, y] = [longitude / SCALE, latitude / SCALE];
    if (Math.abs(x) > 180 || Math.abs(y) > 90) return [];
    line.push([x, y]);
  }
  return line;
}
