"""Every address of the application, in one place."""

from django.urls import include, path
from django.views.generic import RedirectView

from kulan.web import language
from kulan.web.operation import health, metrics

urlpatterns = [
    path("", include("kulan.web.atlas.urls")),
    path("", include("kulan.web.ogc.urls")),
    path("", include("kulan.web.api.urls")),
    path("", include("kulan.web.catalogue.urls")),
    path("favicon.ico", RedirectView.as_view(url="/static/kulan/icon.svg"), name="favicon"),
    path("healthz", health.alive, name="alive"),
    path("readyz", health.ready, name="ready"),
    path("metrics", metrics.show, name="metrics"),
    path("language", language.choose, name="language"),
    path("species/", include("kulan.web.species.urls")),
    path("programme/", include("kulan.web.programme.urls")),
    path("screenings/", include("kulan.web.screenings.urls")),
    path("", include("kulan.web.people.urls")),
    path("", include("kulan.web.events.urls")),
    path("account/", include("allauth.urls")),
]

handler400 = "kulan.web.errors.bad_request"
handler403 = "kulan.web.errors.denied"
handler404 = "kulan.web.errors.not_found"
handler500 = "kulan.web.errors.failed"
