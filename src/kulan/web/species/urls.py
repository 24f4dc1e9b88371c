"""Addresses of the species' pages."""

from django.urls import path, register_converter

from kulan.web.species import proposals, views


class Kind:
    """The kind of a record in an address."""

    regex = "population|account"

    def to_python(self, value: str) -> str:
        """Return it as it is."""
        return value

    to_url = to_python


class SheetEnding:
    """The ending of a table's address."""

    regex = "csv|xlsx"

    def to_python(self, value: str) -> str:
        """Return it as it is."""
        return value

    to_url = to_python


register_converter(Kind, "record_kind")
register_converter(SheetEnding, "table_ending")

urlpatterns = [
    path("", views.species_list, name="species_list"),
    path("populations.<table_ending:ending>", views.all_populations, name="species_tables"),
    path("proposals", proposals.proposals, name="species_proposals"),
    path("record/<record_kind:kind>/<uuid:uid>", proposals.record, name="species_record"),
    path(
        "record/<record_kind:kind>/<uuid:uid>/decide",
        proposals.decide,
        name="species_record_decide",
    ),
    path(
        "record/<record_kind:kind>/<uuid:uid>/take-back",
        proposals.take_back,
        name="species_record_take_back",
    ),
    path(
        "record/<record_kind:kind>/<uuid:uid>/withdraw",
        proposals.withdraw,
        name="species_record_withdraw",
    ),
    path(
        "record/population/<uuid:uid>/change",
        proposals.change_population,
        name="species_population_change",
    ),
    path("<slug:species_id>", views.species, name="species"),
    path("<slug:species_id>/compare", views.compare, name="species_compare"),
    path("<slug:species_id>/habitat.svg", views.habitat, name="species_habitat"),
    path("<slug:species_id>/fact-sheet", views.fact_sheet, name="species_sheet"),
    path("<slug:species_id>/fact-sheet.pdf", views.fact_sheet_file, name="species_sheet_file"),
    path(
        "<slug:species_id>/populations.<table_ending:ending>",
        views.populations,
        name="species_table",
    ),
    path(
        "<slug:species_id>/propose",
        proposals.propose_population,
        name="species_population_propose",
    ),
    path(
        "<slug:species_id>/account/<slug:section>/<slug:language>",
        proposals.propose_account,
        name="species_account_propose",
    ),
]
