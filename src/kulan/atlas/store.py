"""The folder of the Atlas: files named after the hash of their content, and lists of them.

``atlas/objects/ab/abcd….tif`` hold layers, ``atlas/releases/<id>.json`` list them and
``atlas/current`` names the release in use. Files are written whole, lists after the files they
name, `current` last: a build that is killed leaves what stood before, and two builds at once do no
harm to each other.
"""

import json
from pathlib import Path

from kulan.atlas.layers import Manifest
from kulan.outputs import write_whole
from kulan.provenance import canonical_json, hash_bytes


def atlas_folder(state: Path) -> Path:
    """Return the Atlas's folder inside a state folder."""
    return state / "atlas"


def object_path(state: Path, sha256: str, extension: str) -> Path:
    """Return where the file lies whose content has the hash `sha256`, by its `extension`."""
    return atlas_folder(state) / "objects" / sha256[:2] / f"{sha256}.{extension}"


def holds_object(state: Path, sha256: str, extension: str) -> bool:
    """Whether the file is there and still has the content that its name, `sha256`, promises."""
    path = object_path(state, sha256, extension)
    return path.is_file() and hash_bytes(path.read_bytes()) == sha256


def put_object(state: Path, content: bytes, extension: str) -> str:
    """Store `content` under its hash in `state`, with its `extension`; return the hash.

    A spoiled file of that name is replaced.
    """
    sha256 = hash_bytes(content)
    if not holds_object(state, sha256, extension):
        write_whole(object_path(state, sha256, extension), content)
    return sha256


def manifest_path(state: Path, release_id: str) -> Path:
    """Return where the list of a release's layers lies."""
    return atlas_folder(state) / "releases" / f"{release_id}.json"


def put_release(state: Path, manifest: Manifest) -> str:
    """Store a release and make it the one in use; return its id."""
    release_id = manifest.release_id
    content = manifest.to_bytes()
    path = manifest_path(state, release_id)
    if not path.is_file() or path.read_bytes() != content:
        write_whole(path, content)
    if current_id(state) != release_id:
        write_whole(atlas_folder(state) / "current", f"{release_id}\n".encode())
    return release_id


def current_id(state: Path) -> str | None:
    """Return the id of the release in use, or None when there is none."""
    path = atlas_folder(state) / "current"
    return path.read_text(encoding="utf-8").strip() if path.is_file() else None


def read_made(state: Path) -> dict[str, str]:
    """Return which recipe made which file; an unreadable list is empty, and costs a rebuild."""
    try:
        made = json.loads((atlas_folder(state) / "made.json").read_bytes())
    except (FileNotFoundError, ValueError):
        return {}
    return {str(key): str(value) for key, value in made.items()} if isinstance(made, dict) else {}


def write_made(state: Path, made: dict[str, str]) -> None:
    """Add to the list of which recipe made which file."""
    before = read_made(state)
    if before | made != before:
        write_whole(atlas_folder(state) / "made.json", canonical_json(before | made))
