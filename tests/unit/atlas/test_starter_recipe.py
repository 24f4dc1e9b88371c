"""The recipe that fetches the packages: it takes nothing that is not what it means."""

import hashlib
import importlib.util
import io
import lzma
import tarfile
import zipfile
from pathlib import Path

import pytest

RECIPES = Path(__file__).resolve().parents[3] / "recipes"


@pytest.fixture(scope="module")
def recipe():
    if not RECIPES.is_dir():
        pytest.skip("recipes/ is in the checkout only")
    spec = importlib.util.spec_from_file_location("starter_sources", RECIPES / "starter_sources.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def make_package(recipe, cache, file_name, content, sha256=None):
    (cache / file_name).write_bytes(content)
    return recipe.Package(
        registry="PyPI",
        name="example",
        version="1",
        file_name=file_name,
        sha256=sha256 or hashlib.sha256(content).hexdigest(),
        package_licence="CC0-1.0",
    )


def tar_bytes(mode=""):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=f"w:{mode}") as archive:
        member = tarfile.TarInfo("folder/note.txt")
        member.size = 5
        archive.addfile(member, io.BytesIO(b"saiga"))
    return buffer.getvalue()


def ar_bytes(members):
    content = b"!<arch>\n"
    for name, body in members:
        heading = f"{name + '/':<16}{0:<12}{0:<6}{0:<6}{100644:<8}{len(body):<10}`\n"
        content += heading.encode() + body + (b"\n" if len(body) % 2 else b"")
    return content


def test_a_package_that_is_not_the_one_meant_is_refused(recipe, tmp_path):
    package = make_package(recipe, tmp_path, "example-1.tgz", b"other", sha256="0" * 64)
    with pytest.raises(SystemExit, match=r"SHA-256 is .* expected 0000"):
        recipe.fetch(package, tmp_path)


def test_a_fetched_package_is_not_fetched_again(recipe, tmp_path, monkeypatch):
    package = make_package(recipe, tmp_path, "example-1.tgz", b"content")
    monkeypatch.setattr(recipe, "_CLIENTS", {})
    assert recipe.fetch(package, tmp_path).read_bytes() == b"content"


def test_a_client_that_fetches_another_file_is_noticed(recipe, tmp_path, monkeypatch):
    package = make_package(recipe, tmp_path, "example-1.tgz", b"content")
    (tmp_path / "example-1.tgz").rename(tmp_path / "example-2.tgz")
    monkeypatch.setattr(recipe, "_CLIENTS", {"PyPI": lambda *_: None})
    with pytest.raises(SystemExit, match=r"expected example-1\.tgz .*found example-2\.tgz"):
        recipe.fetch(package, tmp_path)


def test_wheels_tarballs_and_debian_packages_are_unpacked(recipe, tmp_path):
    wheel = io.BytesIO()
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("folder/note.txt", "saiga")
    deb = ar_bytes(
        [
            ("debian-binary", b"2.0\n"),
            ("control.tar.xz", b"odd"),
            ("data.tar.xz", lzma.compress(tar_bytes())),
        ]
    )
    contents = {"a.whl": wheel.getvalue(), "a.tgz": tar_bytes("gz"), "a.deb": deb}
    for file_name, content in contents.items():
        package = make_package(recipe, tmp_path, file_name, content)
        folder = recipe.unpack(package, tmp_path, tmp_path / file_name.replace(".", "_"))
        assert (folder / "folder" / "note.txt").read_text() == "saiga"


def test_every_package_is_asked_for_by_exact_version_and_hash(recipe):
    for package in recipe.PACKAGES:
        assert package.registry in recipe._CLIENTS
        assert package.version in package.file_name
        assert len(package.sha256) == 64
