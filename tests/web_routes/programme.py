"""Rows of the addresses of the register."""

from web_routes import Row, only

ROLES = ("dmitri", "aigul", "azamat", "irina", "bat", "chinara", "erlan", "farida", "gulnara")
ADDERS = ("dmitri", "aigul", "azamat", "irina", "bat", "chinara", "erlan", "farida")
GOVERNMENT = ("bat", "chinara", "farida")
OWNERS = ("aigul", "azamat")  # who added it, and her colleague
_SAIGA = {"edition_id": "cami-2021", "action_id": "21.1"}  # Bat's state is one of its states
_NONE = {"edition_id": "cami-2021", "action_id": "99.9"}
_STATUS = {"status": "done", "reason": "Decided at the meeting."}
_FOR_MONGOLIA = {**_STATUS, "iso3": "MNG"}
_DOCUMENT = {
    "way": "document",
    "kind": "plan",
    "title": "A plan",
    "reference": "https://example.org/plan",
    "day": "2024-05-01",
    "audience": "public",
}

ROWS = (
    Row("programme", 200),
    Row("programme", 200, query="?state=KAZ&species=saiga&status=done&q=plan"),
    Row("programme", 200, query="?edition=cami-2014"),
    Row("programme", 404, query="?edition=no-such-thing"),
    Row("programme", 405, method="post"),
    Row("programme_sheet", 200, arguments={"ending": "csv"}),
    Row("programme_sheet", 200, arguments={"ending": "json"}, query="?section=21"),
    Row("programme_sheet", 404, arguments={"ending": "csv"}, query="?edition=no-such-thing"),
    Row("programme_action", 200, arguments=_SAIGA),
    Row("programme_action", 200, arguments={"edition_id": "cami-2021", "action_id": "3.2.a.1"}),
    Row("programme_action", 404, arguments=_NONE),
    Row("programme_action", 404, arguments={**_SAIGA, "edition_id": "no-such-thing"}),
    # --- dashboards
    Row("programme_dashboard", 200),
    Row("programme_dashboard", 200, query="?state=KAZ&species=saiga&lead=ngos&priority=high"),
    Row("programme_dashboard", 404, query="?edition=no-such-thing"),
    Row("programme_dashboard", 405, method="post"),
    Row("programme_dashboard_sheet", 200, arguments={"ending": "csv"}),
    Row("programme_dashboard_sheet", 404, arguments={"ending": "csv"}, query="?edition=none"),
    Row("programme_stalled", 200, query="?months=6&section=21"),
    Row("programme_stalled_sheet", 200, arguments={"ending": "json"}),
    Row("programme_near", 200, query="?state=MNG"),
    Row("programme_near_sheet", 200, arguments={"ending": "xlsx"}),
    Row("programme_state", 200, arguments={"iso3": "KAZ"}),
    Row("programme_state", 404, arguments={"iso3": "XXX"}),
    # --- for programs
    Row("api:programme_actions", 200),
    Row("api:programme_actions", 200, query="?section=21&state=MNG"),
    Row("api:programme_actions", 400, query="?unknown=1"),
    Row("api:programme_actions", 404, query="?edition=no-such-thing"),
    Row("api:programme_actions", 422, query="?status=finished"),
    Row("api:programme_actions", 405, method="post"),
    Row("api:programme_action", 200, arguments={"key": "cami-2021:21.1"}),
    Row("api:programme_action", 404, arguments={"key": "cami-2021:99.9"}),
    Row("api:programme_action", 404, arguments={"key": "no-such-thing"}),
    # --- evidence
    Row("programme_evidence", 200),
    Row("programme_evidence", 200, query="?kind=plan&state=MNG&species=saiga&q=x"),
    Row("programme_evidence_one", 200, arguments={"uid": "public evidence"}),
    Row(
        "programme_evidence_one",
        *only(200, *ROLES, others=404),
        arguments={"uid": "partners' evidence"},
    ),
    Row(
        "programme_evidence_one",
        *only(200, *GOVERNMENT, *OWNERS, others=404),
        arguments={"uid": "governments' evidence"},
    ),
    Row("programme_evidence_one", 404, arguments={"uid": "no such uid"}),
    Row(
        "programme_evidence_withdraw",
        403,
        dict.fromkeys((*OWNERS, "farida"), 302),
        method="post",
        data={"reason": "A mistake."},
        arguments={"uid": "public evidence"},
    ),
    Row(
        "programme_evidence_withdraw",
        403,
        dict.fromkeys((*OWNERS, "farida"), 422),
        method="post",
        arguments={"uid": "public evidence"},
    ),
    Row(
        "programme_evidence_withdraw",
        404,
        {**dict.fromkeys((*OWNERS, "farida"), 302), "bat": 403, "chinara": 403},
        method="post",
        data={"reason": "A mistake."},
        arguments={"uid": "governments' evidence"},
    ),
    Row("programme_evidence_withdraw", 405, arguments={"uid": "public evidence"}),
    Row(
        "programme_evidence_add",
        403,
        {"nobody": 302, **dict.fromkeys(ADDERS, 200)},
        arguments=_SAIGA,
    ),
    Row(
        "programme_evidence_add",
        403,
        {"nobody": 302, **dict.fromkeys(ADDERS, 422)},
        method="post",
        data={"way": "document"},
        arguments=_SAIGA,
    ),
    Row(
        "programme_evidence_add",
        403,
        {
            "nobody": 302,
            **dict.fromkeys(ADDERS, 302),
            **dict.fromkeys(("bat", "chinara", "erlan"), 422),  # they name what they speak for
        },
        method="post",
        data=_DOCUMENT,
        arguments=_SAIGA,
    ),
    Row("programme_evidence_add", 404, arguments=_NONE),
    # --- what is set by hand
    Row(
        "programme_override",
        403,
        {"farida": 302, "bat": 422},
        method="post",
        data=_STATUS,
        arguments=_SAIGA,
    ),
    Row(
        "programme_override",
        *only(302, "farida", "bat", others=403),
        method="post",
        data=_FOR_MONGOLIA,
        arguments=_SAIGA,
    ),
    Row("programme_override", 404, method="post", data=_STATUS, arguments=_NONE),
    Row("programme_override", 405, arguments=_SAIGA),
    Row(
        "programme_due",
        *only(302, "farida", others=403),
        method="post",
        data={"due": "2026-12-31", "reason": "The edition ends."},
        arguments=_SAIGA,
    ),
    Row("programme_due", *only(422, "farida", others=403), method="post", arguments=_SAIGA),
    Row(
        "programme_overtaken",
        *only(302, "farida", others=403),
        method="post",
        data={"reason": "The meeting is past."},
        arguments=_SAIGA,
    ),
    Row("programme_overtaken", *only(422, "farida", others=403), method="post", arguments=_SAIGA),
    Row(
        "programme_correct",
        *only(302, "farida", others=403),
        method="post",
        data={"field": "leads", "corrected": "CMS", "reason": "The English text."},
        arguments=_SAIGA,
    ),
    Row("programme_correct", *only(422, "farida", others=403), method="post", arguments=_SAIGA),
    Row(
        "programme_override_end",
        *only(302, "farida", others=403),
        method="post",
        arguments={"pk": "override"},
    ),
    Row(
        "programme_override_end",
        *only(302, "farida", "bat", others=403),
        method="post",
        arguments={"pk": "override of Mongolia"},
    ),
    Row("programme_override_end", 404, method="post", arguments={"pk": "999999"}),
    Row(
        "programme_correction_end",
        *only(302, "farida", others=403),
        method="post",
        arguments={"pk": "correction"},
    ),
    Row("programme_correction_end", 404, method="post", arguments={"pk": "999999"}),
)
