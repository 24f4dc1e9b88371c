// Under the map: whose data these are, and what its borders do not say.
import { byId } from "./elements.js";
import { say } from "./words.js";

/** Name the sources of what is shown. */
export function showSources(view, catalogue) {
  const shown = catalogue.shown(view).map(([id]) => catalogue.get(id));
  const texts = shown.map((layer) => layer.attribution || layer.source);
  const parts = texts.flatMap((text) => (text || "").split("; ")).map(withoutStop);
  const once = [...new Set(parts.filter(Boolean))];
  byId("map-sources").textContent = once.length ? say("sources", { sources: once.join("; ") }) : "";
}

const withoutStop = (text) => text.trim().replace(/\.$/, "");
