"""Rows of the addresses of species and their records."""

from web_routes import Row, only

PROPOSERS = ("aigul", "azamat", "irina", "bat", "chinara", "erlan", "farida")
FOR_MONGOLIA = ("aigul", "azamat", "irina", "bat", "erlan", "farida")  # of saiga
ROLES = ("dmitri", *PROPOSERS, "gulnara")
_SAIGA = {"species_id": "saiga"}
_NO_SPECIES = {"species_id": "no such thing"}


def _record(thing: str, kind: str = "population") -> dict[str, str]:
    return {"kind": kind, "uid": thing}


def _only_after_login(*who: str) -> tuple[int, dict[str, int]]:
    """Return 200 for those named, the login page for a visitor, 403 for the others."""
    return 403, {"nobody": 302, **dict.fromkeys(who, 200)}


SEE_EMBARGOED = ("aigul", "bat", "erlan", "farida")  # proposed it, or decide on it
SEE_PROPOSED = SEE_EMBARGOED
DECIDE_PROPOSED = ("bat", "erlan", "farida")
_NOTE = {"decision": "reject", "note": "Not enough."}

ROWS = (
    Row("species_list", 200),
    Row("species_list", 200, query="?q=сайгак"),
    Row("species_list", 405, method="post"),
    Row("species_tables", 200, arguments={"ending": "csv"}),
    Row("species_proposals", *only(302, "nobody", others=200)),
    Row("species", 200, arguments=_SAIGA),
    Row("species", 404, arguments=_NO_SPECIES),
    Row("species_compare", 200, arguments=_SAIGA),
    Row("species_compare", 404, arguments=_SAIGA, query="?record=drop"),
    Row("species_habitat", 404, arguments=_SAIGA),  # the tests' state folder holds no Atlas
    Row("species_sheet", 200, arguments=_SAIGA),
    Row("species_sheet", 404, arguments=_NO_SPECIES),
    Row("species_sheet_file", 404, arguments=_NO_SPECIES),
    Row("species_table", 200, arguments={**_SAIGA, "ending": "xlsx"}),
    Row("species_table", 404, arguments={**_NO_SPECIES, "ending": "csv"}),
    # --- one version of a record
    Row("species_record", 200, arguments=_record("public record")),
    Row("species_record", *only(200, *ROLES, others=404), arguments=_record("partners' record")),
    Row(
        "species_record",
        *only(200, *SEE_EMBARGOED, others=404),
        arguments=_record("embargoed record"),
    ),
    Row(
        "species_record",
        *only(200, *SEE_PROPOSED, others=404),
        arguments=_record("proposed record"),
    ),
    Row("species_record", 404, arguments=_record("public record", "account")),
    Row("species_record", 200, arguments=_record("text", "account")),
    Row(
        "species_record",
        *only(200, "aigul", "erlan", "farida", others=404),
        arguments=_record("proposed text", "account"),
    ),
    # --- decisions: never one's own
    Row("species_record_decide", 405, arguments=_record("proposed record")),
    Row(
        "species_record_decide",
        404,
        {**dict.fromkeys(DECIDE_PROPOSED, 302), "aigul": 403},
        method="post",
        data=_NOTE,
        arguments=_record("proposed record"),
    ),
    Row(
        "species_record_decide",
        404,
        {"erlan": 302, "farida": 302, "aigul": 403},
        method="post",
        data={"decision": "approve"},
        arguments=_record("proposed text", "account"),
    ),
    Row(
        "species_record_decide",
        404,
        {**dict.fromkeys(DECIDE_PROPOSED, 422), "aigul": 422},
        method="post",
        data={"decision": "reject"},
        arguments=_record("proposed record"),
    ),
    Row(
        "species_record_take_back",
        404,
        {**dict.fromkeys(DECIDE_PROPOSED, 403), "aigul": 302},
        method="post",
        arguments=_record("proposed record"),
    ),
    # --- proposals
    Row("species_population_propose", *_only_after_login(*PROPOSERS), arguments=_SAIGA),
    Row(
        "species_population_propose",
        403,
        {"nobody": 302, **dict.fromkeys(PROPOSERS, 422)},
        method="post",
        data={"iso3": "MNG"},
        arguments=_SAIGA,
    ),
    Row(
        "species_population_change",
        *_only_after_login(*FOR_MONGOLIA),
        arguments={"uid": "public record"},
    ),
    Row(
        "species_population_change",
        404,
        {"nobody": 302, **dict.fromkeys(SEE_EMBARGOED, 200)},
        arguments={"uid": "embargoed record"},
    ),
    Row(
        "species_population_change",
        404,
        {"nobody": 302, **dict.fromkeys(SEE_PROPOSED, 409)},
        arguments={"uid": "proposed record"},
    ),
    Row(
        "species_record_withdraw",
        *_only_after_login(*FOR_MONGOLIA),
        arguments=_record("public record"),
    ),
    Row(
        "species_record_withdraw",
        403,
        {"nobody": 302, **dict.fromkeys(FOR_MONGOLIA, 422)},
        method="post",
        arguments=_record("public record"),
    ),
    Row(
        "species_account_propose",
        *_only_after_login("aigul", "azamat", "irina", "bat", "erlan", "farida"),
        arguments={**_SAIGA, "section": "behaviour", "language": "fr"},
    ),
    Row(
        "species_account_propose",
        404,
        arguments={**_SAIGA, "section": "no such thing", "language": "fr"},
    ),
)
