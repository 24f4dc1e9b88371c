"""What is known of a transboundary area, gathered from the records that exist for a viewer."""

from datetime import date

from kulan.programme.dates import first_day
from kulan.programme.registers import Facts, counts, register
from kulan.web.policy import Viewer
from kulan.web.policy.registers import Sight, visible_questionnaires, visible_records
from kulan.web.programme.registers.blind import last_answered
from kulan.web.programme.registers.models import Record


def facts_of(viewer: Viewer, hotspot: Record, sight: Sight) -> Facts:
    """Return what a viewer may know of a transboundary area.

    Of pairs of states that were asked only those count that exist for the viewer, and as answered
    only those where both sides have finished.
    """
    data = sight.data(hotspot)
    held = _held(viewer, data.get("workshops", []))
    asked = list(visible_questionnaires(viewer).filter(hotspot=hotspot))
    answered = [day for one in asked if (day := last_answered(one)) is not None]
    agreements = [
        one
        for one in visible_records(viewer, "agreements").filter(
            links__target=hotspot, links__field="hotspots", withdrawn_at=None
        )
        if one.stage != "ended"
    ]
    declared = register("agreements")
    return Facts(
        states=len(data.get("states", [])),
        species=len(data.get("species", [])),
        stakeholders=len(data.get("stakeholders", [])),
        groups=len(data.get("groups", [])),
        workshops=len(held),
        recommendations=len(data.get("recommendations", [])),
        asked=len(asked),
        answered=len(answered),
        met_after_answers=bool(answered) and any(day >= max(answered).date() for day in held),
        agreements=len(agreements),
        signed=sum(counts(declared, one.stage) for one in agreements),
    )


def _held(viewer: Viewer, uids: list[str]) -> list[date]:
    meetings = register("meetings")
    rows = visible_records(viewer, "meetings").filter(uid__in=uids, withdrawn_at=None)
    return [
        first_day(one.data.get("ends") or one.data["begins"])
        for one in rows
        if counts(meetings, one.stage)
    ]
