"""The transboundary areas that Kulan carries as illustrations: their names and their places."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import pi, sqrt
from typing import Any

from kulan.programme.areas import landscapes
from kulan.words import N_

AREA_NAMES = {
    "transboundary_ustyurt_plateau": N_("Ustyurt plateau"),
    "transboundary_ural_volga_interfluve_northern_caspian": N_(
        "Ural - Volga interfluve / northern Caspian"
    ),
    "transboundary_kaplankyr_south_ustyurt": N_("Kaplankyr - South Ustyurt"),
    "transboundary_kopet_dag": N_("Kopet Dag"),
    "transboundary_badhyz_pulikhatum": N_("Badhyz - Pulikhatum"),
    "transboundary_koytendag_surkhan": N_("Koytendag - Surkhan"),
    "transboundary_amu_darya_floodplains_tigrovaya_balka": N_(
        "Amu Darya floodplains - Tigrovaya Balka"
    ),
    "transboundary_pamir_wakhan_taxkorgan_khunjerab": N_("Pamir - Wakhan - Taxkorgan - Khunjerab"),
    "transboundary_western_tien_shan": N_("Western Tien Shan"),
    "transboundary_central_tien_shan": N_("Central Tien Shan"),
    "transboundary_alai_gissar": N_("Alai - Gissar"),
    "transboundary_dzungarian_alatau": N_("Dzungarian Alatau"),
    "transboundary_altai_sayan": N_("Altai - Sayan"),
    "transboundary_dzungarian_gobi": N_("Dzungarian Gobi (Great Gobi B - Kalamaili)"),
    "transboundary_trans_altai_gobi": N_("Trans-Altai Gobi (Great Gobi A - Gansu/Xinjiang)"),
    "transboundary_south_east_gobi": N_("South-east Gobi"),
    "transboundary_eastern_steppe_dauria": N_("Eastern Steppe - Dauria"),
    "transboundary_tibetan_plateau_ladakh_changthang": N_("Tibetan plateau - Ladakh/Changthang"),
    "transboundary_himalaya": N_("Himalaya (Nepal-China-India-Bhutan)"),
    "transboundary_thar_kutch_sindh": N_("Thar / Kutch - Sindh"),
}
"""Names of the table of landscapes, marked for translation."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an area is, as far as it is known.

    Attributes
    ----------
    latitude, longitude
        Of its middle, degrees.
    radius_km
        Of a circle of its area, or within which its middle is expected to lie.
    is_size
        Whether the circle has the size of the area; else it tells how precise its middle is.
    """

    latitude: float
    longitude: float
    radius_km: float
    is_size: bool


def place_of(data: Mapping[str, Any]) -> Place | None:
    """Return where an area of the register is; None where nobody has said.

    What the record says of its centre and its size goes before the table of landscapes.

    Parameters
    ----------
    data
        The record, as far as its reader may read it.

    Examples
    --------
    >>> place_of({"centre": "44.0, 56.5", "area_km2": 314})
    Place(latitude=44.0, longitude=56.5, radius_km=10.0, is_size=True)
    """
    known = _landscapes().get(str(data.get("landscape", "")))
    if data.get("centre"):
        latitude, longitude = (float(part) for part in str(data["centre"]).split(","))
        precision_km = 0.0
    elif known is not None:
        latitude, longitude, precision_km = known["latitude"], known["longitude"], known["within"]
    else:
        return None
    area_km2 = float(data.get("area_km2") or (known["area_km2"] if known else 0.0))
    if area_km2:
        return Place(latitude, longitude, round(sqrt(area_km2 / pi), 1), is_size=True)
    return Place(latitude, longitude, precision_km, is_size=False)


@cache
def _landscapes() -> dict[str, dict[str, float]]:
    rows = landscapes().fillna({"area_km2": 0.0, "precision_km": 0.0}).to_dict("records")
    return {
        row["landscape_id"]: {
            "latitude": float(row["latitude"]),
            "longitude": float(row["longitude"]),
            "area_km2": float(row["area_km2"]),
            "within": float(row["precision_km"]),
        }
        for row in rows
    }


def illustrative_areas() -> list[dict[str, Any]]:
    """Return the transboundary areas of the table of landscapes as records of their register.

    Each names its landscape, its states, its species and its source; none has been confirmed.
    """
    return [
        {
            "title": row["name"],
            "landscape": row["landscape_id"],
            "states": sorted(row["states"]),
            "species": sorted(row["species"]),
            "source": row["source"],
        }
        for row in landscapes().to_dict("records")
        if row["kind"] == "transboundary_area"
    ]
