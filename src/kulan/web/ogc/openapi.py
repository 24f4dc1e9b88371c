"""The definition of the OGC API as OpenAPI 3.0; the same for every reader, so it tells nothing."""

from typing import Any

from kulan import __version__
from kulan.web.ogc import answers
from kulan.web.ogc.crs import CRS84, CRS84H, OFFERED
from kulan.web.ogc.parameters import DEFAULT_LIMIT, MOST_LIMIT

Parameter = dict[str, Any]


def _query(name: str, description: str, schema: dict[str, Any], **more: Any) -> Parameter:
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": description,
        "schema": schema,
        **more,
    }


def _within(name: str, description: str, **schema: Any) -> Parameter:
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": description,
        "schema": {"type": "string", **schema},
    }


def _explode(**more: Any) -> dict[str, Any]:
    return {"style": "form", "explode": False, **more}


_CRS = {"type": "string", "format": "uri", "enum": list(OFFERED), "default": CRS84}
_TEXTS = {"type": "array", "items": {"type": "string", "maxLength": 200}, "maxItems": 20}
PARAMETERS: dict[str, Parameter] = {
    "f": _query("f", "Format of the answer.", {"type": "string", "enum": ["json", "html"]}),
    "lang": _query("lang", "Language of titles.", {"type": "string", "enum": ["en", "ru", "fr"]}),
    "limit": _query(
        "limit",
        "Features on one page.",
        {"type": "integer", "minimum": 1, "maximum": MOST_LIMIT, "default": DEFAULT_LIMIT},
        **_explode(),
    ),
    "after": _query(
        "after",
        "Name of the last feature of the page before; follow the link `next` instead.",
        {"type": "string", "maxLength": 200},
    ),
    "bbox": _query(
        "bbox",
        "Box that features must meet: four numbers, or six with heights, which are left aside.",
        {
            "type": "array",
            "oneOf": [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}],
            "items": {"type": "number"},
        },
        **_explode(),
    ),
    "bbox-crs": _query(
        "bbox-crs", "System of the box.", {**_CRS, "enum": [*OFFERED, CRS84H]}, **_explode()
    ),
    "datetime": _query(
        "datetime",
        "Instant, or interval open on one side at most, that a feature's time must meet.",
        {"type": "string"},
        **_explode(),
    ),
    "crs": _query("crs", "System of the coordinates in the answer.", _CRS, **_explode()),
    "filter": _query(
        "filter", "A condition in CQL2 on the queryables of the collection.", {"type": "string"}
    ),
    "filter-lang": _query(
        "filter-lang",
        "How the filter is written.",
        {"type": "string", "enum": ["cql2-text", "cql2-json"], "default": "cql2-text"},
    ),
    "filter-crs": _query("filter-crs", "System of the filter's coordinates.", _CRS),
    "properties": _query(
        "properties",
        "Any queryable of the collection by its name: features that have just this value.",
        {"type": "object", "additionalProperties": {"type": "string"}, "maxProperties": 5},
        style="form",
        explode=True,
    ),
    "q": _query(
        "q", "Words a record must hold: all of one term, of any term.", _TEXTS, **_explode()
    ),
    "type": _query("type", "Kinds of resources.", _TEXTS, **_explode()),
    "ids": _query("ids", "Names of records.", _TEXTS, **_explode()),
    "externalIds": _query("externalIds", "Identifiers of layers' versions.", _TEXTS, **_explode()),
    "recordId": _within("recordId", "Name of a record: kulan:layer:version."),
    "collectionId": _within("collectionId", "Name of a collection, as listed in /collections."),
    "featureId": _within("featureId", "Name of a feature."),
    "tileMatrixSetId": _within(
        "tileMatrixSetId", "Name of the tile matrix set.", enum=["WebMercatorQuad"]
    ),
    "tileMatrix": _within("tileMatrix", "Zoom, 0 to 14.", type="integer", minimum=0, maximum=14),
    "tileRow": _within("tileRow", "Row from the north.", type="integer", minimum=0),
    "tileCol": _within("tileCol", "Column from the west.", type="integer", minimum=0),
}


def _ref(kind: str, name: str) -> dict[str, str]:
    return {"$ref": f"#/components/{kind}/{name}"}


def _content(*media_types: str, schema: str | None = None) -> dict[str, Any]:
    told: dict[str, Any] = {"schema": _ref("schemas", schema)} if schema else {}
    return {name: {} if name == answers.HTML else told for name in media_types}


def _get(
    operation: str, summary: str, parameters: tuple[str, ...], content: dict[str, Any], **more: Any
) -> dict[str, Any]:
    """Return the one operation of an address, with every answer it can give."""
    paths = [name for name in parameters if PARAMETERS[name]["in"] == "path"]
    refusals = ["400", "401", "403", "429", "500", *(["404"] if paths else [])]
    responses: dict[str, Any] = {
        "200": {"description": summary, "content": content, **more},
        "304": {"description": "Nothing has changed since the answer whose ETag was sent."},
        **{status: _ref("responses", f"Refusal{status}") for status in sorted(refusals)},
    }
    return {
        "get": {
            "operationId": operation,
            "summary": summary,
            "tags": ["OGC API"],
            "parameters": [_ref("parameters", name) for name in (*parameters, "f", "lang")],
            "responses": responses,
        }
    }


