"""Addresses of editions and of crosswalks."""

from django.urls import path

from kulan.web.programme.editions import crosswalk_changes, crosswalk_views, views

_WALK = "crosswalks/<slug:before>/<slug:after>"

urlpatterns = [
    path("editions", views.editions, name="programme_editions"),
    path("editions/bring", views.bring, name="programme_edition_bring"),
    path("editions/files/<uuid:uid>", views.file, name="programme_edition_file"),
    path("editions/files/<uuid:uid>/progress", views.progress, name="programme_edition_progress"),
    path("editions/files/<uuid:uid>/losses.csv", views.losses, name="programme_edition_losses"),
    path("editions/of/<slug:edition_id>", views.edition, name="programme_edition"),
    path("editions/of/<slug:edition_id>/state", views.state, name="programme_edition_state"),
    path("editions/compare", crosswalk_changes.compare, name="programme_compare"),
    path(_WALK, crosswalk_views.crosswalk, name="programme_crosswalk"),
    path(f"{_WALK}/crosswalk.csv", crosswalk_views.sheet, name="programme_crosswalk_sheet"),
    path(f"{_WALK}/again", crosswalk_changes.again, name="programme_crosswalk_again"),
    path(f"{_WALK}/pair", crosswalk_changes.pair, name="programme_crosswalk_pair"),
    path(f"{_WALK}/several", crosswalk_changes.several, name="programme_crosswalk_several"),
    path(f"{_WALK}/file", crosswalk_changes.file, name="programme_crosswalk_file"),
    path(f"{_WALK}/carry", crosswalk_changes.carry, name="programme_crosswalk_carry"),
    path(f"{_WALK}/pairs/<int:pk>", crosswalk_changes.decide, name="programme_crosswalk_decide"),
]
