// The layers a reader may see, as the server lists them.
import { address } from "./words.js";

/** The list of layers. */
export class Catalogue {
  constructor(listing) {
    this.region = listing.region;
    this.themes = listing.themes.filter((theme) => theme.layers.length > 0);
    this.base = listing.base;
    this.themed = this.themes.flatMap((theme) => theme.layers);
    this.all = [...this.themed, ...this.base];
    this.byId = new Map(this.all.map((layer) => [layer.id, layer]));
  }

  get(id) {
    return this.byId.get(id);
  }
}

/** Ask the server for the list. */
export async function loadCatalogue(path, parameters = {}) {
  const answer = await fetch(address(path, parameters), { credentials: "same-origin" });
  if (!answer.ok) throw new Error(`layers: ${answer.status}`);
  return new Catalogue(await answer.json());
}
