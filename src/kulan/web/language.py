"""The reader's language: from the address, from a cookie, or told by the browser."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from babel import negotiate_locale
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.functional import lazy
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from kulan.words import LANGUAGES, Words, words_in

COOKIE = "kulan_language"
_YEAR_S = 365 * 24 * 3600


class ReaderLanguage:
    """Gives each request its `words`, and Django the same language for its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Take what answers the request."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the reader's language."""
        language = language_of(request)
        request.words = words_in(language)  # type: ignore[attr-defined]
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


def language_of(request: HttpRequest) -> str:
    """Return one of `LANGUAGES`: the address first, then the cookie, then the browser."""
    for asked in (request.GET.get("lang"), request.COOKIES.get(COOKIE)):
        if asked in LANGUAGES:
            return str(asked)
    header = request.headers.get("Accept-Language", "")
    wanted = [part.split(";")[0].strip() for part in header.split(",")]
    return negotiate_locale(wanted, list(LANGUAGES), sep="-") or "en"


def current_words() -> Words:
    """Return the words of the language that is active now."""
    language = (translation.get_language() or "en").split("-")[0]
    return words_in(language if language in LANGUAGES else "en")


def _say(text: str, **values: Any) -> str:
    return current_words().say(text, **values)


say_lazy = lazy(_say, str)
"""Translate when shown, not when the module is read: for forms and models."""


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Remember a language and go back to the page the reader was on."""
    language = request.POST.get("language", "")
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = "/"
    response = HttpResponseRedirect(_without_language(back))
    remember(request, response, language)
    return response


def remember(request: HttpRequest, response: HttpResponse, language: str) -> None:
    """Let this browser keep a language; one that Kulan does not speak changes nothing."""
    if language in LANGUAGES:
        response.set_cookie(
            COOKIE, language, max_age=_YEAR_S, samesite="Lax", secure=request.is_secure()
        )


def _without_language(address: str) -> str:
    """Return an address that no longer asks for a language: the one just chosen is to hold."""
    parts = urlsplit(address)
    kept = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != "lang"]
    return parts._replace(query=urlencode(kept)).geturl()
