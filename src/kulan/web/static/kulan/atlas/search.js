// Search, as a box with a list: the WAI-ARIA pattern "editable combobox with list autocomplete".
import { announce, byId, debounced, element } from "./elements.js";
import { address, number, say } from "./words.js";

const WAIT_MS = 180;
const MOST = 8;

/** Start the box; `choose(hit)` is told what the reader takes. */
export class Search {
  constructor(path, choose) {
    this.path = path;
    this.choose = choose;
    this.input = byId("search");
    this.list = byId("search-hits");
    this.hits = [];
    this.active = -1;
    this.asked = null;
    const ask = debounced(() => this.ask(), WAIT_MS);
    this.input.addEventListener("input", ask);
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("focus", () => this.hits.length && this.open());
    this.input.addEventListener("blur", () => this.close());
    // the press must not take the focus from the box before the click is told
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.take([...this.list.children].indexOf(option));
    });
    byId("search-form").addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.hits.length) this.take(Math.max(this.active, 0));
      else this.ask();
    });
  }

  async ask() {
    this.asked?.abort();
    const text = this.input.value.trim();
    if (!text) {
      this.show([]);
      return;
    }
    const mine = new AbortController();
    this.asked = mine;
    try {
      const url = address(this.path, { q: text, limit: MOST });
      const answer = await fetch(url, { signal: mine.signal });
      if (!answer.ok) throw new Error(`search: ${answer.status}`);
      this.show((await answer.json()).hits);
    } catch (error) {
      if (error.name === "AbortError") return;
      this.show([]);
      announce(say("search_failed"));
      return;
    }
    const count = this.hits.length;
    announce(count ? say("search_found", { count: number(count) }) : say("search_nothing"));
    if (!count) this.sayNothingFound();
  }

  show(hits) {
    this.hits = hits;
    this.active = -1;
    this.list.replaceChildren(...hits.map(option));
    if (hits.length && document.activeElement === this.input) this.open();
    else this.close();
    this.mark();
  }

  sayNothingFound() {
    this.list.replaceChildren(
      element("li", { class: "search-nothing", role: "option", "aria-disabled": "true" },
        say("search_nothing")), // prettier-ignore
    );
    this.open();
  }

  key(event) {
    const last = this.hits.length - 1;
    const moves = {
      ArrowDown: () => (this.active < last ? this.active + 1 : 0),
      ArrowUp: () => (this.active > 0 ? this.active - 1 : last),
    };
    if (event.key in moves && last >= 0) {
      event.preventDefault();
      this.open();
      this.active = moves[event.key]();
      this.mark();
    } else if (event.key === "Escape") {
      if (this.list.hidden) this.input.value = "";
      this.close();
    }
  }

  mark() {
    [...this.list.children].forEach((item, i) => {
      item.setAttribute("aria-selected", String(i === this.active));
      if (i === this.active) item.scrollIntoView({ block: "nearest" });
    });
    const active = this.list.children[this.active];
    if (active) this.input.setAttribute("aria-activedescendant", active.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  open() {
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.active = -1;
    this.mark();
  }

  take(index) {
    const hit = this.hits[index];
    if (!hit) return;
    this.input.value = hit.name;
    this.close();
    this.choose(hit);
  }
}

function option(hit, i) {
  const also = hit.also && hit.also !== hit.name ? ` · ${hit.also}` : "";
  return element(
    "li",
    { role: "option", id: `hit-${i}`, "aria-selected": "false" },
    element("span", { class: "hit-name" }, hit.name),
    element("span", { class: "hit-detail" }, `${hit.detail || ""}${also}`),
  );
}
