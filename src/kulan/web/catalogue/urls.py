"""Addresses of the catalogue; that of a version stays for ever."""

from django.urls import path

from kulan.web.catalogue import desk_pages, keeping_pages, pages

_V = "layers/<slug:layer_id>/<int:number>"

urlpatterns = [
    path("layers", pages.layers, name="layers"),
    path("layers/new", desk_pages.new_layer, name="layer_new"),
    path("layers/review", desk_pages.review_queue, name="review_queue"),
    path("layers/rules", keeping_pages.rules, name="sensitivity_rules"),
    path("layers/rules/<int:rule_id>/drop", keeping_pages.drop_rule, name="sensitivity_rule_drop"),
    path("layers/catalogue.jsonld", pages.catalogue_record, name="catalogue_record"),
    path("layers/<slug:layer_id>", pages.layer, name="layer"),
    path("layers/<slug:layer_id>/agreements", keeping_pages.agreements, name="layer_agreements"),
    path(
        "layers/<slug:layer_id>/agreements/<int:agreement_id>/end",
        keeping_pages.end_agreement,
        name="layer_agreement_end",
    ),
    path("layers/<slug:layer_id>/seen-by", keeping_pages.seen_by, name="layer_seen_by"),
    path(
        "layers/<slug:layer_id>/changes/<int:before>/<int:after>",
        pages.changes,
        name="layer_changes",
    ),
    path(_V, pages.version_page, name="layer_version"),
    path(f"{_V}/data.<slug:form>", pages.export_file, name="layer_export"),
    path(f"{_V}/metadata.<slug:form>", pages.metadata, name="layer_metadata"),
    path(f"{_V}/desk", desk_pages.desk, name="layer_desk"),
    path(f"{_V}/describe", desk_pages.describe, name="layer_describe"),
    path(f"{_V}/upload", desk_pages.upload, name="layer_upload"),
    path(f"{_V}/progress", desk_pages.progress, name="layer_progress"),
    path(f"{_V}/submit", desk_pages.submit, name="layer_submit"),
    path(f"{_V}/take-back", desk_pages.take_back, name="layer_take_back"),
    path(f"{_V}/decide", desk_pages.decide, name="layer_decide"),
    path(f"{_V}/withdraw", desk_pages.withdraw, name="layer_withdraw"),
    path(f"{_V}/next", desk_pages.new_version, name="layer_next"),
    path(f"{_V}/discard", desk_pages.discard, name="layer_discard"),
    path(f"{_V}/sensitivity", keeping_pages.decide_sensitivity, name="layer_sensitivity"),
]
