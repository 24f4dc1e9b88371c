"""Programs that read the OGC API elsewhere read it here: GDAL in pyogrio, ogrinfo, QGIS."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import shapely

from builders_of_the_web import make_layer, make_point, make_version
from kulan.web.api.actions import make_token
from kulan.web.catalogue.models import Rendition

SYSTEM_PYTHON = "/usr/bin/python3"
COUNT = 1_250
QGIS = """
import json, sys
from qgis.core import QgsApplication, QgsFeatureRequest, QgsRectangle, QgsVectorLayer
application = QgsApplication([], False)
application.initQgis()
layer = QgsVectorLayer(f"url='{sys.argv[1]}' typename='tracks' maxNumFeatures='0'", "t", "OAPIF")
box = QgsFeatureRequest().setFilterRect(QgsRectangle(80.0, 40.0, 80.0995, 41.0))
told = {
    "valid": layer.isValid(),
    "crs": layer.crs().authid(),
    "fields": sorted(field.name() for field in layer.fields()),
    "count": sum(1 for _ in layer.getFeatures()),
    "in_box": sum(1 for _ in layer.getFeatures(box)),
}
print("TOLD " + json.dumps(told))
application.exitQgis()
"""


@pytest.fixture
def server(live_server, people):
    """A server with 1,250 lines for everyone, and a den that is not."""
    owner = people["aigul"]
    version = make_version(make_layer("tracks", owner=owner), title={"en": "Tracks"})
    shapes = [
        shapely.LineString([(80 + n / 100, 40), (80 + n / 100 + 0.005, 40.5)]) for n in range(COUNT)
    ]
    Rendition.objects.bulk_create(
        Rendition(
            version=version,
            uid=f"track-{n:04}",
            level=0,
            default_level=0,
            iso3="KAZ" if n % 2 else "UZB",
            geometry=shape,
            properties={"number": n, "kind": "rail" if n % 5 == 0 else "road"},
        )
        for n, shape in enumerate(shapes)
    )
    den = make_version(make_layer("dens", owner=owner), title={"en": "Dens"})
    make_point(den, default_level=3, species_id="saiga", iso3="MNG")
    return f"{live_server.url}/ogc"


GDAL = """
import json, sys
import pyogrio
asked = json.loads(sys.argv[1])
pyogrio.set_gdal_config_options(asked.pop("options"))
source, box = asked.pop("source"), asked.pop("bbox", None)
layers = [name for name, _ in pyogrio.list_layers(source)]
frame = pyogrio.read_dataframe(source, bbox=box and tuple(box), **asked)
shape = frame.geometry[0]
told = {"layers": sorted(layers), "count": len(frame), "crs": frame.crs.name,
        "unique": int(frame["id"].nunique()), "first": list(shape.coords[0])}
print(json.dumps(told))
"""


def read(server, layer, *, options=None, **how):
    """Read with the GDAL of pyogrio, in a process of its own: GDAL keeps Python's lock."""
    asked = {"source": f"OAPIF:{server}", "layer": layer, "options": options or {}, **how}
    ran = subprocess.run(
        [sys.executable, "-c", GDAL, json.dumps(asked)],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-2000:]
    return json.loads(ran.stdout.splitlines()[-1])


def test_gdal_reads_every_feature_over_all_pages(server):
    told = read(server, "tracks")
    assert told["layers"] == ["catalogue", "dens", "tracks"]
    assert told["count"] == told["unique"] == COUNT
    assert "CRS84" in told["crs"]


def test_gdal_reads_a_box(server):
    assert read(server, "tracks", bbox=[80.0, 40.0, 80.0995, 41.0])["count"] == 10


def test_gdal_filters_by_an_attribute(server):
    assert read(server, "tracks", where="kind = 'rail'")["count"] == COUNT // 5


def test_gdal_sees_the_cell_and_with_its_owners_token_the_den(server, people):
    assert read(server, "dens")["first"] == pytest.approx([103.15, 44.75])

    _, token = make_token(people["aigul"], "GDAL", ["read"], days=30)
    options = {"GDAL_HTTP_AUTH": "BEARER", "GDAL_HTTP_BEARER": token}
    exact = read(server, "dens", options=options)["first"]
    assert exact == pytest.approx([103.1234567, 44.7654321])


@pytest.mark.skipif(shutil.which("ogrinfo") is None, reason="GDAL's programs are not installed")
def test_ogrinfo_reads_it(server):
    told = subprocess.run(
        ["ogrinfo", "-so", f"OAPIF:{server}", "tracks"],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert f"Feature Count: {COUNT}" in told.stdout, told.stderr


def has_qgis():
    if not Path(SYSTEM_PYTHON).exists():
        return False
    tried = subprocess.run(
        [SYSTEM_PYTHON, "-c", "import qgis.core"], capture_output=True, check=False, env={}
    )
    return tried.returncode == 0


@pytest.mark.slow
def test_qgis_reads_it(server, tmp_path):
    if not has_qgis():
        pytest.skip("QGIS is not installed")
    script = tmp_path / "read.py"
    script.write_text(QGIS)
    surroundings = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "XDG_RUNTIME_DIR": str(tmp_path),
        "QT_QPA_PLATFORM": "offscreen",
    }
    ran = subprocess.run(
        [SYSTEM_PYTHON, str(script), server],
        capture_output=True, text=True, timeout=300, check=False, env=surroundings,
    )  # fmt: skip
    lines = [line for line in ran.stdout.splitlines() if line.startswith("TOLD ")]
    assert lines, ran.stderr[-2000:]
    told = json.loads(lines[0].removeprefix("TOLD "))
    assert told["valid"]
    assert (told["count"], told["in_box"]) == (COUNT, 10)
    assert {"number", "kind", "iso3"} <= set(told["fields"])
