"""What reports hold of a person, and what becomes of it when the person leaves.

Answers, remarks and moves name a person by the account's row, so that whoever left is named by
what stands in place of the name; none of them is taken out of a report.
"""

from typing import Any

from django.utils import timezone

from kulan.web.programme.reporting.models import Delegation, GivenAnswer, Remark, Step, Upload


def held_in_reports(user: Any) -> dict[str, Any]:
    """Return what a person answered, said, moved and was asked for in reports."""
    mine = {"by": user}
    return {
        "answers": list(
            GivenAnswer.objects.filter(**mine)
            .order_by("pk")
            .values("filing__cycle__cycle_id", "question_id", "subject", "value", "note", "at")
        ),
        "delegations": list(
            Delegation.objects.filter(person=user)
            .order_by("pk")
            .values("filing__cycle__cycle_id", "sections", "message", "given_at", "ended_at")
        ),
        "remarks": list(
            Remark.objects.filter(**mine).order_by("pk").values("question_id", "text", "at")
        ),
        "report_steps": list(
            Step.objects.filter(**mine).order_by("pk").values("action", "reason", "at")
        ),
        "forms_sent_back": list(
            Upload.objects.filter(**mine).order_by("pk").values("file_name", "state", "at")
        ),
    }


def forget_in_reports(user: Any) -> None:
    """End what a person was asked for, and drop the forms that wait for this person."""
    now = timezone.now()
    Delegation.objects.filter(person=user, ended_at=None).update(ended_at=now)
    Upload.objects.filter(by=user).update(file_name="form.xlsx")
    Upload.objects.filter(by=user, state=Upload.State.WAITING).update(
        state=Upload.State.DROPPED, ended_at=now, base=[], theirs=[]
    )
