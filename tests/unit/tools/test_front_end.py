"""The pages' packages are put in place whole and right, or not at all."""

import json

import pytest

import front_end
from front_end import FrontEndError, as_shipped, collect, differences, put_in_place, sha256


@pytest.fixture
def modules(tmp_path):
    """Node's folder of packages, with small stand-ins for the published files."""
    folder = tmp_path / "work" / "node_modules"
    for source in front_end.FILES.values():
        path = folder / source
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b'import{A}from"terra-draw";\n//# sourceMappingURL=x.js.map\n')
    (folder / "htmx.org" / "LICENSE").write_text("Do as you like.")
    packages = {
        "": {"name": "us"},
        "node_modules/htmx.org": {"version": "4.0.1", "license": "0BSD"},
        "node_modules/terra-draw": {"version": "1.35.0", "license": "MIT"},
        "node_modules/@types/geojson": {"version": "1.0.0", "license": "MIT"},
    }
    (folder.parent / "package-lock.json").write_text(json.dumps({"packages": packages}))
    return folder


@pytest.fixture
def shipped(modules, tmp_path):
    collect(modules, tmp_path / "new")
    return tmp_path / "new"


def hashes(folder):
    return {
        path.relative_to(folder).as_posix(): sha256(path)
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_adapter_finds_the_drawing_library_beside_it(shipped):
    adapter = (shipped / "terra-draw" / "terra-draw-maplibre-gl-adapter.js").read_text()
    assert adapter == 'import{A}from"./terra-draw.js";\n'


def test_an_adapter_that_imports_another_way_is_refused():
    with pytest.raises(FrontEndError, match=r"adapter\.js does not hold"):
        as_shipped("terra-draw/terra-draw-maplibre-gl-adapter.js", b'import"elsewhere"')


def test_no_script_points_at_a_source_map_that_is_not_shipped(shipped):
    assert b"sourceMappingURL" not in (shipped / "maplibre-gl" / "maplibre-gl.mjs").read_bytes()


def test_a_font_is_shipped_byte_for_byte(modules, shipped):
    name = "fonts/noto-sans-latin.woff2"
    assert (shipped / name).read_bytes() == (modules / front_end.FILES[name]).read_bytes()


def test_a_package_that_lost_a_file_is_refused(modules, tmp_path):
    (modules / front_end.FILES["htmx/htmx.js"]).unlink()
    with pytest.raises(FrontEndError, match=r"htmx\.esm\.min\.js"):
        collect(modules, tmp_path / "new")


def test_licences_are_gathered_and_their_absence_is_told(shipped):
    text = (shipped / "LICENCES.txt").read_text()
    assert "htmx.org 4.0.1: 0BSD\n\nDo as you like." in text
    assert "terra-draw 1.35.0: MIT\n\n(the package names its licence" in text
    assert "@types" not in text


def test_a_folder_that_is_right_has_no_differences(shipped):
    assert differences(shipped, hashes(shipped)) == []


def test_every_way_to_differ_is_told_by_file(shipped):
    wanted = hashes(shipped)
    (shipped / "htmx" / "htmx.js").write_text("other")
    (shipped / "LICENCES.txt").unlink()
    (shipped / "stray.js").write_text("")

    said = differences(shipped, wanted)

    assert [line.split(":")[0] for line in said] == ["LICENCES.txt", "htmx/htmx.js", "stray.js"]
    assert "missing" in said[0]
    assert wanted["htmx/htmx.js"] in said[1]
    assert "not in files.sha256" in said[2]


def test_packages_that_are_not_the_recorded_ones_are_not_put_in_place(
    shipped, tmp_path, monkeypatch
):
    place = tmp_path / "place"
    monkeypatch.setattr(front_end, "VENDOR", place)
    monkeypatch.setattr(front_end, "install", lambda _work: shipped)
    with pytest.raises(FrontEndError, match="nothing was put"):
        front_end.fetch(tmp_path)
    assert not place.exists()


def test_old_files_do_not_outlive_new_ones(shipped, tmp_path):
    place = tmp_path / "static" / "vendor"
    place.mkdir(parents=True)
    (place / "old.js").write_text("")
    wanted = hashes(shipped)

    put_in_place(shipped, place)

    assert differences(place, wanted) == []


def test_a_link_is_replaced_and_what_it_led_to_is_left_alone(shipped, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kept.js").write_text("")
    place = tmp_path / "vendor"
    place.symlink_to(elsewhere)

    put_in_place(shipped, place)

    assert not place.is_symlink()
    assert (elsewhere / "kept.js").exists()