_REFUSALS = {
    "400": "A parameter is unknown, or its value cannot be understood.",
    "401": "The token is unknown, has ended, or is past its day.",
    "403": "The token was not given the right to read.",
    "404": "There is no such thing, or it is not for this reader to know of.",
    "429": "Asked too often; the header Retry-After says for how many seconds to wait.",
    "500": "The fault is the server's.",
}
_SCHEMAS: dict[str, Any] = {
    "exception": {
        "type": "object",
        "required": ["code"],
        "properties": {"code": {"type": "string"}, "description": {"type": "string"}},
    },
    "link": {
        "type": "object",
        "required": ["href"],
        "properties": {name: {"type": "string"} for name in ("href", "rel", "type", "title")},
    },
    "links": {
        "type": "object",
        "required": ["links"],
        "properties": {"links": {"type": "array", "items": _ref("schemas", "link")}},
    },
    "conformance": {
        "type": "object",
        "required": ["conformsTo"],
        "properties": {"conformsTo": {"type": "array", "items": {"type": "string"}}},
    },
    "collection": {
        "type": "object",
        "required": ["id", "links"],
        "properties": {
            "id": {"type": "string"},
            "title": {"type": "string"},
            "description": {"type": "string"},
            "links": {"type": "array", "items": _ref("schemas", "link")},
            "extent": {"type": "object"},
            "itemType": {"type": "string"},
            "crs": {"type": "array", "items": {"type": "string"}},
            "storageCrs": {"type": "string"},
        },
    },
    "collections": {
        "type": "object",
        "required": ["links", "collections"],
        "properties": {
            "links": {"type": "array", "items": _ref("schemas", "link")},
            "collections": {"type": "array", "items": _ref("schemas", "collection")},
        },
    },
    "feature": {
        "type": "object",
        "required": ["type", "geometry", "properties"],
        "properties": {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": {"type": "string"},
            "geometry": {"type": "object", "nullable": True},
            "properties": {"type": "object", "nullable": True},
            "links": {"type": "array", "items": _ref("schemas", "link")},
        },
    },
    "features": {
        "type": "object",
        "required": ["type", "features"],
        "properties": {
            "type": {"type": "string", "enum": ["FeatureCollection"]},
            "features": {"type": "array", "items": _ref("schemas", "feature")},
            "links": {"type": "array", "items": _ref("schemas", "link")},
            "timeStamp": {"type": "string", "format": "date-time"},
            "numberMatched": {"type": "integer", "minimum": 0},
            "numberReturned": {"type": "integer", "minimum": 0},
        },
    },
}
_CONTENT_CRS = {
    "Content-Crs": {
        "description": "System of the coordinates, in angle brackets.",
        "schema": {"type": "string"},
    }
}


def _paths() -> dict[str, Any]:
    both, one = (answers.JSON, answers.HTML), "collectionId"
    geojson = (answers.GEOJSON, answers.HTML)
    crs_of = {"headers": _CONTENT_CRS}
    asked = ("limit", "after", "bbox", "bbox-crs", "datetime", "crs")
    filters = ("filter", "filter-lang", "filter-crs", "properties")
    of_one = f"/collections/{{{one}}}"
    return {
        "/": _get("landing", "Landing page", (), _content(*both, schema="links")),
        "/conformance": _get(
            "conformance", "Standards followed", (), _content(*both, schema="conformance")
        ),
        "/api": _get("definition", "This definition", (), _content(answers.OPENAPI, answers.HTML)),
        "/collections": _get(
            "collections", "Collections", (), _content(*both, schema="collections")
        ),
        of_one: _get("collection", "A collection", (one,), _content(*both, schema="collection")),
        f"{of_one}/queryables": _get(
            "queryables", "What to filter by", (one,), _content(answers.SCHEMA, answers.HTML)
        ),
        f"{of_one}/items": _get(
            "items",
            "Features",
            (one, *asked, *filters),
            _content(*geojson, schema="features"),
            **crs_of,
        ),
        f"{of_one}/items/{{featureId}}": _get(
            "item",
            "A feature",
            (one, "featureId", "crs"),
            _content(*geojson, schema="feature"),
            **crs_of,
        ),
        "/collections/catalogue/items": _get(
            "records",
            "Records of the catalogue",
            ("limit", "after", "bbox", "datetime", "q", "type", "ids", "externalIds"),
            _content(*geojson, schema="features"),
        ),
        "/collections/catalogue/items/{recordId}": _get(
            "record", "A record", ("recordId",), _content(*geojson, schema="feature")
        ),
        **_tile_paths(f"{of_one}/tiles", one),
    }


def _tile_paths(tiles: str, one: str) -> dict[str, Any]:
    both = _content(answers.JSON, answers.HTML)
    of_set = f"{tiles}/{{tileMatrixSetId}}"
    place = ("tileMatrixSetId", "tileMatrix", "tileRow", "tileCol")
    tile = _get("tile", "A tile", (one, *place), {answers.MVT: {}})
    tile["get"]["responses"]["204"] = {"description": "Nothing lies in this tile."}
    return {
        tiles: _get("tilesets", "Tilesets", (one,), both),
        of_set: _get("tileset", "A tileset", (one, "tileMatrixSetId"), both),
        f"{of_set}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}": tile,
    }


def definition(server: str) -> dict[str, Any]:
    """Return the whole definition, for a server at an address."""
    return {
        "openapi": "3.0.3",
        "info": {
            "title": "Kulan Atlas: OGC API",
            "version": __version__,
            "description": (
                "Layers of the Atlas as each reader may see them. Places that are not for a "
                "reader to know exactly come as cells of a grid, and say so."
            ),
            "license": {"name": "Terms stand with each collection"},
        },
        "servers": [{"url": server}],
        "security": [{}, {"token": []}],
        "paths": _paths(),
        "components": {
            "parameters": PARAMETERS,
            "schemas": _SCHEMAS,
            "responses": {
                f"Refusal{status}": {
                    "description": description,
                    "content": {answers.JSON: {"schema": _ref("schemas", "exception")}},
                }
                for status, description in _REFUSALS.items()
            },
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A token from the page of your account.",
                }
            },
        },
    }
