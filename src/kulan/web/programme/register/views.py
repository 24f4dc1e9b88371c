"""Pages of the register."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kulan.web.programme.menu import MENU


@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """Show the programme: the way to each of its areas."""
    return render(request, "programme/register/list.html", {"menu": MENU})
