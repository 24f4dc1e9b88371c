"""Layers brought over REST: a draft begun, its file sent and read; people describe and release it.

Review is a second person's, on the pages: no token releases anything.
"""

from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest
from ninja import File, Form, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import ConfigDict, Field

from kulan.web.api.doors import Door
from kulan.web.api.populations import check_form
from kulan.web.api.record_shapes import Language
from kulan.web.api.scopes import Scope
from kulan.web.api.shapes import gives
from kulan.web.catalogue import actions
from kulan.web.catalogue.checks import in_words
from kulan.web.catalogue.forms import NewLayerForm, UploadForm
from kulan.web.catalogue.intake import Asked
from kulan.web.catalogue.models import LayerVersion
from kulan.web.catalogue.receiving import uploaded
from kulan.web.ogc.parameters import check_known
from kulan.web.policy import bringing as rules
from kulan.web.policy import visible_versions

router = Router(tags=["bringing layers"])
BRINGER = Door(Scope.UPLOAD, own=True)
Number = Annotated[int, Field(ge=1, le=2**31 - 1)]


class Begun(Schema):
    """A new layer: its short name for ever, its theme, what it is called in which language."""

    model_config = ConfigDict(extra="forbid")
    layer_id: str
    theme: str
    title: Annotated[str, Field(max_length=200)]
    language: Language = "en"


class SentFile(Schema):
    """What the file does not say itself."""

    crs: str = Field("", description="Only if the file does not name its own: EPSG:32642.")
    layer: str = Field("", description="Only if the file holds several.")
    swap_axes: bool = Field(False, description="Latitude stands first in it.")


class Reading(Schema):
    """The job that reads a file into a draft."""

    state: Literal["queued", "running", "done", "failed", "cancelled"]
    done: int
    total: int
    doing: str
    refusal: str


class Found(Schema):
    """One thing that the checks found."""

    grade: str
    text: str


class Draft(Schema):
    """A version on its way, for those who may change it."""

    layer_id: str
    version: int
    state: str
    file_name: str
    feature_count: int
    job: Reading | None
    checks: list[Found]


@router.post("", response=gives(Draft, 201, changes=True), auth=BRINGER, url_name="begin_layer")
def begin(request: HttpRequest, told: Begun) -> Any:
    """Begin a layer; its first version is a draft without a file."""
    check_known(request.GET, ())
    rules.check_may_bring(request.viewer)  # type: ignore[attr-defined]
    form = NewLayerForm(told.model_dump())
    check_form(form)
    said = form.cleaned_data
    title = {told.language: said["title"]}
    version = actions.begin_layer(said["layer_id"], said["theme"], title, by=request.user)  # type: ignore[arg-type]
    return Status(201, _told(request, version))


@router.post(
    "/{layer_id}",
    response=gives(Draft, 201, changes=True),
    auth=BRINGER,
    url_name="begin_version",
)
def begin_version(request: HttpRequest, layer_id: str) -> Any:
    """Begin the next version of a layer, with the description of the last."""
    check_known(request.GET, ())
    found = visible_versions(request.viewer).filter(layer__layer_id=layer_id)  # type: ignore[attr-defined]
    last = found.order_by("-number").first()
    if last is None:
        raise Http404
    version = actions.begin_version(last.layer, by=request.user)  # type: ignore[arg-type]
    return Status(201, _told(request, version))


@router.get("/{layer_id}/{number}", response=gives(Draft), auth=BRINGER, url_name="draft")
def draft(request: HttpRequest, layer_id: str, number: Number) -> Any:
    """Tell how far a version is that you may change: the reading of its file, what was found."""
    check_known(request.GET, ())
    return _told(request, _mine(request, layer_id, number))


@router.post(
    "/{layer_id}/{number}/file",
    response=gives(Draft, 202, changes=True),
    auth=BRINGER,
    url_name="send_file",
)
def send_file(
    request: HttpRequest,
    layer_id: str,
    number: Number,
    asked: Form[SentFile],
    file: File[UploadedFile],
) -> Any:
    """Send the file of a draft; ask for the version until the job that reads it has ended."""
    del file  # declared here, checked below
    check_known(request.GET, ())
    version = _mine(request, layer_id, number)
    sent = uploaded(request)
    form = UploadForm(asked.model_dump(), request.FILES)
    check_form(form)
    told = form.cleaned_data
    said = Asked(told["crs"], told["layer"], told["swap_axes"])
    actions.upload(version, sent, said, by=request.user)  # type: ignore[arg-type]
    return Status(202, _told(request, version))


def _mine(request: HttpRequest, layer_id: str, number: int) -> LayerVersion:
    found = visible_versions(request.viewer).filter(layer__layer_id=layer_id, number=number)  # type: ignore[attr-defined]
    version: LayerVersion | None = found.select_related("layer").first()
    if version is None or not rules.may_change(request.viewer, version):  # type: ignore[attr-defined]
        raise Http404
    return version


def _told(request: HttpRequest, version: LayerVersion) -> dict[str, Any]:
    words, job = request.words, actions.job_of(version)  # type: ignore[attr-defined]
    return {
        "layer_id": version.layer.layer_id,
        "version": version.number,
        "state": version.state,
        "file_name": version.file_name,
        "feature_count": version.feature_count,
        "job": job and job.summary(words),
        "checks": [{"grade": one["grade"], "text": in_words(one, words)} for one in version.checks],
    }
