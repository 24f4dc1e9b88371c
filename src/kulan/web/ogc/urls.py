"""Addresses of the OGC API. The landing page answers with and without a slash: clients differ."""

from django.urls import path

from kulan.web.ogc import items, tiles, views

_ONE = "ogc/collections/<str:collection_id>"

urlpatterns = [
    path("ogc", views.landing, name="ogc_landing"),
    path("ogc/", views.landing, name="ogc_landing_slash"),
    path("ogc/conformance", views.conformance, name="ogc_conformance"),
    path("ogc/api", views.api, name="ogc_definition"),
    path("ogc/collections", views.collections, name="ogc_collections"),
    path(_ONE, views.collection, name="ogc_collection"),
    path(f"{_ONE}/queryables", views.queryables, name="ogc_queryables"),
    path(f"{_ONE}/items", items.items, name="ogc_items"),
    path(f"{_ONE}/items/<str:feature_id>", items.item, name="ogc_item"),
    path(f"{_ONE}/tiles", tiles.tilesets, name="ogc_tilesets"),
    path(f"{_ONE}/tiles/<str:matrix_set>", tiles.tileset, name="ogc_tileset"),
    path(
        f"{_ONE}/tiles/<str:matrix_set>/<int:zoom>/<int:row>/<int:column>",
        tiles.tile,
        name="ogc_tile",
    ),
]
