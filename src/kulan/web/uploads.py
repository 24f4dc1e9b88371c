"""How much a request may carry: refused before any of it is read."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from kulan.web.errors import refusal

_BESIDE_FILES = 4_000_000  # fields of a form, and what separates its parts


class UploadLimit:
    """Refuses requests larger than `UPLOAD_MOST_BYTES`.

    Whatever reads a form first, the protection against forged forms among it, would otherwise
    stream the whole of it to disk. A request that does not say its length has none for Django.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Take what answers the request."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or refuse."""
        length = request.META.get("CONTENT_LENGTH") or "0"
        most = settings.UPLOAD_MOST_BYTES
        if not length.isdigit() or int(length) <= most + _BESIDE_FILES:
            return self.get_response(request)
        say = request.words.say  # type: ignore[attr-defined]
        message = say(
            "This is larger than {size} MB, the most that can be sent at once. Cut the data to the "
            "area of the question.",
            size=most // 1_000_000,
        )
        return refusal(request, 413, message)
