"""Addresses of the register."""

from django.urls import path, register_converter

from kulan.web.programme.register import (
    changes,
    dashboard_sheets,
    dashboards,
    evidence_pages,
    sheets,
    views,
)


class SheetEnding:
    """The ending of a table's address."""

    regex = "csv|xlsx|json"

    def to_python(self, value: str) -> str:
        """Return it as it is."""
        return value

    to_url = to_python


class ActionNumber:
    """The number of an action: ``3.2.a.1``."""

    regex = r"[0-9A-Za-z][0-9A-Za-z.\-]{0,39}"

    def to_python(self, value: str) -> str:
        """Return it as it is."""
        return value

    to_url = to_python


register_converter(SheetEnding, "register_ending")
register_converter(ActionNumber, "action_number")

_ACTION = "actions/<slug:edition_id>/<action_number:action_id>"

urlpatterns = [
    path("", views.register, name="programme"),
    path("actions.<register_ending:ending>", sheets.sheet, name="programme_sheet"),
    path("dashboard", dashboards.overview, name="programme_dashboard"),
    path(
        "dashboard.<register_ending:ending>",
        dashboard_sheets.overview,
        name="programme_dashboard_sheet",
    ),
    path("stalled", dashboards.stalled, name="programme_stalled"),
    path(
        "stalled.<register_ending:ending>", dashboard_sheets.stalled, name="programme_stalled_sheet"
    ),
    path("one-more", dashboards.near, name="programme_near"),
    path("one-more.<register_ending:ending>", dashboard_sheets.near, name="programme_near_sheet"),
    path("states/<slug:iso3>", dashboards.state, name="programme_state"),
    path("evidence", evidence_pages.listed, name="programme_evidence"),
    path("evidence/<uuid:uid>", evidence_pages.one, name="programme_evidence_one"),
    path(
        "evidence/<uuid:uid>/withdraw", evidence_pages.withdraw, name="programme_evidence_withdraw"
    ),
    path(_ACTION, views.action, name="programme_action"),
    path(f"{_ACTION}/evidence", changes.add, name="programme_evidence_add"),
    path(f"{_ACTION}/status", changes.override, name="programme_override"),
    path(f"{_ACTION}/due", changes.due, name="programme_due"),
    path(f"{_ACTION}/overtaken", changes.overtaken, name="programme_overtaken"),
    path(f"{_ACTION}/correct", changes.correct, name="programme_correct"),
    path("set/<int:pk>/end", changes.end, name="programme_override_end"),
    path("corrections/<int:pk>/end", changes.end_correction, name="programme_correction_end"),
]
