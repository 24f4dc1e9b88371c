// The layers a reader may see, as the server lists them.
import { address } from "./words.js";

const STATES = "states";
const DISPUTED = "disputed_boundaries";

/** The list of layers. */
export class Catalogue {
  constructor(listing) {
    this.region = listing.region;
    this.themes = listing.themes.filter((theme) => theme.layers.length > 0);
    // borders are shown with what is disputed of them, or not at all
    this.base = listing.base.filter((layer) => layer.id !== DISPUTED);
    this.disputed = listing.base.find((layer) => layer.id === DISPUTED);
    this.names = listing.names; // of states, each with its place
    this.themed = this.themes.flatMap((theme) => theme.layers);
    const all = [...this.themed, ...listing.base];
    this.byId = new Map(all.map((layer) => [layer.id, layer]));
  }

  get(id) {
    return this.byId.get(id);
  }

  /** What a view shows, as pairs of id and opacity: ground first, each time as the list has it. */
  shown(view) {
    const pairs = [...view.base, ...view.layers].filter(([id]) => this.byId.has(id));
    const states = this.disputed ? pairs.findIndex(([id]) => id === STATES) : -1;
    if (states >= 0) pairs.splice(states, 0, [DISPUTED, pairs[states][1]]);
    return pairs;
  }

  /** The legend of a layer; that of borders tells of disputed ones too. */
  legend(layer) {
    return layer.id === STATES && this.disputed
      ? [...layer.legend, ...this.disputed.legend]
      : layer.legend;
  }
}

/** Ask the server for the list. */
export async function loadCatalogue(path, parameters = {}) {
  const answer = await fetch(address(path, parameters), { credentials: "same-origin" });
  if (!answer.ok) throw new Error(`layers: ${answer.status}`);
  return new Catalogue(await answer.json());
}
