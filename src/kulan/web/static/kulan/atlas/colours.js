// The page's own colours, for what the map draws of itself. The theme is that of kulan/theme.js.

/** Whether the page is dark now. */
export function isDark() {
  const said = document.documentElement.dataset.theme;
  return said ? said === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

/** The colours of ground, labels and drawings, as the style sheet names them. */
export function groundColours() {
  const style = getComputedStyle(document.documentElement);
  const read = (name) => style.getPropertyValue(name).trim();
  return {
    land: read("--map-land"),
    water: read("--map-water"),
    label: read("--map-label"),
    labelSoft: read("--map-label-soft"),
    river: read("--map-river"),
    drawing: read("--map-drawing"),
    accent: read("--accent"),
    sheet: read("--sheet"),
  };
}
