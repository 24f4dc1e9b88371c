"""Species and states of the programme, and who one is, over REST."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from kulan.programme.species import check_species, species, species_name
from kulan.programme.states import range_states, state_name
from kulan.web.api import shapes
from kulan.web.api.doors import ANYONE, OWN
from kulan.web.api.shapes import gives
from kulan.web.ogc.parameters import check_known

router = Router()


@router.get(
    "/species",
    response=gives(list[shapes.Species]),
    auth=ANYONE,
    url_name="species",
    tags=["programme"],
)
def all_species(request: HttpRequest) -> Any:
    """List the species of the programme."""
    check_known(request.GET, ())
    return [_species(request, row) for row in species().to_dict("records")]


@router.get(
    "/species/{species_id}",
    response=gives(shapes.Species),
    auth=ANYONE,
    url_name="one_species",
    tags=["programme"],
)
def one_species(request: HttpRequest, species_id: str) -> Any:
    """Tell of one species."""
    check_known(request.GET, ())
    check_species(species_id)
    rows = species().to_dict("records")
    return _species(request, next(row for row in rows if row["species_id"] == species_id))


def _species(request: HttpRequest, row: dict[Any, Any]) -> dict[str, Any]:
    language = request.words.language  # type: ignore[attr-defined]
    return {
        "id": row["species_id"],
        "scientific_name": row["scientific_name"],
        "name": species_name(row["species_id"], language),
    }


@router.get(
    "/states",
    response=gives(list[shapes.RangeState]),
    auth=ANYONE,
    url_name="states",
    tags=["programme"],
)
def states(request: HttpRequest) -> Any:
    """List the range states of the programme."""
    check_known(request.GET, ())
    language = request.words.language  # type: ignore[attr-defined]
    return [{"iso3": one, "name": state_name(one, language)} for one in range_states()["iso3"]]


@router.get("/me", response=gives(shapes.Me), auth=OWN, url_name="me", tags=["account"])
def me(request: HttpRequest) -> Any:
    """Tell who you are to the Atlas, and what the token may do by which you came."""
    check_known(request.GET, ())
    viewer = request.viewer  # type: ignore[attr-defined]
    token = getattr(request, "token", None)
    organisation = request.user.organisation  # type: ignore[union-attr]
    return {
        "name": viewer.name,
        "organisation": organisation and organisation.name,
        "roles": sorted(viewer.roles),
        "states": sorted(viewer.states),
        "species": sorted(viewer.species),
        "token": token,
    }
