"""Properties of features in the reader's words: names of columns, codes, lists, flags."""

from typing import Any

from kulan.errors import UnknownNameError
from kulan.programme.species import species_name
from kulan.programme.states import state_name
from kulan.web.language import say_lazy as _
from kulan.words import N_, Words

_COLUMNS: dict[str, Any] = {
    "area_km2": _("Area, km²"),
    "barrier_type": _("Kind of barrier"),
    "capital": _("Capital"),
    "confidence": _("Confidence"),
    "designation": _("Protection"),
    "fenced": _("Fenced"),
    "fenced_note": _("What is known of the fence"),
    "illustrative": _("Illustrative only"),
    "iso2": _("State"),
    "iso3": _("State"),
    "kind": _("Kind"),
    "latitude": _("Latitude"),
    "left": _("Territory on the left"),
    "length_km": _("Length, km"),
    "longitude": _("Longitude"),
    "name": _("Name"),
    "population": _("Inhabitants"),
    "planned_for": _("Planned for"),
    "precision_km": _("Known to within, km"),
    "reported_on": _("Reported on"),
    "right": _("Territory on the right"),
    "scale_rank": _("Importance on the map"),
    "species": _("Species"),
    "species_affected": _("Species affected"),
    "species_id": _("Species"),
    "states": _("States"),
    "status": _("Status"),
    "valid_from": _("From"),
    "valid_to": _("Until"),
}
# values of columns that no table of the library translates
_VALUES = (N_("partly"), N_("unknown"))
_UNSAID = frozenset(
    {
        "barrier_id",
        "code_from",
        "key_area_id",
        "landscape_id",
        "name_ru",
        "scale_rank",
        "longitude",
        "latitude",
    }
)
_NAMED = {
    "species": species_name,
    "species_affected": species_name,
    "species_id": species_name,
    "states": state_name,
    "iso3": state_name,
}


def told(properties: dict[str, Any], words: Words) -> list[tuple[str, str]]:
    """Return the properties of a feature as pairs of words, without those nobody reads.

    Columns that are not Kulan's own keep their names.
    """
    return [
        (str(_COLUMNS.get(name, name.replace("_", " "))), value_words(name, value, words))
        for name, value in properties.items()
        if name not in _UNSAID and value not in ("", None, [])
    ]


def value_words(name: str, value: Any, words: Words) -> str:
    """Return a cell in the reader's words."""
    if isinstance(value, bool):
        return words.say("yes") if value else words.say("no")
    if isinstance(value, float | int):
        return words.number(value, 0 if float(value).is_integer() else 1)
    if isinstance(value, list):
        return words.listed([value_words(name, item, words) for item in value])
    text = str(value)
    if name in _NAMED:
        try:
            return _NAMED[name](text, words.language)
        except UnknownNameError:
            return text
    return words.say(text.replace("_", " ")) if text.islower() else text
