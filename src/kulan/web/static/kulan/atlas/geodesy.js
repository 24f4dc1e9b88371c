// Distances and areas on the WGS 84 ellipsoid, as `kulan.places` measures them.
const A = 6378137.0; // m, semi-major axis
const F = 1 / 298.257223563; // flattening
const B = A * (1 - F);
const E2 = F * (2 - F);
const E = Math.sqrt(E2);
const RAD = Math.PI / 180;
const STEP_DEG = 0.25; // sides of an area are followed at least this finely

/** Length of a line in metres. */
export function length_m(line) {
  let sum = 0;
  for (let i = 1; i < line.length; i += 1) sum += distance_m(line[i - 1], line[i]);
  return sum;
}

/**
 * Distance between two places in metres, by Vincenty's inverse formula (1975).
 *
 * It does not settle for places almost opposite each other on the globe; those lie outside any map
 * of the region, and get the distance on the sphere.
 */
export function distance_m([lon1, lat1], [lon2, lat2]) {
  const L = (lon2 - lon1) * RAD;
  const [U1, U2] = [lat1, lat2].map((lat) => Math.atan((1 - F) * Math.tan(lat * RAD)));
  const [s1, c1, s2, c2] = [Math.sin(U1), Math.cos(U1), Math.sin(U2), Math.cos(U2)];
  let lambda = L;
  for (let turn = 0; turn < 100; turn += 1) {
    const [sl, cl] = [Math.sin(lambda), Math.cos(lambda)];
    const sinSigma = Math.hypot(c2 * sl, c1 * s2 - s1 * c2 * cl);
    if (sinSigma === 0) return 0;
    const cosSigma = s1 * s2 + c1 * c2 * cl;
    const sigma = Math.atan2(sinSigma, cosSigma);
    const sinAlpha = (c1 * c2 * sl) / sinSigma;
    const cos2Alpha = 1 - sinAlpha ** 2;
    const cos2m = cos2Alpha === 0 ? 0 : cosSigma - (2 * s1 * s2) / cos2Alpha;
    const C = (F / 16) * cos2Alpha * (4 + F * (4 - 3 * cos2Alpha));
    const before = lambda;
    const inner = cos2m + C * cosSigma * (2 * cos2m ** 2 - 1);
    lambda = L + (1 - C) * F * sinAlpha * (sigma + C * sinSigma * inner);
    if (Math.abs(lambda - before) < 1e-12) {
      return vincenty(cos2Alpha, sinSigma, cosSigma, sigma, cos2m);
    }
  }
  const [a, b] = [lat1 * RAD, lat2 * RAD];
  return A * Math.acos(Math.sin(a) * Math.sin(b) + Math.cos(a) * Math.cos(b) * Math.cos(L));
}

function vincenty(cos2Alpha, sinSigma, cosSigma, sigma, cos2m) {
  const u2 = (cos2Alpha * (A ** 2 - B ** 2)) / B ** 2;
  const a = 1 + (u2 / 16384) * (4096 + u2 * (-768 + u2 * (320 - 175 * u2)));
  const b = (u2 / 1024) * (256 + u2 * (-128 + u2 * (74 - 47 * u2)));
  const tail = (b / 6) * cos2m * (4 * sinSigma ** 2 - 3) * (4 * cos2m ** 2 - 3);
  const middle = cosSigma * (2 * cos2m ** 2 - 1) - tail;
  return B * a * (sigma - b * sinSigma * (cos2m + (b / 4) * middle));
}

/**
 * Area inside an outline in square metres, whichever way round it goes.
 *
 * The outline is projected onto Lambert's cylinder, which keeps areas (Snyder 1987, eq. 10-15), each
 * side followed along its great circle in small steps.
 */
export function area_m2(outline) {
  const ring = [];
  outline.forEach((from, i) => ring.push(...along(from, outline[(i + 1) % outline.length])));
  let twice = 0;
  ring.forEach(([lon1, lat1], i) => {
    const [lon2, lat2] = ring[(i + 1) % ring.length];
    twice += (lon2 - lon1) * RAD * (q(lat1) + q(lat2));
  });
  return Math.abs((A ** 2 * twice) / 4);
}

function q(lat) {
  const s = Math.sin(lat * RAD);
  const inner = Math.log((1 - E * s) / (1 + E * s)) / (2 * E);
  return (1 - E2) * (s / (1 - E2 * s ** 2) - inner);
}

/** The places along the great circle from one place up to, and without, the next. */
function along(from, to) {
  const [start, end] = [from, to].map(vector);
  const dot = start.reduce((sum, value, i) => sum + value * end[i], 0);
  const angle = Math.acos(Math.min(1, Math.max(-1, dot)));
  const steps = Math.max(1, Math.ceil(angle / RAD / STEP_DEG));
  if (steps === 1) return [from];
  return Array.from({ length: steps }, (_, i) => {
    if (i === 0) return from;
    const [p, r] = [Math.sin((1 - i / steps) * angle), Math.sin((i / steps) * angle)];
    const [x, y, z] = start.map((value, k) => p * value + r * end[k]);
    return [Math.atan2(y, x) / RAD, Math.atan2(z, Math.hypot(x, y)) / RAD];
  });
}

function vector([lon, lat]) {
  const [l, b] = [lon * RAD, lat * RAD];
  return [Math.cos(b) * Math.cos(l), Math.cos(b) * Math.sin(l), Math.sin(b)];
}
