"""Files and folders that appear whole or not at all."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kulan.errors import OutputDeniedError, OutputExistsError


def check_writable(path: Path) -> None:
    """Refuse a place where nothing could be put, before any work is done.

    Parameters
    ----------
    path
        File or folder that shall appear; neither it nor its parents need exist.

    Raises
    ------
    OutputDeniedError
        If a file stands where a folder is needed, or the folder it would lie in is not writable.
    """
    path = path.absolute()
    # the root of the disk has no parent; it is looked at itself
    nearest = next((parent for parent in path.parents if os.path.lexists(parent)), path)
    if not nearest.is_dir():
        raise OutputDeniedError(
            f"{path}: {nearest} is a file, not a folder. Name another place to write to."
        )
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise OutputDeniedError(
            f"{path}: the folder {nearest} may not be written. Name another place to write to, or "
            "change who may write there."
        )


def write_whole(path: Path, content: bytes) -> None:
    """Write `content` to `path` so that a reader sees the old file or the new one, never half.

    Parameters
    ----------
    path
        File to make or replace; its folder is made when missing.
    content
        Bytes to write.

    Raises
    ------
    OutputDeniedError
        If the place cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> write_whole(folder / "note.txt", b"saiga")
    >>> (folder / "note.txt").read_bytes()
    b'saiga'
    """
    with _naming(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        _fill(path, content, handle, name)


def _fill(path: Path, content: bytes, handle: int, name: str) -> None:
    """Write the temporary file `name` and rename it to `path`; on failure it is gone."""
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp makes files private; what is written here is meant to be read as the umask says
        os.chmod(name, 0o666 & ~_umask())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@contextmanager
def whole_folder(path: Path, *, replace: bool = False) -> Iterator[Path]:
    """Give a temporary folder to fill, and put it at `path` only when the block ends well.

    Parameters
    ----------
    path
        Where the folder shall appear.
    replace
        Whether a folder already there may be replaced. Only a folder Kulan could have made is
        replaced: the caller decides that before asking for it.

    Yields
    ------
    Path
        The temporary folder, beside `path` so that the final step is one rename.

    Raises
    ------
    OutputExistsError
        If something stands at `path` and `replace` is false, or `path` is a file; also when
        somebody else put it there in the meantime.
    OutputDeniedError
        If the place cannot be written.
    """
    path = path.absolute()
    _check_free(path, replace=replace)
    with _naming(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}."))
    try:
        yield work
        _check_free(path, replace=replace)
        with _naming(path):
            os.chmod(work, 0o777 & ~_umask())
            _put_in_place(work, path)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _check_free(path: Path, *, replace: bool) -> None:
    if path.is_file() or (path.exists() and any(path.iterdir()) and not replace):
        raise OutputExistsError(
            f"{path}: something is already there. Name another folder, or allow it to be replaced "
            "with --replace."
        )


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Turn what the system says of a place into a refusal that names it."""
    try:
        yield
    except OSError as problem:
        raise OutputDeniedError(
            f"{path}: cannot be written ({problem.strerror or problem}). Name another place to "
            "write to, or see who may write there and how much room the disk has."
        ) from problem


def _put_in_place(work: Path, path: Path) -> None:
    """Rename `work` to `path`; what stood there is moved aside, and brought back on failure."""
    if not path.exists():
        os.rename(work, path)
        return
    aside = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}.old."))
    os.rename(path, aside / "old")
    try:
        os.rename(work, path)
    except BaseException:
        os.rename(aside / "old", path)
        raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _umask() -> int:
    """Return the process's file mode mask (there is no way to read it but to set it)."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
