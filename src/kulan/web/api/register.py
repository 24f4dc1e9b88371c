"""The programme's register over REST: the same actions and statuses as on its pages."""

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router

from kulan.errors import UnknownNameError
from kulan.web.api import register_shapes as shapes
from kulan.web.api.doors import ANYONE
from kulan.web.api.shapes import gives
from kulan.web.ogc.parameters import check_known
from kulan.web.programme.register.catalogue import all_sections
from kulan.web.programme.register.listing import Asked, listed
from kulan.web.programme.register.sheets import row_told
from kulan.web.programme.register.standing import standings
from kulan.web.programme.register.views import asked_edition, standing_asked

router = Router(tags=["programme"])


@router.get("/actions", response=gives(shapes.Register), auth=ANYONE, url_name="programme_actions")
def actions(request: HttpRequest, asked: Query[shapes.ActionsAsked]) -> Any:
    """List the actions of an edition, with where each stands by the evidence that you may see."""
    check_known(request.GET, shapes.ActionsAsked.model_fields)
    told = asked.model_dump(exclude={"edition"})
    wanted, edition = Asked(**told), asked_edition(request)
    words = request.words  # type: ignore[attr-defined]
    found = standings(request.viewer, edition.edition_id)  # type: ignore[attr-defined]
    shown = listed(found, all_sections(edition.edition_id), wanted, words).standings
    return {
        "edition": edition.edition_id,
        "on": timezone.localdate(),
        "items": [row_told(one, wanted, words) for one in shown],
    }


@router.get(
    "/actions/{key}",
    response=gives(shapes.ActionWithEvidence),
    auth=ANYONE,
    url_name="programme_action",
)
def action(request: HttpRequest, key: str) -> Any:
    """Tell of one action, as ``cami-2021:3.2.a``, with what counts for it and what lacks."""
    check_known(request.GET, ())
    edition_id, colon, action_id = key.partition(":")
    if not colon:
        raise UnknownNameError(f"{key!r} names no action; write cami-2021:1.1.")
    one = standing_asked(request, edition_id, action_id)
    computed = one.answer.computed
    return row_told(one, Asked(), request.words) | {  # type: ignore[attr-defined]
        "counted": [asdict(item) for item in computed.counted],
        "missing": [
            {
                "kind": item.requirement.kind,
                "lacking": item.lacking,
                "state": item.iso3,
                "species": list(item.requirement.species),
            }
            for item in computed.missing
        ],
        "by_state": {iso3: status.value for iso3, status in one.answer.by_state.items()},
    }
