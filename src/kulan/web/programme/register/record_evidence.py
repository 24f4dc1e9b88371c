"""Population records as evidence: what is in force, with a survey's method and day."""

from kulan.programme.count_methods import COUNT_METHODS
from kulan.programme.dates import first_day
from kulan.programme.evidence import Evidence
from kulan.web.policy import PUBLIC, Viewer
from kulan.web.policy.records import visible_populations
from kulan.web.species.models import PopulationRecord


def evidence_objects(viewer: Viewer | None = None) -> list[Evidence]:
    """Return the population records that the viewer may read.

    Each counts as a record of its species; one with a field method counts as a survey too.
    """
    found = []
    for record in visible_populations(PUBLIC if viewer is None else viewer):
        found.append(_evidence(record, "species_record"))
        if COUNT_METHODS[record.method].is_survey:
            found.append(_evidence(record, "survey"))
    return found


def _evidence(record: PopulationRecord, kind: str) -> Evidence:
    return Evidence(
        kind=kind,
        reference=f"record:population/{record.uid}",
        title=record.reference[:300],
        day=first_day(record.survey_to),
        states=(record.iso3,),
        species=(record.species_id,),
        actions=(),
    )
