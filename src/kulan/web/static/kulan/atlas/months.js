// The slider of months: there only while a layer that has seasons is on.
import { byId } from "./elements.js";
import { monthName, say } from "./words.js";

/** Follow the slider; `change(month)` is told 0 for the whole year. */
export function startMonths(view, change) {
  const slider = byId("month");
  slider.value = String(view.month);
  slider.addEventListener("input", () => {
    tell(Number(slider.value));
    change(Number(slider.value));
  });
  tell(view.month);
}

/** Show the slider where it has something to do. */
export function showMonths(view, catalogue) {
  byId("months").hidden = ![...view.layers.keys()].some((id) => catalogue.get(id)?.seasonal);
}

function tell(month) {
  const name = month ? monthName(month) : say("whole_year");
  byId("month").setAttribute("aria-valuetext", name);
  byId("month-name").textContent = name;
}
