// On a phone the panel is a sheet at the bottom, drawn up and down by its handle.
import { byId } from "./elements.js";

export function startSheet() {
  const handle = byId("sheet-handle");
  const set = (open) => {
    handle.setAttribute("aria-expanded", String(open));
    byId("panel").classList.toggle("is-low", !open);
  };
  handle.addEventListener("click", () => set(handle.getAttribute("aria-expanded") !== "true"));
  // whoever goes into the panel wants to see it
  byId("panel").addEventListener("focusin", (event) => {
    if (event.target !== handle && event.target.matches("input, button, a, summary")) {
      if (byId("panel-body").contains(event.target)) set(true);
    }
  });
  set(!matchMedia("(max-width: 52rem)").matches);
}
