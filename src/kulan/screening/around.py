"""What lies around an alternative: key areas, landscapes, other barriers and their sum."""

from collections.abc import Mapping
from dataclasses import dataclass

from kulan.screening.areas import AreaQuestion, find_areas
from kulan.screening.cumulative import add_up
from kulan.screening.existing_barriers import Surroundings, find_barriers
from kulan.screening.findings import AreaFinding, BarrierFinding, CumulativeFinding
from kulan.screening.placement import Setting
from kulan.screening.question import Landscape
from kulan.screening.species_listings import Listing
from kulan.screening.user_areas import near_areas


@dataclass(frozen=True)
class Around:
    """Findings about what lies around one alternative.

    Attributes
    ----------
    key_areas, landscapes, barriers, cumulative
        As in `AlternativeFindings`.
    left_out
        Key areas of user layers that were not listed, by layer.
    """

    key_areas: tuple[AreaFinding, ...]
    landscapes: tuple[AreaFinding, ...]
    barriers: tuple[BarrierFinding, ...]
    cumulative: CumulativeFinding
    left_out: dict[str, int]


def find_around(
    setting: Setting, landscape: Landscape, others: Surroundings, listings: Mapping[str, Listing]
) -> Around:
    """Find the areas and barriers around an alternative.

    Parameters
    ----------
    setting
        The alternative.
    landscape
        What it is held against.
    others
        Known barriers that are not the alternative itself.
    listings
        Species on record, with their effect distances.
    """
    book, within_km = landscape.book, landscape.within_km
    reach_m = {name: listing.effect.distance_m or 0.0 for name, listing in listings.items()}
    baseline = landscape.baseline

    def question(layer_id: str, id_column: str) -> AreaQuestion:
        return AreaQuestion(layer_id, id_column, within_km, reach_m)

    key_areas = find_areas(setting, baseline.key_areas, question("key_areas", "key_area_id"), book)
    left_out = {}
    for index in landscape.indexes:
        if index.layer.kind == "key_area":
            near = near_areas(index, setting.alignment, within_km)
            asked = question(index.layer.layer_id, "key_area_id")
            key_areas += find_areas(setting, near.rows, asked, book)
            if near.left_out:
                left_out[index.layer.layer_id] = near.left_out
    return Around(
        key_areas=tuple(
            sorted(key_areas, key=lambda area: (area.distance.value or 0.0, area.area_id))
        ),
        landscapes=find_areas(
            setting, baseline.landscapes, question("landscapes", "landscape_id"), book
        ),
        barriers=find_barriers(setting, others, within_km, book),
        cumulative=add_up(setting.alignment, others, within_km, book),
        left_out=left_out,
    )
