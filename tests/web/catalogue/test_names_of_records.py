"""What a record is called outside stays, whatever key signs the sessions, and says nothing."""

import geopandas as gpd
import pytest
import shapely

from builders_of_the_web import make_layer, make_version
from kulan.web.catalogue.columns import Column, as_stored
from kulan.web.catalogue.records import records_of


@pytest.fixture
def dens():
    return gpd.GeoDataFrame(
        {"record": ["a", "b"]}, geometry=shapely.points([[66.9, 49.6], [67.0, 49.7]]), crs=4326
    )


def names(version, frame):
    columns = (Column("record", public_to=4, role="record_id"),)
    version.columns = as_stored(columns)
    return set(records_of(version, frame, columns).frame["kulan_uid"])


def test_another_key_of_the_sessions_changes_no_name(people, dens, settings):
    version = make_version(make_layer(owner=people["aigul"]), created_by=people["aigul"])
    before = names(version, dens)

    settings.SECRET_KEY = "another key, as after a backup was restored elsewhere " * 2

    assert names(version, dens) == before


def test_the_same_record_is_called_otherwise_in_another_layer(people, dens):
    one = make_version(make_layer("one", owner=people["aigul"]), created_by=people["aigul"])
    other = make_version(make_layer("other", owner=people["aigul"]), created_by=people["aigul"])

    assert not names(one, dens) & names(other, dens)
