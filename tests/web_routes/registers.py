"""Rows of the addresses of the registers and of the questionnaire of two states."""

from web_routes import Row, only

PARTNERS = (
    "dmitri",
    "aigul",
    "azamat",
    "irina",
    "bat",
    "chinara",
    "erlan",
    "farida",
)  # with a role
GOVERNMENT = ("bat", "chinara", "erlan", "farida")
OF_BOTH_STATES = ("bat", "chinara", "farida")  # keep what names Kyrgyzstan and Mongolia
OF_MONGOLIA = ("bat", "farida")


def _of(name: str, thing: str) -> dict[str, str]:
    return {"kind": name, "uid": thing}


def _at(name: str) -> dict[str, str]:
    return {"kind": name}


def _after_login(*who: str, status: int = 200) -> tuple[int, dict[str, int]]:
    return 403, {"nobody": 302, **dict.fromkeys(who, status)}


_AGREEMENT = _of("agreements", "agreement record")
_WITHDRAWN = {"revision": "1", "reason": "Entered twice."}
_STAGE = {"revision": "1", "stage": "signed"}

ROWS = (
    Row("registers", 200),
    Row("registers", 405, method="post"),
    Row("register", 200, arguments=_at("agreements")),
    Row("register", 200, arguments=_at("laws"), query="?state=MNG&q=fauna"),
    Row("register", 200, arguments=_at("memberships")),
    Row("register", 200, arguments=_at("hotspots"), query="?page=2"),
    Row("register", 200, arguments=_at("organisations")),
    Row("register", 200, arguments=_at("state-focal-points"), query="?now=1"),
    Row("register_table", 200, arguments={"kind": "agreements", "ending": "csv"}),
    Row("register_table", 200, arguments={"kind": "laws", "ending": "xlsx"}),
    Row("register_table", 200, arguments={"kind": "state-focal-points", "ending": "json"}),
    # --- one record, by its audience
    Row("register_record", 200, arguments=_AGREEMENT),
    Row("register_record", 200, arguments=_of("researchers", "researcher record")),
    Row("register_record", 200, arguments=_of("hotspots", "hotspot record")),
    Row("register_record", 200, arguments=_of("hotspots", "area on the map")),
    Row("register_record", 200, arguments=_of("commitments", "commitment record")),
    Row("register_record", 200, arguments=_of("organisations", "organisation record")),
    Row("register_record", 404, arguments=_of("laws", "agreement record")),
    Row("register_record", 404, arguments=_of("laws", "no such uid")),
    Row(
        "register_record",
        *only(200, *PARTNERS, others=404),
        arguments=_of("agreements", "partners' agreement"),
    ),
    Row(
        "register_record",
        *only(200, *GOVERNMENT, others=404),
        arguments=_of("agreements", "governments' agreement"),
    ),
    Row(
        "register_record",
        *only(200, *OF_BOTH_STATES, others=404),
        arguments=_of("agreements", "keepers' agreement"),
    ),
    # --- its history is for who keeps it
    Row("register_history", *only(200, *OF_BOTH_STATES, others=404), arguments=_AGREEMENT),
    Row(
        "register_history",
        *only(200, *OF_MONGOLIA, others=404),
        arguments=_of("state-focal-points", "focal point record"),
    ),
    Row(
        "register_history",
        *only(200, "bat", "dmitri", "farida", others=404),
        arguments=_of("trainings", "training record"),
    ),
    Row(
        "register_history",
        *only(200, "aigul", others=404),
        arguments=_of("researchers", "researcher record"),
    ),
    # --- adding
    Row("register_add", *_after_login("bat", "chinara", "farida"), arguments=_at("laws")),
    Row("register_add", *_after_login(*PARTNERS), arguments=_at("meetings")),
    Row("register_add", *only(302, "nobody", others=200), arguments=_at("researchers")),
    Row(
        "register_add",
        *_after_login("bat", "chinara", "farida", status=422),
        method="post",
        data={"audience": "public", "revision": "0"},
        arguments=_at("laws"),
    ),
    Row("register_import", *_after_login("bat", "chinara", "farida"), arguments=_at("laws")),
    Row("register_import", *only(302, "nobody", others=404), arguments=_at("researchers")),
    Row(
        "register_import",
        *_after_login("bat", "chinara", "farida", status=422),
        method="post",
        arguments=_at("laws"),
    ),
    # --- changing
    Row("register_change", *only(200, *OF_BOTH_STATES, others=403), arguments=_AGREEMENT),
    Row(
        "register_change",
        *only(200, "bat", "farida", others=403),
        arguments=_of("state-focal-points", "focal point record"),
    ),
    Row(
        "register_change",
        *only(200, "aigul", others=403),
        arguments=_of("researchers", "researcher record"),
    ),
    Row(
        "register_change",
        404,
        {**dict.fromkeys(OF_BOTH_STATES, 200), "erlan": 403},
        arguments=_of("agreements", "governments' agreement"),
    ),
    Row("register_move", 405, arguments=_AGREEMENT),
    Row(
        "register_move",
        *only(302, *OF_BOTH_STATES, others=403),
        method="post",
        data=_STAGE,
        arguments=_AGREEMENT,
    ),
    Row(
        "register_withdraw",
        *only(302, *OF_BOTH_STATES, others=403),
        method="post",
        data=_WITHDRAWN,
        arguments=_AGREEMENT,
    ),
    Row("register_withdraw", *only(200, *OF_BOTH_STATES, others=403), arguments=_AGREEMENT),
    Row(
        "register_withdraw",
        404,
        dict.fromkeys(OF_BOTH_STATES, 422),
        method="post",
        data={"revision": "1"},
        arguments=_of("agreements", "keepers' agreement"),
    ),
    # --- the programme of a species
    Row("programme_species", 200, arguments={"species_id": "saiga"}),
    Row("programme_species", 404, arguments={"species_id": "unicorn"}),
    Row("programme_species", 405, method="post", arguments={"species_id": "saiga"}),
    # --- the questionnaire exists for the two states and the secretariat
    Row(
        "feasibility",
        *only(200, *OF_BOTH_STATES, others=404),
        arguments={"uid": "questionnaire"},
    ),
    Row("feasibility", 404, arguments={"uid": "no such uid"}),
    Row("feasibility_answer", 405, arguments={"uid": "questionnaire"}),
    Row(
        "feasibility_answer",
        404,
        {"bat": 302, "chinara": 302, "farida": 403},
        method="post",
        data={"revision": "0", "score-law_basis": "2"},
        arguments={"uid": "questionnaire"},
    ),
    Row(
        "feasibility_answer",
        404,
        {"bat": 422, "chinara": 422, "farida": 403},
        method="post",
        data={"revision": "0", "finish": "1"},
        arguments={"uid": "questionnaire"},
    ),
    Row(
        "feasibility_ask",
        *only(409, *OF_BOTH_STATES, others=403),
        method="post",
        data={"pair": "KGZ MNG"},
        arguments={"uid": "hotspot record"},
    ),
)
