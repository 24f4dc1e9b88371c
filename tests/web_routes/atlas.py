"""Rows of the map's addresses."""

from web_routes import Row

OWNERS = ("aigul", "azamat")
_PLACE = "?lon=103.12&lat=44.76&zoom=5&layers=public-layer"

ROWS = (
    Row("home", 200),
    Row("home", 405, method="post"),
    Row("atlas_embed", 200),
    Row("atlas_layers", 200),
    Row("atlas_facts", 200, query=_PLACE),
    Row("atlas_facts", 404),
    Row("atlas_print", 405),
    Row("atlas_print", 422, method="post"),
    Row("atlas_search", 200, query="?q=saiga"),
    Row("atlas_layer", 302, arguments={"layer_id": "public layer"}),
    Row(
        "atlas_layer",
        302,
        dict.fromkeys(("nobody", "hassan"), 404),
        arguments={"layer_id": "partners' layer"},
    ),
    Row("atlas_layer", 404, dict.fromkeys(OWNERS, 302), arguments={"layer_id": "named layer"}),
    Row("atlas_layer", 404, dict.fromkeys(OWNERS, 302), arguments={"layer_id": "embargoed layer"}),
    Row("atlas_layer", 404, arguments={"layer_id": "draft layer"}),
    Row("atlas_layer", 404, arguments={"layer_id": "no such thing"}),
    Row(
        "atlas_tile",
        404,
        arguments={
            "layer_id": "public layer", "seen": "no such thing", "z": "0", "x": "0", "y": "0",
            "ending": "mvt",
        },
    ),
)  # fmt: skip
