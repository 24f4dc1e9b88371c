"""Scripts, styles and fonts as browsers get them: straight from the package, and compressed."""

import gzip
import hashlib
from pathlib import Path
from typing import Any
from wsgiref.headers import Headers

from django.conf import settings
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile

from kulan.outputs import write_whole

_WORTH_IT = (".css", ".js", ".mjs", ".svg", ".txt", ".json")  # fonts are compressed already


class CompressedStatic(WhiteNoiseMiddleware):
    """Serves the static files of the package, compressed for browsers that can read that.

    A package is often installed where the server may not write, so the compressed files lie in the
    state folder, under ``cache/static``: made when a server first starts, and again whenever a file
    has changed.
    """

    def get_static_file(self, path: str, url: str, stat_cache: Any = None) -> StaticFile:
        """Return what answers requests of one file."""
        headers = Headers([])
        self.add_mime_headers(headers, path, url)
        self.add_cache_headers(headers, path, url)
        encodings = {}
        if Path(path).suffix in _WORTH_IT:
            compressed = compressed_file(Path(path), Path(settings.STATE) / "cache" / "static")
            encodings["gzip"] = str(compressed)
        return StaticFile(path, headers.items(), encodings=encodings)


def compressed_file(path: Path, folder: Path) -> Path:
    """Return the compressed twin of a file, made where it is not there yet.

    Its name says which file it is of and when that was written: two servers that start together
    write the same bytes under the same name, and an old twin is never taken for a new one.

    Parameters
    ----------
    path
        The file.
    folder
        Where twins lie; made where it is not there.
    """
    about = path.stat()
    mark = f"{path}:{about.st_size}:{about.st_mtime_ns}"
    twin = folder / f"{path.name}.{hashlib.sha256(mark.encode()).hexdigest()[:20]}.gz"
    if not twin.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(twin, gzip.compress(path.read_bytes(), compresslevel=9, mtime=0))
    return twin
