"""Answers of several commands become one report, and what is no answer is refused."""

import json
import re
import struct
import zlib

import pytest
from click.testing import CliRunner

from kulan.cli import kulan
from kulan.errors import InvalidFileError, OutputExistsError


def png(width, height):
    """A black picture, made by hand."""

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    rows = (b"\x00" + b"\x00" * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def answer(folder, method, numbers, *, notes=(), pictures=()):
    folder.mkdir()
    recipe = {
        "method": method,
        "version": "0.1.0",
        "inputs": [{"name": "<b>herd</b>.csv", "sha256": "a" * 64, "note": ""}],
        "parameters": {"distance_m": 300.0},
        "source": "Somebody (2020).",
    }
    result = {
        "method": method,
        "numbers": numbers,
        "notes": list(notes),
        "recipe": recipe,
        "recipe_sha256": f"{abs(hash(folder.name)):064x}"[-64:],
        "files": list(pictures),
    }
    for name in pictures:
        (folder / name).write_bytes(png(40, 20))
    (folder / "result.json").write_text(json.dumps(result), encoding="utf-8")
    return folder


@pytest.fixture
def folders(tmp_path):
    limits = {"low": 0.0, "estimate": 0.05, "high": 0.137, "level": 0.95}
    rail = answer(
        tmp_path / "rail",
        "kulan.movement.barriers.permeability.permeability_by",
        {"encounters": 24, "crossing_probability": limits, "brand_new_number_m": 12.0},
        notes=["None of 24 animals crossed.", "Few animals."],
        pictures=["encounters.png"],
    )
    animals = {
        "G1": {"range_resident": True, "area_km2": {"low": 1e3, "estimate": 2e3, "high": 3e3}},
        "G2": {"range_resident": False, "area_km2": {"low": None, "estimate": None, "high": None}},
    }
    herd = answer(tmp_path / "herd", "kulan.movement.ranges.akde.akde", {"animals": animals})
    return rail, herd


def run(*words):
    return CliRunner().invoke(
        kulan, ["movement", "report", *map(str, words)], catch_exceptions=False
    )


def page_of(folders, out, *words):
    run(*folders, "--on", "2024-05-01", "--out", out, *words)
    return re.sub(r"[\u00a0\u202f]", " ", (out / "report.html").read_text(encoding="utf-8"))


def test_every_answer_stands_with_its_limits_and_its_recipe(folders, tmp_path):
    page = page_of(folders, tmp_path / "out", "--title", "Khulan & rail")
    assert "Khulan &amp; rail" in page
    assert "At barriers: rail" in page
    assert "Ranges: herd" in page
    assert "0 to 0.137 (95%)" in page
    assert "brand new number" in page
    assert "Somebody (2020)." in page


def test_cautions_stand_first(folders, tmp_path):
    page = page_of(folders, tmp_path / "out")
    caution = page.index("None of 24 animals crossed.")
    assert caution < page.index("At barriers: rail</h2>" if "rail</h2>" in page else "0.137")


def test_an_animal_without_a_number_has_a_word_instead(folders, tmp_path):
    page = page_of(folders, tmp_path / "out")
    assert "cannot be said" in page
    assert "2,000 km²" in page


def test_pictures_are_inside_and_names_of_files_are_escaped(folders, tmp_path):
    page = page_of(folders, tmp_path / "out")
    assert 'viewBox="0 0 40 20"' in page
    assert "data:image/png;base64," in page
    assert "<b>herd</b>" not in page


def test_the_pdf_is_the_same_for_the_same_answers_and_day(folders, tmp_path):
    run(*folders, "--on", "2024-05-01", "--out", tmp_path / "one")
    run(*folders, "--on", "2024-05-01", "--out", tmp_path / "two")
    one = (tmp_path / "one" / "report.pdf").read_bytes()
    assert one.startswith(b"%PDF-1.7")
    assert one == (tmp_path / "two" / "report.pdf").read_bytes()


@pytest.mark.parametrize(
    ("language", "words"), [("ru", "У преград: rail"), ("fr", "Aux barrières : rail")]
)
def test_it_speaks_the_readers_language(folders, tmp_path, language, words):
    assert words in page_of(folders, tmp_path / "out", "--lang", language)


def test_a_folder_without_an_answer_is_refused(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(InvalidFileError, match=r"no result\.json"):
        run(tmp_path / "empty", "--out", tmp_path / "out")
    (tmp_path / "empty" / "result.json").write_text("{", encoding="utf-8")
    with pytest.raises(InvalidFileError, match="is no JSON"):
        run(tmp_path / "empty", "--out", tmp_path / "out")
    (tmp_path / "empty" / "result.json").write_text("[]", encoding="utf-8")
    with pytest.raises(InvalidFileError, match="lacks method"):
        run(tmp_path / "empty", "--out", tmp_path / "out")


def test_nobodys_files_are_replaced(folders, tmp_path):
    out = tmp_path / "out"
    run(*folders, "--out", out)
    with pytest.raises(OutputExistsError, match="already holds a report"):
        run(*folders, "--out", out)
    run(*folders, "--replace", "--out", out)
    (out / "thesis.docx").write_text("years of work", encoding="utf-8")
    with pytest.raises(OutputExistsError, match="no report of Kulan"):
        run(*folders, "--replace", "--out", out)
    assert (out / "thesis.docx").exists()


def test_the_map_of_tracks_stands_first_and_once(folders, tmp_path):
    clean = answer(
        tmp_path / "cleaned",
        "kulan.movement.cleaning.clean",
        {"fixes": 3},
        pictures=["tracks.png", "cleaning.png"],
    )
    page = page_of([*folders, clean], tmp_path / "out")
    assert page.count("<image") == 3
    glance = page[page.index('id="at-a-glance"') : page.index('id="part-1"')]
    assert glance.count("<image") == 1
    assert "Tracks" in glance


def test_fixes_in_a_folder_are_drawn_in_the_language_of_the_report(tmp_path):
    table = "id,time,lon,lat\n" + "".join(
        f"k,2024-01-0{d}T00:00:00Z,107.{d},45\n" for d in (1, 2, 3)
    )
    (tmp_path / "k.csv").write_text(table)
    read = CliRunner().invoke(
        kulan,
        ["movement", "read", str(tmp_path / "k.csv"), "--crs", "EPSG:4326", "--plot", "--out",
         str(tmp_path / "imported")],
        catch_exceptions=False,
    )  # fmt: skip
    assert read.exit_code == 0, read.output
    page = page_of([tmp_path / "imported"], tmp_path / "ru", "--lang", "ru")
    assert "Пути животных" in page
    assert page.count("<image") == 1
    english = page_of([tmp_path / "imported"], tmp_path / "en")
    figure = re.compile("base64,([A-Za-z0-9+/=]{50,})")
    assert figure.search(page)[1] != figure.search(english)[1]


def test_a_map_needs_a_folder_to_lie_in(tmp_path):
    (tmp_path / "k.csv").write_text("id,time,lon,lat\nk,2024-01-01T00:00:00Z,107,45\n")
    words = [
        "movement",
        "read",
        str(tmp_path / "k.csv"),
        "--plot",
        "--out",
        str(tmp_path / "f.gpkg"),
    ]
    told = CliRunner().invoke(kulan, words)
    assert told.exit_code == 2
    assert "name a folder" in told.output
