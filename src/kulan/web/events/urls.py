"""Addresses of what happened."""

from django.urls import path

from kulan.web.events import views

urlpatterns = [
    path("events/", views.events, name="events"),
    path("events/table.csv", views.events_csv, name="events_csv"),
    path("events/of/<str:kind>/<str:uid>", views.events_of_thing, name="events_of"),
]
