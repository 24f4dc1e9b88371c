"""Which requirements classes of which standards are followed."""

_FEATURES = "http://www.opengis.net/spec/ogcapi-features-"
_TILES = "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/"
_COMMON = "http://www.opengis.net/spec/ogcapi-common-"
_CQL2 = "http://www.opengis.net/spec/cql2/1.0/conf/"
_FILTERS = (
    "cql2-text",
    "cql2-json",
    "basic-cql2",
    "advanced-comparison-operators",
    "basic-spatial-functions",
    "basic-spatial-functions-plus",
)

CLASSES = (
    f"{_COMMON}1/1.0/conf/core",
    f"{_COMMON}2/1.0/conf/collections",
    f"{_FEATURES}1/1.0/conf/core",
    f"{_FEATURES}1/1.0/conf/geojson",
    f"{_FEATURES}1/1.0/conf/html",
    f"{_FEATURES}1/1.0/conf/oas30",
    f"{_FEATURES}2/1.0/conf/crs",
    f"{_FEATURES}3/1.0/conf/queryables",
    f"{_FEATURES}3/1.0/conf/queryables-query-parameters",
    f"{_FEATURES}3/1.0/conf/filter",
    f"{_FEATURES}3/1.0/conf/features-filter",
    *(f"{_CQL2}{name}" for name in _FILTERS),
    "http://www.opengis.net/spec/ogcapi-records-1/1.0/conf/record-core",
    "http://www.opengis.net/spec/ogcapi-records-1/1.0/conf/record-collection",
    f"{_TILES}core",
    f"{_TILES}tileset",
    f"{_TILES}tilesets-list",
    f"{_TILES}geodata-tilesets",
    f"{_TILES}mvt",
)
