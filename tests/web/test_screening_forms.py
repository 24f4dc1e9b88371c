"""A question is checked before it is asked, and what a browser sends is believed of nothing."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kulan.web.screenings import files
from kulan.web.screenings.models import Screening

LINE = {"type": "LineString", "coordinates": [[103.0, 46.0], [104.0, 46.5]]}
NEW = reverse("screening_new")


def collection(*features):
    return json.dumps({"type": "FeatureCollection", "features": list(features)})


def feature(geometry=LINE, **properties):
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def upload(name="line.geojson", content=None):
    return SimpleUploadedFile(name, (content or collection(feature(type="railway"))).encode())


def question(**fields):
    return {"day": "2026-11-25", "within_km": "50", "language": "en", **fields}


@pytest.fixture
def errors_of(browser_of):
    """Return the form's mistakes when Aigul sends it."""

    def sent(**fields):
        answer = browser_of("aigul").post(NEW, question(**fields))
        assert answer.status_code == 422
        assert not Screening.objects.exists()
        return answer.content.decode()

    return sent


def test_a_question_without_a_plan_is_told_so_at_the_field(errors_of):
    assert "Give a file of the plan, or draw it on the map." in errors_of()


def test_a_file_of_no_format_of_ours_is_refused_before_anything_reads_it(errors_of):
    page = errors_of(lines=upload("plan.svg", "<svg onload='alert(1)'/>"))
    assert "files ending in “.svg” are not read" in page


def test_a_name_that_is_markup_is_shown_as_text(errors_of):
    page = errors_of(lines=upload("<img src=x onerror=alert(1)>.exe"))
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page


def test_a_coordinate_system_nobody_knows_is_told_at_its_field(errors_of):
    page = errors_of(lines=upload(), crs="EPSG:1")
    assert 'id="id_crs_error"' in page


def test_a_shapefile_without_its_shapes_is_refused(errors_of):
    assert "The .shp is missing" in errors_of(lines=upload("line.dbf"))


def test_a_drawing_must_say_what_is_planned(errors_of):
    assert "Say what is planned" in errors_of(drawn=collection(feature()))


@pytest.mark.parametrize(
    "drawing",
    [
        "{",
        "[" * 100_000,
        "7",
        '{"features": 7}',
        '{"features": [7, {"geometry": 7}, {"geometry": {"type": "LineString"}}]}',
        collection(feature({"type": "Point", "coordinates": [103.0, 46.0]})),
        collection(feature({"type": "LineString", "coordinates": [["a", "b"], [1, 2]]})),
    ],
)
def test_a_drawing_that_is_none_is_refused_without_falling_over(errors_of, drawing):
    assert 'id="id_drawn_error"' in errors_of(drawn=drawing, barrier_type="railway")


def test_a_drawing_makes_an_alternative_of_each_shape(browser_of):
    drawing = collection(feature(name="North"), feature(), feature({"type": "Point"}))
    answer = browser_of("aigul").post(NEW, question(drawn=drawing, barrier_type="road"))
    assert answer.status_code == 302
    screening = Screening.objects.get()
    stored = files.folder_of(screening.uid) / screening.options["lines"][0]
    kept = [each["properties"] for each in json.loads(stored.read_text())["features"]]
    assert kept == [{"alternative": "A", "name": "North"}, {"alternative": "B"}]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../../etc/passwd.geojson", "passwd.geojson"),
        ("..\\..\\boot.geojson", "boot.geojson"),
        ("/absolute/line.GeoJSON", "line.geojson"),
        (".geojson", "file.geojson"),
        ("nul\x00l.geojson", "nul l.geojson"),
        ("..geojson", "file.geojson"),
        ("Северный вариант (2).gpkg", "Северный вариант 2.gpkg"),
        ("x" * 400 + ".kml", "x" * 60 + ".kml"),
        ("vsizip:/vsicurl/http:example.com.csv", "http example com.csv"),
        ("", "file"),
    ],
)
def test_a_file_is_stored_under_a_plain_name(sent, kept):
    assert files.plain_name(sent) == kept


def test_what_is_stored_lies_in_the_screenings_own_folder(browser_of):
    hostile = upload("x.geojson")
    hostile.name = "..\\..\\..\\up.geojson"  # as a client that is no browser may send it
    browser_of("aigul").post(NEW, question(lines=hostile))
    screening = Screening.objects.get()
    folder = files.folder_of(screening.uid)
    (path,) = screening.options["lines"]
    assert (folder / path).resolve().is_relative_to(folder.resolve())
    assert (folder / path).is_file()


def test_the_files_of_one_shapefile_lie_together(browser_of):
    sent = [upload(f"line.{ending}") for ending in ("dbf", "shp", "shx")] + [upload("b.kml")]
    browser_of("aigul").post(NEW, question(lines=sent))
    screening = Screening.objects.get()
    stored = [files.folder_of(screening.uid) / path for path in screening.options["lines"]]
    assert [path.name for path in stored] == ["line.shp", "b.kml"]
    assert {path.suffix for path in stored[0].parent.iterdir()} == {".shp", ".shx", ".dbf"}


def test_more_than_the_limit_is_refused_before_it_is_read(browser_of, settings):
    settings.UPLOAD_MOST_BYTES = 1_000_000
    large = SimpleUploadedFile("line.geojson", b" " * 6_000_000)
    answer = browser_of("aigul").post(NEW, question(lines=large))
    assert answer.status_code == 413
    assert "larger than 1 MB" in answer.content.decode()
    assert not Screening.objects.exists()


def test_a_length_that_is_said_to_be_two_gigabytes_is_refused_unread(browser_of):
    answer = browser_of("aigul").post(
        NEW, b"", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=str(2 * 10**9)
    )
    assert answer.status_code == 413
