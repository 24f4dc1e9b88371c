"""Write the coarse outline of the region that the reports' locator maps show.

    python recipes/region_outline.py

Reads the starter inputs' states (Natural Earth, public domain) and writes
src/kulan/report/templates/region.json: for each state its larger rings, longitudes and latitudes to
a tenth of a degree. It is a drawing of 168 pixels' width and good for nothing else.
"""

import json
from pathlib import Path

import geopandas as gpd
import shapely

ROOT = Path(__file__).resolve().parent.parent
STATES = ROOT / "src" / "kulan" / "atlas" / "data" / "states.fgb"
OUTLINE = ROOT / "src" / "kulan" / "report" / "templates" / "region.json"
SIMPLER_THAN_DEG = 0.35
LEAST_AREA_DEG2 = 0.6


def main() -> None:
    """Write the outline."""
    states = gpd.read_file(STATES)
    found = {}
    for iso3, geometry in zip(states["iso3"], states.geometry, strict=True):
        rings = []
        for part in shapely.get_parts(geometry):
            coarse = shapely.simplify(part, SIMPLER_THAN_DEG)
            if coarse.area >= LEAST_AREA_DEG2:
                xy = shapely.get_coordinates(shapely.get_exterior_ring(coarse)).round(1)
                rings.append(xy.tolist())
        if rings:
            found[iso3] = rings
    text = json.dumps(found, separators=(",", ":"), sort_keys=True)
    OUTLINE.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
