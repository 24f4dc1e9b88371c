"""A rule that came while a version waited holds for it when it is released."""

import geopandas as gpd
import shapely
from django.utils import timezone

from builders_of_the_web import make_layer, make_version
from kulan.web.catalogue import moves
from kulan.web.catalogue.materialise import materialise
from kulan.web.catalogue.models import SensitivityRule


def test_a_rule_that_came_after_the_file_hides_what_is_released(people):
    layer = make_layer(owner=people["aigul"])
    version = make_version(
        layer, state="in_review", created_by=people["aigul"], species=["saiga"], licence="CC0-1.0"
    )
    SensitivityRule.objects.all().delete()
    SensitivityRule.objects.create(species_id="saiga", level=1, basis="before")
    frame = gpd.GeoDataFrame(
        {"species_id": ["saiga"]}, geometry=[shapely.Point(63.1, 47.2)], crs="EPSG:4326"
    )
    materialise(version, frame, {})
    SensitivityRule.objects.filter(species_id="saiga").update(level=3, set_at=timezone.now())

    moves.release(version, "", by=people["irina"])

    assert set(version.renditions.values_list("default_level", flat=True)) == {3}
