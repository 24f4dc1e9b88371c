"""Rows of the REST service and of the page of tokens."""

from web_routes import SIGNED_IN, Row, only

OWNERS = ("aigul", "azamat")
PARTNERS = tuple(who for who in SIGNED_IN if who != "hassan")


def _rows(layer: str, status: tuple[int, dict[str, int]]) -> tuple[Row, ...]:
    everyone, but = status
    about = {"layer_id": layer}
    return tuple(
        Row(f"api:{route}", everyone, but, arguments=about)
        for route in ("layer", "versions", "features")
    )


def _events(layer: str, seen_by: tuple[str, ...]) -> Row:
    but = dict.fromkeys(seen_by, 403) | {"nobody": 401} | dict.fromkeys(OWNERS, 200)
    return Row("api:events", 404, but, arguments={"layer_id": layer})


_READERS = (404, {"nobody": 401, "aigul": 200, "dmitri": 200})
_BROUGHT = (403, {"nobody": 401, "aigul": 201, "azamat": 201})
_UNKNOWN = (404, {"nobody": 401, "aigul": 409, "azamat": 409})
_OWNED = (404, {"nobody": 401, "aigul": 200, "azamat": 200})
_OWNER = (404, {"nobody": 401, "aigul": 204})

ROWS = (
    Row("api:api-root", 404),
    Row("api:openapi-json", 200),
    Row("api_documentation", 200),
    Row("api_documentation", 405, method="post"),
    Row("api:layers", 200),
    Row("api:layers", 400, query="?unknown=1"),
    Row("api:layers", 422, query="?limit=0"),
    Row("api:layers", 405, method="post"),
    Row("api:begin_layer", 400, {"nobody": 401}, method="post"),
    Row("api:begin_version", *_BROUGHT, method="post", arguments={"layer_id": "public layer"}),
    Row("api:begin_version", *_UNKNOWN, method="post", arguments={"layer_id": "draft layer"}),
    Row("api:draft", *_OWNED, arguments={"layer_id": "draft layer", "number": "number one"}),
    Row(
        "api:send_file",
        422,
        {"nobody": 401},
        method="post",
        arguments={"layer_id": "draft layer", "number": "number one"},
    ),
    *_rows("public layer", (200, {})),
    *_rows("partners' layer", only(200, *PARTNERS, others=404)),
    *_rows("named layer", only(200, *OWNERS, others=404)),
    *_rows("embargoed layer", only(200, *OWNERS, others=404)),
    *_rows("no such thing", (404, {})),
    _events("public layer", SIGNED_IN),
    _events("partners' layer", PARTNERS),
    _events("named layer", ()),
    Row("api:species", 200),
    Row("api:one_species", 200, arguments={"species_id": "saiga"}),
    Row("api:one_species", 404, arguments={"species_id": "no such thing"}),
    Row("api:states", 200),
    Row("api:me", 200, {"nobody": 401}),
    Row("api:populations", 200),
    Row("api:populations", 422, query="?iso3=nowhere"),
    Row("api:population", 404, arguments={"uid": "no such uid"}),
    Row("api:propose_population", 400, {"nobody": 401}, method="post"),
    Row("api:propose_change", 405, arguments={"uid": "no such uid"}),
    Row(
        "api:propose_change", 400, {"nobody": 401}, method="post", arguments={"uid": "no such uid"}
    ),
    Row("api:screenings", 200, {"nobody": 401}),
    Row("api:ask_screening", 422, {"nobody": 401}, method="post"),
    Row("api:screening", *_READERS, arguments={"uid": "screening"}),
    Row("api:screening", 404, {"nobody": 401}, arguments={"uid": "no such uid"}),
    Row("api:delete_screening", *_OWNER, method="delete", arguments={"uid": "screening"}),
    Row(
        "api:screening_file",
        404,
        {"nobody": 401},
        arguments={"uid": "screening", "language": "en", "name": "report.pdf"},
    ),
    Row("api_tokens", 200, {"nobody": 302}),
    Row("api_tokens", 400, {"nobody": 302}, method="post"),
    Row("api_token_end", 404, {"nobody": 302}, method="post", arguments={"token_id": "1"}),
    Row("api_token_end", 405, {"nobody": 302}, arguments={"token_id": "1"}),
)
