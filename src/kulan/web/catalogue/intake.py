"""From an uploaded file to a version's features: all or nothing, and the same if run again."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from kulan.atlas.store import object_path, put_object
from kulan.errors import InvalidFileError, NotAllowedNowError
from kulan.exchange.features import read_features
from kulan.provenance import hash_file
from kulan.web.catalogue import checks as checking
from kulan.web.catalogue.columns import as_stored, carried_over
from kulan.web.catalogue.materialise import prepare, store
from kulan.web.catalogue.models import LayerVersion, Rendition
from kulan.web.catalogue.rasters import read_raster
from kulan.web.catalogue.receiving import RASTERS, forget, kept_file
from kulan.web.catalogue.states import is_frozen
from kulan.web.catalogue.themes import Kind, State
from kulan.web.events.record import record
from kulan.web.jobs.models import Job, JobGoneError
from kulan.web.jobs.queue import work

UPLOAD = "layer_upload"
_SHAPES = ("point", "line", "polygon")
_MOST_LOSSES = 200
_DATA_FIELDS = (
    *("kind", "columns", "checks", "losses", "feature_count", "bounds", "resolution_m", "recipe"),
    *("file_name", "file_sha256", "file_extension", "file_bytes"),
)


@dataclass(frozen=True)
class Asked:
    """What whoever brings a file says of it.

    Attributes
    ----------
    crs
        CRS of a file that does not name its own.
    layer
        Layer to read, of a file that has several.
    swap_axes
        Whether latitude stands first in it.
    """

    crs: str = ""
    layer: str = ""
    swap_axes: bool = False


@work(UPLOAD)
def take_in(job: Job) -> dict[str, Any]:
    """Read the file of a job into its version; called by a worker, safe to begin again."""
    payload = job.payload
    version = LayerVersion.objects.select_related("layer").get(uid=payload["version"])
    done = {"version": str(version.uid)}
    if version.recipe.get("job") == str(job.uid):
        return done  # a worker was stopped after the work, before it could say so
    asked = Asked(**payload["asked"])
    if not payload["place"]:
        read_into(version, file_of(version), asked, job=job, anew=True)
        return done
    try:
        read_into(version, kept_file(payload["place"]), asked, job=job)
    except JobGoneError:
        raise  # another worker reads the file now
    except Exception:
        forget(payload["place"])
        raise
    forget(payload["place"])  # a worker that is stopped before this leaves it to the next
    return done


def file_of(version: LayerVersion) -> Path:
    """Return where the file that was uploaded for a version lies.

    Raises
    ------
    InvalidFileError
        If it is not there.
    """
    path = object_path(Path(settings.STATE), version.file_sha256, version.file_extension)
    if not version.file_sha256 or not path.is_file():
        raise InvalidFileError(f"{version}: its file is not there. Upload it again.")
    return path


def read_into(
    version: LayerVersion,
    path: Path,
    asked: Asked,
    *,
    job: Job | None = None,
    anew: bool = False,
) -> None:
    """Put a file's content in place of what a draft holds.

    Parameters
    ----------
    version
        The draft.
    path, asked
        The file, and what is said of it.
    job
        Told how far it is.
    anew
        Whether it is the version's own file, which may be read again while it is in review.

    Raises
    ------
    NotAllowedNowError
        If the version is no draft any more.
    KulanError
        Whatever `kulan.exchange` refuses in the file; nothing has changed then.
    """
    _check_is_draft(version, anew=anew)
    tell = job.tell if job else None
    if tell:
        tell(0, 0, "reading")
    checking.check_archive(path)
    if path.suffix.lower() in RASTERS:
        _take_raster(version, path, job)
    else:
        _take_features(version, path, asked, job, anew=anew)


def _check_is_draft(version: LayerVersion, *, anew: bool) -> None:
    state = LayerVersion.objects.values_list("state", flat=True).get(pk=version.pk)
    if is_frozen(state) or (state == State.IN_REVIEW and not anew):
        raise NotAllowedNowError(
            f"The version is {state}; its data change no more. Make a new version first."
        )


def _take_features(
    version: LayerVersion, path: Path, asked: Asked, job: Job | None, *, anew: bool
) -> None:
    reading = read_features(
        path,
        layer=asked.layer or None,
        crs=asked.crs or None,
        shapes=_SHAPES,
        swap_axes=asked.swap_axes,
    )
    frame = reading.features.drop(columns="source_row")
    names = [str(name) for name in frame.columns if name != frame.geometry.name]
    columns = carried_over(names, version.columns)
    content, sha256 = path.read_bytes(), hash_file(path)
    ending = path.suffix.lower().lstrip(".")
    losses = reading.loss_report().head(_MOST_LOSSES)
    # all that takes long is done before the database is asked to wait
    prepared = prepare(version, frame, columns, tell=job.tell if job else None)
    with transaction.atomic():
        if job:
            job.check_mine()
        version = _locked(version)
        _check_is_draft(version, anew=anew)
        store(version, prepared)
        version.kind = Kind.VECTOR
        version.columns = as_stored(columns)
        version.checks = checking.of_features(reading, columns, prepared.unread)
        version.losses = [
            {"kind": row["kind"], "what": row["what"], "detail": row["detail"], "n": int(row["n"])}
            for row in losses.to_dict("records")
        ]
        put_object(Path(settings.STATE), content, ending)
        _finish(version, path, sha256, ending, asked, job)


def _take_raster(version: LayerVersion, path: Path, job: Job | None) -> None:
    raster = read_raster(path)
    with transaction.atomic():
        if job:
            job.check_mine()
        version = _locked(version)
        _check_is_draft(version, anew=False)
        Rendition.objects.filter(version=version).delete()
        version.kind = Kind.RASTER
        version.columns = {}
        version.checks = checking.of_raster(raster.n_cells, raster.n_empty, raster.resolution_m)
        version.losses = []
        version.feature_count = 0
        version.bounds = list(raster.bounds)
        version.resolution_m = raster.resolution_m
        sha256 = put_object(Path(settings.STATE), raster.content, "tif")
        _finish(version, path, sha256, "tif", Asked(), job)


def _locked(version: LayerVersion) -> LayerVersion:
    found = LayerVersion.objects.select_for_update().get(pk=version.pk)
    found.layer = version.layer
    return found


def _finish(
    version: LayerVersion, path: Path, sha256: str, ending: str, asked: Asked, job: Job | None
) -> None:
    if path.stem != version.file_sha256:
        version.file_name = path.name[:200]
    version.file_sha256 = sha256
    version.file_extension = ending[:10]
    version.file_bytes = path.stat().st_size
    version.recipe = {
        "method": "upload",
        "asked": asdict(asked),
        "job": str(job.uid) if job else "",
    }
    # its description may be changing meanwhile on another page
    version.save(update_fields=_DATA_FIELDS)
    record("layer_uploaded", version, by=job.by if job else None, sha256=sha256)
