"""Records of species for the web tests; each argument is what the test is about."""

from datetime import date
from typing import Any

from django.utils import timezone

from kulan.web.species.models import AccountText, PopulationRecord


def make_population(*, state: str = "approved", **fields: Any) -> PopulationRecord:
    """Make a figure for saiga in Mongolia, in force and for everyone unless the test says else."""
    return PopulationRecord.objects.create(
        state=state,
        decided_at=None if state == "proposed" else timezone.now(),
        **{
            "species_id": "saiga",
            "iso3": "MNG",
            "estimate": 15_500.0,
            "interval_kind": "none",
            "quantity": "individuals",
            "method": "distance_sampling",
            "survey_from": fields.get("survey_to", "2021"),
            "survey_to": "2021",
            "season": "spring",
            "reference": "A report",
            "data_source": "An institute",
            "quality": "high",
            **fields,
        },
    )


def make_account_text(*, state: str = "approved", **fields: Any) -> AccountText:
    """Make a paragraph about saiga, in force unless the test says else."""
    return AccountText.objects.create(
        state=state,
        decided_at=None if state == "proposed" else timezone.now(),
        **{
            "species_id": "saiga",
            "section": "behaviour",
            "language": "en",
            "text": "Saigas live in herds.",
            "source": "A book",
            "confidence": "high",
            **fields,
        },
    )


def species_things(proposer: Any) -> dict[str, str]:
    """Make records of saiga in Mongolia and texts about it; return their names in addresses."""
    records: dict[str, dict[str, Any]] = {
        "public record": {"survey_to": "2021"},
        "partners' record": {"survey_to": "2022", "readers": "partners"},
        "embargoed record": {"survey_to": "2023", "embargo_until": date(2999, 1, 1)},
        "proposed record": {"survey_to": "2024", "state": "proposed"},
    }
    texts: dict[str, dict[str, Any]] = {
        "text": {},
        "proposed text": {"state": "proposed", "section": "threats"},
    }
    made = {name: make_population(proposed_by=proposer, **it) for name, it in records.items()}
    made |= {name: make_account_text(proposed_by=proposer, **it) for name, it in texts.items()}
    return {name: str(version.uid) for name, version in made.items()}
