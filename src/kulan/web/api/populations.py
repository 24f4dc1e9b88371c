"""Population records over REST: read as one may, and proposed through the actions of the pages."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Query, Router, Status
from ninja.errors import HttpError

from kulan.programme.species import check_species
from kulan.programme.states import range_states
from kulan.web.api import record_shapes as shapes
from kulan.web.api.doors import ANYONE, Door
from kulan.web.api.scopes import Scope
from kulan.web.api.shapes import Page, gives
from kulan.web.ogc.answers import here
from kulan.web.ogc.parameters import check_known
from kulan.web.policy.records import visible_population_versions, visible_populations
from kulan.web.species import actions
from kulan.web.species.forms import PopulationForm
from kulan.web.species.models import PopulationRecord
from kulan.web.species.permissions import check_may_propose_population

router = Router(tags=["population records"])
PROPOSER = Door(Scope.RECORDS, own=True)


@router.get("", response=gives(Page[shapes.Population]), auth=ANYONE, url_name="populations")
def populations(request: HttpRequest, asked: Query[shapes.PopulationsAsked]) -> Any:
    """List the population records in force that you may read."""
    check_known(request.GET, shapes.PopulationsAsked.model_fields)
    found = visible_populations(request.viewer)  # type: ignore[attr-defined]
    if asked.species_id:
        found = found.filter(species_id=asked.species_id)
    if asked.iso3:
        found = found.filter(iso3=asked.iso3)
    if asked.after:
        found = found.filter(uid__gt=asked.after)
    rows = list(found.order_by("uid")[: asked.limit + 1])
    more = here(request, after=str(rows[asked.limit - 1].uid)) if len(rows) > asked.limit else None
    return {"items": rows[: asked.limit], "next": more}


@router.get("/{uuid:uid}", response=gives(shapes.Population), auth=ANYONE, url_name="population")
def population(request: HttpRequest, uid: uuid.UUID) -> Any:
    """Tell of one version: in force or before, or a proposal that is for you to read."""
    check_known(request.GET, ())
    return _found(request, uid)


@router.post(
    "",
    response=gives(shapes.Population, 201, changes=True),
    auth=PROPOSER,
    url_name="propose_population",
)
def propose(request: HttpRequest, told: shapes.ProposedNew) -> Any:
    """Propose a new record; a second person decides on it."""
    check_known(request.GET, ())
    check_species(told.species_id)
    if told.iso3 not in set(range_states()["iso3"]):
        raise HttpError(422, f"iso3: {told.iso3!r} is no range state; see /api/v1/states.")
    viewer = request.viewer  # type: ignore[attr-defined]
    check_may_propose_population(viewer, told.species_id, told.iso3)
    form = PopulationForm(told.model_dump(), viewer=viewer, species_id=told.species_id)
    check_form(form)
    return Status(
        201,
        actions.propose_population(
            viewer, told.species_id, told.iso3, form.content(), reason=form.cleaned_data["reason"]
        ),
    )


@router.post(
    "/{uuid:uid}/changes",
    response=gives(shapes.Population, 201, changes=True),
    auth=PROPOSER,
    url_name="propose_change",
)
def propose_change(request: HttpRequest, uid: uuid.UUID, told: shapes.Proposed) -> Any:
    """Propose that a record in force be changed; a second person decides on it."""
    check_known(request.GET, ())
    version, viewer = _found(request, uid), request.viewer  # type: ignore[attr-defined]
    check_may_propose_population(viewer, version.species_id, version.iso3)
    actions.check_in_force(version)
    form = PopulationForm(
        {**told.model_dump(), "iso3": version.iso3},
        viewer=viewer,
        species_id=version.species_id,
        iso3=version.iso3,
    )
    check_form(form)
    return Status(
        201,
        actions.propose_change(viewer, version, form.content(), reason=form.cleaned_data["reason"]),
    )


def _found(request: HttpRequest, uid: uuid.UUID) -> PopulationRecord:
    version = visible_population_versions(request.viewer).filter(uid=uid).first()  # type: ignore[attr-defined]
    if version is None:
        raise Http404
    found: PopulationRecord = version
    return found


def check_form(form: Any) -> None:
    """Refuse what the form of the pages refuses, in its words.

    Raises
    ------
    HttpError
        Naming each field at fault.
    """
    if not form.is_valid():
        faults = [f"{name}: {message}" for name, told in form.errors.items() for message in told]
        raise HttpError(422, "; ".join(faults)[:1_000])
