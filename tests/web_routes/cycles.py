"""Rows of the addresses of reporting cycles."""

from web_routes import Row, only

SECRETARIAT = ("farida",)
MONGOLIA = ("bat", "aigul", "farida")  # its focal point, who answers a section, the secretariat
SOCIETY = ("dmitri", "farida")
_CYCLE = {"cycle_id": "cycle"}
_DRAFT = {"cycle_id": "drafted cycle"}
_FORM = {**_CYCLE, "kind": "national"}
_SPECIES = {"section_id": "species"}
_GENERAL = {"section_id": "general"}
_ONE = {"question": "general/done", "subject": "", "value": "Much", "note": ""}
_SEEN = '{"value": null, "note": "", "revision": 0, "confirmed": true}'
_MNG = {"uid": "mongolia's report"}
_KGZ = {"uid": "accepted report"}
_KAZ = {"uid": "submitted report"}
_PROJECT = {"uid": "project's report"}
_SENT = {"number": "form sent back"}
_NONE = {"uid": "no such uid"}

ROWS = (
    Row("cycles", 200),
    Row("cycles", 405, method="post"),
    Row("cycle_new", 403, {"nobody": 302, "farida": 200}),
    Row("cycle_new", 403, {"nobody": 302, "farida": 422}, method="post"),
    Row("cycle", 200, arguments=_CYCLE),
    Row("cycle", *only(200, *SECRETARIAT, others=404), arguments=_DRAFT),
    Row("cycle", 404, arguments={"cycle_id": "no such thing"}),
    # --- composing
    Row("cycle_compose", *only(200, *SECRETARIAT, others=404), arguments=_CYCLE),
    Row("cycle_compose", *only(200, *SECRETARIAT, others=404), arguments=_DRAFT),
    Row("cycle_compose", *only(422, *SECRETARIAT, others=404), method="post", arguments=_DRAFT),
    Row("cycle_sections", *only(409, *SECRETARIAT, others=404), method="post", arguments=_FORM),
    Row(
        "cycle_sections",
        *only(302, *SECRETARIAT, others=404),
        method="post",
        data={"sections": "general"},
        arguments={**_DRAFT, "kind": "national"},
    ),
    Row("cycle_question", *only(422, *SECRETARIAT, others=404), method="post", arguments=_FORM),
    Row("cycle_section", *only(200, *SECRETARIAT, others=404), arguments={**_FORM, **_GENERAL}),
    Row("cycle_section", 404, arguments={**_FORM, "section_id": "no such thing"}),
    Row(
        "cycle_section",
        *only(409, *SECRETARIAT, others=404),
        method="post",
        arguments={**_FORM, **_GENERAL},
    ),
    Row("cycle_reporters", *only(302, *SECRETARIAT, others=404), method="post", arguments=_CYCLE),
    Row("cycle_open", *only(409, *SECRETARIAT, others=404), method="post", arguments=_CYCLE),
    Row("cycle_open", *only(409, *SECRETARIAT, others=404), method="post", arguments=_DRAFT),
    Row("cycle_lock", *only(409, *SECRETARIAT, others=404), method="post", arguments=_CYCLE),
    Row("cycle_drop", *only(302, *SECRETARIAT, others=404), method="post", arguments=_DRAFT),
    Row("cycle_drop", *only(409, *SECRETARIAT, others=404), method="post", arguments=_CYCLE),
    Row(
        "project_report_begin",
        403,
        {"nobody": 302, "dmitri": 302, "aigul": 302, "azamat": 302, "irina": 302},
        method="post",
        data={"project": "Another"},
        arguments=_CYCLE,
    ),
    # --- one report
    Row("report_form", *only(200, *MONGOLIA, others=404), arguments=_MNG),
    Row("report_form", *only(200, "chinara", "farida", others=404), arguments=_KGZ),
    Row("report_upload", *only(302, *MONGOLIA, others=404), method="post", arguments=_MNG),
    Row("report_merge", *only(200, "bat", "aigul", others=404), arguments={**_MNG, **_SENT}),
    Row(
        "report_merge",
        *only(302, "bat", "aigul", others=404),
        method="post",
        data={"drop": "1"},
        arguments={**_MNG, **_SENT},
    ),
    Row("report_export", *only(200, *MONGOLIA, others=404), arguments={**_MNG, "ending": "csv"}),
    Row("report_export", 200, arguments={**_KGZ, "ending": "json"}),
    Row("report_export", 404, arguments={**_KGZ, "ending": "no such thing"}),
    Row("cycle_export", 200, arguments={**_CYCLE, "ending": "xlsx"}),
    Row("cycle_export", 200, arguments={**_CYCLE, "ending": "zip"}),
    Row("cycle_export", 200, arguments={**_CYCLE, "ending": "docx"}),
    Row("report_export", *only(200, *MONGOLIA, others=404), arguments={**_MNG, "ending": "pdf"}),
    Row(
        "cycle_export", *only(409, *SECRETARIAT, others=404), arguments={**_DRAFT, "ending": "csv"}
    ),
    Row("cycles_export", 200, arguments={"ending": "languages.xlsx"}),
    Row("cycles_export", 200, arguments={"ending": "zip"}),
    Row("cycles_export", 404, arguments={"ending": "pdf"}),
    Row("cycles_export", 405, method="post", arguments={"ending": "csv"}),
    Row("file_waiting", *only(200, "bat", others=404), arguments={"uid": "job of a file"}),
    Row("file_progress", *only(200, "bat", others=404), arguments={"uid": "job of a file"}),
    Row("file_waiting", 404, arguments=_NONE),
    Row("answers_by_tag", 200),
    Row("answers_by_tag", 200, query="?reporter=MNG&tag=cites"),
    Row("report", *only(200, *MONGOLIA, others=404), arguments=_MNG),
    Row("report", 200, arguments=_KGZ),
    Row("report", *only(200, *SOCIETY, others=404), arguments=_PROJECT),
    Row("report", 404, arguments=_NONE),
    Row("report_section", *only(200, "bat", "farida", others=404), arguments={**_MNG, **_GENERAL}),
    Row("report_section", *only(200, *MONGOLIA, others=404), arguments={**_MNG, **_SPECIES}),
    Row("report_section", 200, arguments={**_KGZ, **_GENERAL}),
    Row("report_section", 404, arguments={**_KGZ, "section_id": "no such thing"}),
    Row(
        "report_answer",
        404,
        {"bat": 302, "aigul": 403, "farida": 403},
        method="post",
        data={**_ONE, "seen": _SEEN.replace("0", "1")},
        arguments=_MNG,
    ),
    Row(
        "report_answer",
        404,
        {"bat": 409, "aigul": 403, "farida": 403},
        method="post",
        data={**_ONE, "seen": _SEEN},
        arguments=_MNG,
    ),
    Row(
        "report_answer",
        404,
        {"bat": 302, "aigul": 302, "farida": 403},
        method="post",
        data={"question": "species/trend", "subject": "saiga", "value": "up", "seen": _SEEN},
        arguments=_MNG,
    ),
    Row(
        "report_answer",
        404,
        {"chinara": 403, "farida": 403},
        method="post",
        data={**_ONE, "seen": _SEEN},
        arguments=_KGZ,
    ),
    Row(
        "report_answer",
        404,
        dict.fromkeys(MONGOLIA, 400),
        method="post",
        data={**_ONE, "seen": "{"},
        arguments=_MNG,
    ),
    Row(
        "report_confirm",
        404,
        {"bat": 302, "farida": 302},
        method="post",
        arguments={**_MNG, **_GENERAL},
    ),
    Row(
        "report_confirm",
        404,
        dict.fromkeys(MONGOLIA, 302),
        method="post",
        arguments={**_MNG, **_SPECIES},
    ),
    Row(
        "report_step",
        404,
        {"bat": 302, "aigul": 403, "farida": 403},
        method="post",
        data={"action": "submit"},
        arguments=_MNG,
    ),
    Row(
        "report_step",
        404,
        {"farida": 302},
        method="post",
        data={"action": "accept"},
        arguments=_KAZ,
    ),
    Row(
        "report_step",
        404,
        {"farida": 409, "chinara": 403},
        method="post",
        data={"action": "return"},
        arguments=_KGZ,
    ),
    Row("report_delegate", 404, dict.fromkeys(MONGOLIA, 302), method="post", arguments=_MNG),
    Row(
        "report_delegation_end",
        404,
        {"bat": 302, "aigul": 403, "farida": 403},
        method="post",
        arguments={**_MNG, "number": "delegation"},
    ),
    Row(
        "report_remark",
        404,
        {"farida": 302},
        method="post",
        data={"question": "general/done", "text": "Say more."},
        arguments=_KAZ,
    ),
    Row(
        "report_remark",
        404,
        {"farida": 302, "chinara": 403},
        method="post",
        data={"question": "general/done", "text": "Say more."},
        arguments=_KGZ,
    ),
    Row(
        "report_remark_settle",
        404,
        {"farida": 302},
        method="post",
        arguments={**_KAZ, "number": "remark"},
    ),
)
