"""Rows of the register for the web tests; each argument is what the test is about."""

from datetime import date
from typing import Any

from kulan.web.programme.register.models import Correction, EvidenceItem, Override

ACTION = "cami-2021:21.1"
"""An action for tests that need any one."""
PARTNERS, GOVERNMENTS = "A plan among partners", "A plan among governments"
"""Titles of the evidence that is not for everyone."""


def make_evidence(**fields: Any) -> EvidenceItem:
    """Make a plan for everyone, unless the test says else."""
    return EvidenceItem.objects.create(
        **{
            "kind": "plan",
            "reference": "https://example.org/a-plan",
            "title": "A plan",
            "day": date(2024, 5, 1),
            "actions": [ACTION],
            **fields,
        }
    )


def programme_things(people: dict[str, Any]) -> dict[str, str]:
    """Make evidence for each audience, an override and a correction; return their names."""
    aigul = people["aigul"]
    common = {"added_by": aigul, "organisation": aigul.organisation}
    public = make_evidence(reference="https://example.org/public", **common)
    partners = make_evidence(
        reference="https://example.org/partners", title=PARTNERS, audience="partners", **common
    )
    government = make_evidence(
        reference="https://example.org/government",
        title=GOVERNMENTS,
        audience="government",
        **common,
    )
    override = Override.objects.create(
        action=ACTION, status="done", reason="Agreed at the meeting.", by=people["farida"]
    )
    of_mongolia = Override.objects.create(
        action=ACTION, iso3="MNG", status="under_way", reason="We began.", by=people["bat"]
    )
    correction = Correction.objects.create(
        action=ACTION, field="priority", printed="high", corrected="medium", reason="A misprint."
    )
    return {
        "public evidence": str(public.uid),
        "partners' evidence": str(partners.uid),
        "governments' evidence": str(government.uid),
        "override": str(override.pk),
        "override of Mongolia": str(of_mongolia.pk),
        "correction": str(correction.pk),
    }
