"""Addresses of screenings."""

from django.urls import path

from kulan.web.screenings import asking, reading, sharing

urlpatterns = [
    path("", reading.listing, name="screenings"),
    path("new", asking.new, name="screening_new"),
    path("link/<str:token>", reading.by_link, name="screening_link"),
    path("<uuid:uid>/", reading.page, name="screening"),
    path("<uuid:uid>/progress", reading.progress, name="screening_progress"),
    path("<uuid:uid>/report/<str:language>", reading.report, name="screening_report"),
    path("<uuid:uid>/files/<str:language>/<str:name>", reading.file, name="screening_file"),
    path("<uuid:uid>/again", asking.again, name="screening_again"),
    path("<uuid:uid>/stop", asking.stop, name="screening_stop"),
    path("<uuid:uid>/language", asking.in_language, name="screening_language"),
    path("<uuid:uid>/delete", sharing.delete, name="screening_delete"),
    path("<uuid:uid>/share", sharing.share, name="screening_share"),
    path("<uuid:uid>/share/<int:share_id>/end", sharing.end_share, name="screening_share_end"),
    path("<uuid:uid>/link", sharing.make_link, name="screening_link_make"),
    path("<uuid:uid>/link/<int:link_id>/end", sharing.end_link, name="screening_link_end"),
]
