"""A view of the map is printed as its reader sees it."""

import json

import pytest

from builders_of_the_web import make_layer, make_point, make_version
from kulan.atlas import build_starter
from kulan.web.atlas.printing import _features, read_view


@pytest.fixture
def starter(settings):
    build_starter(settings.STATE)


def asked(**more):
    view = {"bounds": [95, 40, 110, 50], "layers": [{"id": "dens", "opacity": 0.8}]}
    return json.dumps(view | more)


@pytest.mark.parametrize("who", ["nobody", "bat"])
@pytest.mark.parametrize("paper", [("A4", "landscape"), ("A3", "portrait")])
@pytest.mark.usefixtures("starter")
def test_a_view_becomes_a_pdf(people, browser_of, who, paper):
    version = make_version(make_layer(owner=people["aigul"], theme="incidents"))
    make_point(version, default_level=3, iso3="MNG", properties={"kind": "poaching"})
    form = {
        "view": asked(title="Мои находки <b>#strong</b>"),
        "page": paper[0],
        "orientation": paper[1],
    }

    answer = browser_of(who).post("/atlas/print", form)

    assert answer.status_code == 200, answer.content[:300]
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")


def test_a_printed_den_is_where_the_reader_may_see_it(people, viewer):
    version = make_version(make_layer(owner=people["aigul"]))
    make_point(version, 103.1234567, 44.7654321, default_level=3, iso3="MNG")
    view = read_view(asked())

    public, state = (_features(version, view, viewer(who)) for who in ("nobody", "bat"))

    assert (public.geometry.x[0], public.geometry.y[0]) == (103.15, 44.75)
    assert (state.geometry.x[0], state.geometry.y[0]) == (103.1234567, 44.7654321)


@pytest.mark.parametrize(
    "view",
    ["", "{}", "[]", asked(bounds=[110, 40, 95, 50]), asked(bounds=[0, 0, 1e9, 1]),
     asked(drawings=[{"geometry": {"type": "Nothing"}}]), asked(drawings=[{}] * 201),
     asked(drawings=[{"geometry": {"type": "Point", "coordinates": [66, 48]},
                      "properties": ["name"]}])],
)  # fmt: skip
@pytest.mark.usefixtures("starter")
def test_what_is_no_view_is_refused_with_a_reason(browser_of, view):
    answer = browser_of("nobody").post("/atlas/print", {"view": view})
    assert answer.status_code in (413, 422), answer.status_code
