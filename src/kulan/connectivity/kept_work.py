"""Finished pieces of a long run, kept on disk so that a run that was stopped goes on from there."""

import io
import zipfile
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import metadata, resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kulan.errors import InvalidFileError
from kulan.outputs import write_whole
from kulan.provenance import hash_bytes

Array = NDArray[Any]
# whose next version may give other last digits
_LIBRARIES = ("numpy", "scipy", "numba", "pyamg")


def digest_of(*parts: object) -> str:
    """Name a piece of work by all that its answer depends on, the program that finds it included.

    Parameters
    ----------
    parts
        Arrays, None, numbers, texts, and whatever else says in its `repr` what it is.
    """
    told = [_told(part) for part in parts]
    return hash_bytes("\n".join([program(), *told]).encode())


@cache
def program() -> str:
    """Name the program that finds answers, by its sources and the libraries they rest on.

    A version number alone would not do: it stands still while the code is worked on.
    """
    told = [
        f"{source.name} {hash_bytes(source.read_bytes())}"
        for source in _sources(resources.files("kulan.connectivity"))
    ]
    told += [f"{name} {_version_of(name)}" for name in _LIBRARIES]
    return hash_bytes("\n".join(told).encode())


def _version_of(library: str) -> str:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return "not installed"


def _sources(folder: Traversable) -> Iterator[Traversable]:
    for one in sorted(folder.iterdir(), key=lambda one: one.name):
        if one.is_dir():
            yield from _sources(one)
        elif one.name.endswith((".py", ".cu")):
            yield one


def _told(part: object) -> str:
    if not isinstance(part, np.ndarray):
        return repr(part)
    return f"{part.dtype.str}{part.shape}{hash_bytes(np.ascontiguousarray(part).data)}"


def keep(folder: Path, name: str, piece: Mapping[str, Array]) -> None:
    """Write a finished piece of work, whole or not at all.

    Parameters
    ----------
    folder
        Where pieces are kept.
    name
        Its digest.
    piece
        Its arrays; texts are arrays too.
    """
    content = io.BytesIO()
    np.savez(content, allow_pickle=False, **dict(piece))
    write_whole(folder / f"{name}.npz", content.getvalue())


def recall(folder: Path, name: str) -> dict[str, Array] | None:
    """Return a piece that was kept, or None where there is none.

    Parameters
    ----------
    folder
        Where pieces are kept.
    name
        Its digest.

    Raises
    ------
    InvalidFileError
        If it cannot be read.
    """
    path = folder / f"{name}.npz"
    if not path.is_file():
        return None
    try:
        with np.load(path, allow_pickle=False) as kept:
            return {key: kept[key] for key in kept.files}
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise unreadable(path, error) from error


def unreadable(path: Path, error: object) -> InvalidFileError:
    """Return what to say of a kept piece that cannot be read, and why."""
    return InvalidFileError(
        f"{path.name}: a kept piece cannot be read ({error}). Delete it, and it is solved anew."
    )


def keep_grid(folder: Path, name: str, grid: NDArray[np.float64]) -> None:
    """Write a grid so that `recall_grid` can read it in place.

    Parameters
    ----------
    folder
        Where pieces are kept.
    name
        Its digest.
    grid
        Float64.
    """
    content = io.BytesIO()
    np.save(content, grid, allow_pickle=False)
    write_whole(folder / f"{name}.npy", content.getvalue())


def has_grid(folder: Path, name: str) -> bool:
    """Whether a grid of that name is kept in a folder."""
    return (folder / f"{name}.npy").is_file()


def recall_grid(folder: Path, name: str) -> NDArray[np.float64]:
    """Return a grid that was kept, as a map of its file: what is not looked at takes no memory.

    Parameters
    ----------
    folder
        Where pieces are kept.
    name
        Its digest.

    Raises
    ------
    InvalidFileError
        If it cannot be read, or is not seen from here.
    """
    path = folder / f"{name}.npy"
    if not has_grid(folder, name):
        raise InvalidFileError(
            f"{path.name}: a worker kept it in {folder}, where this process does not find it. Let "
            "`kept_in` be a folder that all workers and this process share."
        )
    try:
        # "c" leaves the file alone whatever becomes of the array, which kernels want writable
        return np.asarray(np.load(path, mmap_mode="c", allow_pickle=False))
    except (OSError, EOFError, ValueError) as error:
        raise unreadable(path, error) from error
