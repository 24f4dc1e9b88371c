"""What the programme's money holds of one person, to be given to that person."""

from typing import Any

from kulan.web.programme.money.models import (
    Call,
    Donor,
    Draft,
    ExchangeRate,
    Flow,
    IatiFile,
    JournalRecord,
    Need,
    Project,
)


def money_of(user: Any) -> dict[str, Any]:
    """Return what a person added, entered, posted, brought and is champion for."""
    name = f"person:{user.pk}"
    by_uid = {
        "donors": Donor.objects.filter(added_by=user),
        "champion_for": Donor.objects.filter(champion=user),
        "calls": Call.objects.filter(added_by=user),
        "needs": Need.objects.filter(added_by=user),
        "projects": Project.objects.filter(added_by=user),
        "amounts": Flow.objects.filter(added_by=user),
        "files": IatiFile.objects.filter(by=user),
        "drafts": Draft.objects.filter(entered_by=user),
        "decided_drafts": Draft.objects.filter(decided_by=user),
    }
    by_number = {
        "entered": JournalRecord.objects.filter(entered_by=name),
        "posted": JournalRecord.objects.filter(approved_by=name),
    }
    found: dict[str, Any] = {
        key: [str(uid) for uid in rows.values_list("uid", flat=True)]  # type: ignore[attr-defined]
        for key, rows in by_uid.items()
    }
    found |= {key: list(rows.values_list("number", flat=True)) for key, rows in by_number.items()}
    found["rates"] = [str(one) for one in ExchangeRate.objects.filter(added_by=user)]
    return found
