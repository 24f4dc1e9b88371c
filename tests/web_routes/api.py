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


ROWS = (
    Row("api:api-root", 404),
    Row("api:openapi-json", 200),
    Row("api_documentation", 200),
    Row("api_documentation", 405, method="post"),
    Row("api:layers", 200),
    Row("api:layers", 400, query="?unknown=1"),
    Row("api:layers", 422, query="?limit=0"),
    Row("api:layers", 405, method="post"),
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
    Row("api_tokens", 200, {"nobody": 302}),
    Row("api_tokens", 400, {"nobody": 302}, method="post"),
    Row("api_token_end", 404, {"nobody": 302}, method="post", arguments={"token_id": "1"}),
    Row("api_token_end", 405, {"nobody": 302}, arguments={"token_id": "1"}),
)
