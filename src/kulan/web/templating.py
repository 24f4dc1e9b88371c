"""Jinja2 templates: what every page finds in them."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.templatetags.static import static
from django.urls import reverse
from jinja2 import Environment, StrictUndefined

from kulan import __version__
from kulan.web.navigation import NAVIGATION
from kulan.words import LANGUAGES

LANGUAGE_NAMES = {"en": "English", "ru": "Русский", "fr": "Français"}


def environment(**options: Any) -> Environment:
    """Return the Jinja2 environment; a name that a page lacks is an error, not a blank."""
    made = Environment(  # noqa: S701  Django asks for autoescape
        **{**options, "undefined": StrictUndefined, "trim_blocks": True}
    )
    made.globals.update(
        static=static,
        url=address,
        version=__version__,
        languages=[(code, LANGUAGE_NAMES[code]) for code in LANGUAGES],
        demonstration=settings.DEMONSTRATION,
    )
    return made


def address(name: str, *arguments: Any, **named: Any) -> str:
    """Return the address of a page by its name."""
    return reverse(name, args=arguments, kwargs=named)


def page(request: HttpRequest) -> dict[str, Any]:
    """Return what every page says in: its reader's words, and who the reader is."""
    words = request.words  # type: ignore[attr-defined]
    return {
        "request": request,
        "words": words,
        "language": words.language,
        "say": words.say,
        "say_count": words.say_count,
        "viewer": getattr(request, "viewer", None),
        "user": getattr(request, "user", None),
        "csrf_token": get_token(request),
        "here": request.get_full_path(),
        "navigation": NAVIGATION,
    }
