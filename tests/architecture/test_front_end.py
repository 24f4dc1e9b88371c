"""What the pages load in a browser is named exactly, hashed, and of no address."""

import json
import re
from pathlib import Path

import pytest

from front_end import FILES, FRONT_END, LICENCES, VENDOR, differences, recorded

LOCK = FRONT_END / "package-lock.json"
PACKAGES = {
    where.removeprefix("node_modules/"): package
    for where, package in json.loads(LOCK.read_text())["packages"].items()
    if where
}
STRONG = re.compile(r"\bA?GPL|SSPL|CC-BY-NC", re.IGNORECASE)


def test_the_lock_of_the_pages_names_no_address():
    text = LOCK.read_text()
    assert "resolved" not in text
    assert "://" not in text


def test_every_package_of_the_pages_has_a_hash():
    assert PACKAGES
    without = [
        name
        for name, package in PACKAGES.items()
        if not package.get("integrity", "").startswith("sha512-")
    ]
    assert without == []


def test_the_packages_we_name_are_each_one_version_and_locked_at_it():
    named = json.loads((FRONT_END / "package.json").read_text())["dependencies"]
    assert named == {name: PACKAGES[name]["version"] for name in named}


def test_no_package_of_the_pages_is_under_a_strong_copyleft():
    said = {name: package.get("license", "none told") for name, package in PACKAGES.items()}
    assert {name: told for name, told in said.items() if STRONG.search(told)} == {}
    assert "none told" not in said.values()


def test_every_file_of_the_pages_is_recorded_with_its_hash():
    assert recorded().keys() == {*FILES, LICENCES}


def test_the_files_in_place_are_the_recorded_ones():
    if not VENDOR.exists():
        pytest.skip("the pages' packages are not here; `make front` fetches them")
    assert differences(VENDOR, recorded()) == []


def test_what_the_pages_load_fetches_nothing_from_elsewhere_by_import():
    if not VENDOR.exists():
        pytest.skip("the pages' packages are not here; `make front` fetches them")
    bare = re.compile(rb"""(?:from|import)\s*["'](?!\.{1,2}/)[\w@][^"']{0,60}["']""")
    found = {
        name: bare.findall((VENDOR / name).read_bytes())
        for name in FILES
        if name.endswith(("terra-draw.js", "adapter.js", "htmx.js"))
    }
    assert found
    assert not any(found.values()), found


def test_the_styles_name_only_fonts_that_are_there():
    styles = Path(VENDOR).parent / "kulan" / "fonts.css"
    named = set(re.findall(r'url\("\.\./vendor/([^"]+)"\)', styles.read_text()))
    assert named == {name for name in FILES if name.startswith("fonts/")}
