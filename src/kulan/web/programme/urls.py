"""Addresses of the programme: the register first; each other area includes its own here."""

from django.urls import include, path

from kulan.web.programme.registers.species_programme import species_programme

urlpatterns = [
    path("", include("kulan.web.programme.register.urls")),
    path("", include("kulan.web.programme.editions.urls")),
    path("", include("kulan.web.programme.reporting.urls")),
    path("gaps/", include("kulan.web.programme.gaps.urls")),
    path("species/<slug:species_id>", species_programme, name="programme_species"),
    path("registers/", include("kulan.web.programme.registers.urls")),
    path("money/", include("kulan.web.programme.money.urls")),
    path("newsletter/", include("kulan.web.programme.newsletter.urls")),
]
