"""Addresses of the register."""

from django.urls import path

from kulan.web.programme.register import views

urlpatterns = [
    path("", views.register, name="programme"),
]
