// Light or dark: what the address asks for, else what the reader chose before, else the system.
// Not a module, so that it runs before the first paint and no page flashes in the wrong colours.
(() => {
  const KEY = "kulan-theme";
  const root = document.documentElement;
  const system = window.matchMedia("(prefers-color-scheme: dark)");

  const known = (theme) => (theme === "light" || theme === "dark" ? theme : null);
  const remembered = () => {
    try {
      return known(localStorage.getItem(KEY));
    } catch {
      return null; // a reader may forbid storage
    }
  };
  const asked = known(new URLSearchParams(location.search).get("theme"));
  const chosen = asked ?? remembered();
  if (chosen) root.dataset.theme = chosen;

  const shown = () => root.dataset.theme ?? (system.matches ? "dark" : "light");
  const tell = () => {
    for (const button of document.querySelectorAll("[data-theme-switch]")) {
      button.setAttribute("aria-pressed", String(shown() === "dark"));
    }
    document.dispatchEvent(new CustomEvent("kulan:theme", { detail: shown() }));
  };

  system.addEventListener("change", tell);
  document.addEventListener("DOMContentLoaded", tell);
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("[data-theme-switch]")) return;
    root.dataset.theme = shown() === "dark" ? "light" : "dark";
    try {
      localStorage.setItem(KEY, root.dataset.theme);
    } catch {
      // chosen for this page only
    }
    tell();
  });
})();
