// The list of layers: real boxes and sliders, and under each layer that is on, its legend.
import { isDark } from "./colours.js";
import { element } from "./elements.js";
import { legendList } from "./swatches.js";
import { number, say } from "./words.js";

/** Build the list; `change(id, opacity)` is told what the reader does, null for off. */
export class LayersPanel {
  constructor(container, catalogue, view, change) {
    this.container = container;
    this.change = change;
    this.fill(catalogue, view);
  }

  /** Build it anew, as when the reader may now see other layers. */
  fill(catalogue, view) {
    this.catalogue = catalogue;
    this.rows = new Map();
    const groups = catalogue.themes.map((theme) => this.group(theme.title, theme.layers, view));
    groups.push(this.group(say("base_map"), catalogue.base, view));
    this.container.replaceChildren(...groups);
    this.show(view);
  }

  group(title, layers, view) {
    const count = element("span", { class: "layer-count" });
    const list = element("ul", { class: "layer-list" });
    const open = layers.some((layer) => isOn(layer, view)) && layers[0]?.theme !== "base";
    const fold = element(
      "details",
      { class: "fold", open },
      element("summary", {}, element("span", {}, title), count),
      list,
    );
    for (const layer of layers) list.append(this.row(layer, { fold, count, layers }));
    return fold;
  }

  row(layer, group) {
    const box = element("input", { type: "checkbox", id: `layer-${layer.id}` });
    const more = element("div", { class: "layer-more", hidden: true });
    const row = { layer, box, more, slider: null, group };
    box.addEventListener("change", () => this.change(layer.id, box.checked ? 1 : null));
    this.rows.set(layer.id, row);
    return element(
      "li",
      {},
      element(
        "div",
        { class: "field-check" },
        box,
        element("label", { for: box.id }, layer.title),
      ),
      more,
    );
  }

  /** Show what is on. */
  show(view) {
    for (const row of this.rows.values()) {
      const opacity = view.layers.get(row.layer.id) ?? view.base.get(row.layer.id);
      const on = opacity !== undefined;
      row.box.checked = on;
      if (on && !row.slider) this.fillMore(row);
      row.more.hidden = !on;
      if (on) showOpacity(row, opacity);
    }
    for (const { group } of this.rows.values()) {
      const on = group.layers.filter((layer) => isOn(layer, view)).length;
      group.count.textContent = on ? say("shown_count", { count: number(on) }) : "";
    }
  }

  fillMore(row) {
    const { layer } = row;
    const name = `opacity-${layer.id}`;
    row.slider = element("input", { type: "range", id: name, min: 10, max: 100, step: 5 });
    row.value = element("output", { for: name, class: "numeric" });
    row.slider.addEventListener("input", () => {
      showOpacity(row, Number(row.slider.value) / 100);
      this.change(layer.id, Number(row.slider.value) / 100);
    });
    row.legend = element("div");
    row.more.replaceChildren(
      row.legend,
      ...notes(layer),
      element(
        "div",
        { class: "layer-opacity" },
        element(
          "label",
          { for: name },
          say("opacity"),
          element("span", { class: "visually-hidden" }, ` ${layer.title}`),
        ),
        row.slider,
        row.value,
      ),
    );
    this.drawLegend(row);
  }

  drawLegend(row) {
    row.legend.replaceChildren(legendList(this.catalogue.legend(row.layer), isDark()));
  }

  /** Draw the legends in the page's new colours. */
  recolour() {
    for (const row of this.rows.values()) if (row.slider) this.drawLegend(row);
  }

  /** Bring a layer's row into sight. */
  reveal(id) {
    const row = this.rows.get(id);
    if (!row) return;
    row.group.fold.open = true;
    row.box.closest("li").scrollIntoView({ block: "nearest" });
  }
}

function isOn(layer, view) {
  return view.layers.has(layer.id) || view.base.has(layer.id);
}

function showOpacity(row, opacity) {
  const percent = Math.round(opacity * 100);
  row.slider.value = String(percent);
  row.value.textContent = `${number(percent)} %`;
}

function notes(layer) {
  const made = [];
  if (layer.precision_words) {
    made.push(element("p", { class: "layer-precision" }, layer.precision_words));
  }
  if (layer.label) made.push(element("p", { class: "hint" }, layer.label));
  if (layer.note) {
    const note = element("p", { class: "hint" }, layer.note);
    made.push(element("details", { class: "layer-note" }, element("summary", {}, say("limits")), note));
  }
  const about = say("about_layer");
  const link = element(
    "a",
    { href: layer.page },
    about,
    element("span", { class: "visually-hidden" }, `: ${layer.title}`),
  );
  const trust = layer.confidence_words
    ? say("confidence", { confidence: layer.confidence_words })
    : "";
  made.push(element("p", { class: "hint layer-foot" }, trust, trust ? " · " : "", link));
  return made;
}
