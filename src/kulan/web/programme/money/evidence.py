"""What money counts as evidence: commitments and disbursements to projects that serve actions."""

from kulan.programme.evidence import Evidence
from kulan.web.policy import PUBLIC, Viewer
from kulan.web.programme.money.models import Project
from kulan.web.programme.money.permissions import visible_projects, with_money

_KIND_OF_FLOW = {
    "commitment": "commitment",
    "commitment_in": "commitment",
    "cofinance": "commitment",
    "disbursement": "disbursement",
    "expenditure": "disbursement",
}


def evidence_objects(viewer: Viewer | None = None) -> list[Evidence]:
    """Return the commitments and disbursements the viewer may see, for the actions they serve."""
    who = PUBLIC if viewer is None else viewer
    rows = with_money(who, visible_projects(who)).exclude(stage="cancelled")
    return [one for row in rows for one in _of(row)]


def _of(row: Project) -> list[Evidence]:
    codes: dict[str, list[str]] = {"action": [], "state": [], "species": []}
    for share in row.shares.all():
        if share.dimension in codes:
            codes[share.dimension].append(share.code)
    if not codes["action"]:
        return []
    return [
        Evidence(
            kind=_KIND_OF_FLOW[flow.kind],
            reference=f"project:{row.uid}#{flow.uid}",
            title=row.title,
            day=flow.day,
            states=tuple(codes["state"]),
            species=tuple(codes["species"]),
            actions=tuple(codes["action"]),
        )
        for flow in row.seen_flows  # type: ignore[attr-defined]
        if flow.kind in _KIND_OF_FLOW and flow.money.amount > 0
    ]
