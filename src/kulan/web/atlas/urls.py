"""Addresses of the map."""

from django.urls import path, register_converter

from kulan.web.atlas import views


class Ending:
    """The ending of a tile's address."""

    regex = "mvt|png"

    def to_python(self, value: str) -> str:
        """Return it as it is."""
        return value

    to_url = to_python


register_converter(Ending, "ending")

urlpatterns = [
    path("", views.home, name="home"),
    path("atlas/embed", views.embed, name="atlas_embed"),
    path("atlas/layers.json", views.layers, name="atlas_layers"),
    path("atlas/layer/<slug:layer_id>", views.layer, name="atlas_layer"),
    path("atlas/facts", views.facts, name="atlas_facts"),
    path("atlas/print", views.print_sheet, name="atlas_print"),
    path("atlas/search", views.search, name="atlas_search"),
    path(
        "atlas/tiles/<slug:layer_id>/<slug:seen>/<int:z>/<int:x>/<int:y>.<ending:ending>",
        views.tile,
        name="atlas_tile",
    ),
]
