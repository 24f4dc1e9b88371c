"""A layer to read through the OGC API, and a reader of it."""

import pytest
import shapely
from django.test import Client

from builders_of_the_web import make_layer, make_point, make_version
from kulan.web.catalogue.models import Rendition

OGC = "/ogc"


@pytest.fixture
def layer(people):
    """Seven fences of three kinds in May and June 2024, of a layer for everyone."""
    version = make_version(make_layer("fences", owner=people["aigul"]), created_by=people["aigul"])
    for number in range(7):
        west, south = 100.0 + number, 44.0 + number / 2
        Rendition.objects.create(
            version=version,
            uid=f"fence-{number}",
            level=0,
            default_level=0,
            iso3="MNG" if number < 4 else "KAZ",
            name=f"Fence {number}",
            date_from=f"2024-05-{10 + number:02}",
            date_to=f"2024-06-{10 + number:02}",
            geometry=shapely.LineString([(west, south), (west + 0.5, south + 0.25)]),
            properties={
                "kind": ("mesh", "wire", "wall")[number % 3],
                "height_m": 1.0 + number / 2,
                "wires": number,
                "old": number % 2 == 0,
            },
        )
    return version


@pytest.fixture
def den(people):
    """A den that the public sees in a cell of 0.1°, with a note for exact places only."""
    version = make_version(make_layer("dens", owner=people["aigul"]), created_by=people["aigul"])
    make_point(version, default_level=3, species_id="saiga", iso3="MNG")
    Rendition.objects.filter(version=version, level=0).update(
        properties={"watcher": "Tumen", "cubs": 3}, date_from="2024-05-17", name="By the bridge"
    )
    Rendition.objects.filter(version=version, level__gt=0).update(
        properties={"cubs": 3},
        date_from="2024-05",
        uncertainty_m=7100,
        generalised="Coordinates are those of a cell of 0.1 degrees.",
        withheld="watcher",
    )
    return version


@pytest.fixture
def get():
    """Ask for an address below /ogc as the public; return the answer."""
    return asking(Client())


def asking(client):
    def ask(path="", status=200, **asked):
        query = {
            name.replace("_crs", "-crs").replace("_lang", "-lang"): v for name, v in asked.items()
        }
        answer = client.get(f"{OGC}{path}", query)
        assert answer.status_code == status, answer.content[:400]
        return answer

    return ask
