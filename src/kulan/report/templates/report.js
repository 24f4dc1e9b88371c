"use strict";
(() => {
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const one = (selector, root = document) => root.querySelector(selector);

  const speciesChoice = one("#choose-species");
  const alternativeChoice = one("#choose-alternative");
  const chosenSpecies = () => (speciesChoice ? speciesChoice.value : "");

  // long tables: the rows that stand folded join their table, and a button unfolds them
  for (const more of all("details.more")) {
    const body = one("table.sortable tbody", more.parentElement);
    const extra = all("tbody > tr", more);
    const summary = one("summary", more);
    const button = document.createElement("button");
    button.type = "button";
    const words = [summary.textContent, summary.dataset.fewer];
    const show = (open) => {
      for (const row of all("tr[data-extra]", body)) row.dataset.folded = open ? "" : "1";
      button.textContent = open ? words[1] : words[0];
      button.setAttribute("aria-expanded", String(open));
      refresh(body);
    };
    for (const row of extra) { row.dataset.extra = "1"; body.append(row); }
    button.addEventListener("click", () => show(button.getAttribute("aria-expanded") !== "true"));
    more.replaceWith(button);
    window.addEventListener("beforeprint", () => show(true));
    show(false);
  }

  // on a narrow screen the contents begin folded
  if (window.innerWidth < 700) one(".contents details").open = false;

  // choices: a species' rows, an alternative's sections
  function refresh(root) {
    const species = chosenSpecies();
    for (const row of all("tr", root)) {
      const other = species && row.dataset.species && row.dataset.species !== species;
      row.hidden = Boolean(other) || row.dataset.folded === "1" && !species;
    }
  }
  if (speciesChoice) {
    const said = one("#filtered");
    speciesChoice.addEventListener("change", () => {
      all("main tbody").forEach(refresh);
      said.textContent = speciesChoice.value ? said.dataset.words : "";
    });
  }
  if (alternativeChoice) {
    alternativeChoice.addEventListener("change", () => {
      for (const part of all("section[data-alternative]")) {
        part.hidden = alternativeChoice.value !== "" && part.dataset.alternative !== alternativeChoice.value;
      }
      for (const part of all(".map [data-alternative]")) {
        const other = alternativeChoice.value && part.dataset.alternative !== alternativeChoice.value;
        part.style.opacity = other ? "0.25" : "";
      }
    });
  }
  if (speciesChoice || alternativeChoice) one(".choices").hidden = false;

  // tables sort by a column's heading
  for (const table of all("table.sortable")) {
    const body = table.tBodies[0];
    if (body.rows.length < 2) continue;
    all("thead th", table).forEach((heading, place) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...heading.childNodes);
      heading.append(button);
      button.addEventListener("click", () => {
        const down = heading.getAttribute("aria-sort") === "ascending"
          || !heading.hasAttribute("aria-sort") && heading.classList.contains("number");
        all("thead th", table).forEach((each) => each.removeAttribute("aria-sort"));
        heading.setAttribute("aria-sort", down ? "descending" : "ascending");
        const key = (row) => {
          const cell = row.cells[place];
          return "sort" in cell.dataset ? Number(cell.dataset.sort) : cell.textContent.trim();
        };
        const compare = (a, b) => {
          const [x, y] = [key(a), key(b)];
          if (typeof x === "number" && typeof y === "number") return x - y;
          return String(x).localeCompare(String(y), document.documentElement.lang);
        };
        const rows = Array.from(body.rows).sort((a, b) => (down ? compare(b, a) : compare(a, b)));
        body.append(...rows);
      });
    });
  }

  // a figure opens its recipe; the link beneath leads to it among all
  const window_ = one("#recipe-window");
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.figure");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const recipe = one(link.getAttribute("href"));
    if (!recipe) return;
    event.preventDefault();
    one("#recipe-content").replaceChildren(...Array.from(recipe.cloneNode(true).childNodes));
    one("#recipe-link").setAttribute("href", link.getAttribute("href"));
    window_.showModal();
  });
  one("#recipe-close").addEventListener("click", () => window_.close());
  one("#recipe-link").addEventListener("click", () => window_.close());

  // maps: layers to show, and what lies under the pointer
  for (const map of all("figure.map")) {
    const layers = all("svg g[data-layer]", map);
    if (layers.length < 2) continue;
    const set = document.createElement("fieldset");
    set.className = "toggles";
    const legend = document.createElement("legend");
    legend.textContent = map.querySelector("svg").dataset.layers;
    set.append(legend);
    for (const layer of layers) {
      const label = document.createElement("label");
      const box = document.createElement("input");
      box.type = "checkbox";
      box.checked = true;
      box.addEventListener("change", () => { layer.style.display = box.checked ? "" : "none"; });
      label.append(box, " " + layer.dataset.layer);
      set.append(label);
    }
    map.prepend(set);
  }
  const tip = one("#tip");
  document.addEventListener("pointermove", (event) => {
    const shape = event.target.closest("[data-tip]");
    tip.hidden = !shape;
    if (!shape) return;
    tip.textContent = shape.dataset.tip;
    const right = event.clientX + 16 + tip.offsetWidth > window.innerWidth;
    tip.style.left = (right ? event.clientX - 12 - tip.offsetWidth : event.clientX + 16) + "px";
    tip.style.top = event.clientY + 16 + "px";
  });
})();
