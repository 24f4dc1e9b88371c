"""Addresses of knowledge gaps."""

from django.urls import path

from kulan.web.programme.gaps import views

urlpatterns = [
    path("", views.gaps, name="programme_gaps"),
    path("fundable.csv", views.table, {"ending": "csv"}, name="programme_gaps_csv"),
    path("fundable.xlsx", views.table, {"ending": "xlsx"}, name="programme_gaps_xlsx"),
]
