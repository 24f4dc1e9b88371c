"""Addresses of the REST service, and of the page of tokens."""

from django.urls import path

from kulan.web.api import service, views

urlpatterns = [
    path("account/tokens", views.tokens, name="api_tokens"),
    path("account/tokens/<int:token_id>/end", views.end, name="api_token_end"),
    path("api/v1/docs", service.documentation, name="api_documentation"),
    path("api/v1/", service.api.urls),
]
