"""Rows of the OGC API: what is not for a reader to know of is not there."""

from web_routes import SIGNED_IN, Row, only

OWNERS = ("aigul", "azamat")
PARTNERS = tuple(who for who in SIGNED_IN if who != "hassan")
_OF_ONE = ("ogc_collection", "ogc_queryables", "ogc_items", "ogc_tilesets")


def _rows(layer: str, status: tuple[int, dict[str, int]]) -> tuple[Row, ...]:
    everyone, but = status
    about = {"collection_id": layer}
    tiles = {**about, "matrix_set": "WebMercatorQuad"}
    return (
        *(Row(route, everyone, but, arguments=about) for route in _OF_ONE),
        *(Row(route, everyone, but, arguments=about, query="?f=html") for route in _OF_ONE),
        Row("ogc_item", everyone, but, arguments={**about, "feature_id": "a"}),
        Row("ogc_item", everyone, but, arguments={**about, "feature_id": "a"}, query="?f=html"),
        Row("ogc_item", 404, arguments={**about, "feature_id": "no such thing"}),
        Row("ogc_items", 405, method="post", arguments=about),
        Row("ogc_tileset", everyone, but, arguments=tiles),
        Row("ogc_tileset", 404, arguments={**tiles, "matrix_set": "no such thing"}),
        Row("ogc_tile", everyone, but, arguments={**tiles, "zoom": "0", "row": "0", "column": "0"}),
        Row("ogc_tile", 404, arguments={**tiles, "zoom": "0", "row": "1", "column": "0"}),
    )


ROWS = (
    *(
        Row(route, 200, query=query)
        for route in (
            "ogc_landing",
            "ogc_landing_slash",
            "ogc_conformance",
            "ogc_definition",
            "ogc_collections",
        )
        for query in ("", "?f=html")
    ),
    Row("ogc_collections", 400, query="?unknown=1"),
    *_rows("public layer", (200, {})),
    *_rows("partners' layer", only(200, *PARTNERS, others=404)),
    *_rows("named layer", only(200, *OWNERS, others=404)),
    *_rows("embargoed layer", only(200, *OWNERS, others=404)),
    *_rows("draft layer", (404, {})),
    *_rows("no such thing", (404, {})),
)
