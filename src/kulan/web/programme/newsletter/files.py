"""An issue as a file to send or to print, and the feed of published issues."""

from email.message import EmailMessage
from xml.etree import ElementTree as Xml

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from kulan.report.newsletter import Letter, letter_pdf, letter_text
from kulan.web.policy import PUBLIC
from kulan.web.programme.newsletter.permissions import visible_issues
from kulan.web.programme.newsletter.setting import as_html
from kulan.web.programme.newsletter.telling import letter_of
from kulan.web.programme.newsletter.views import PRIVATE, find_issue
from kulan.web.rates import check_rate
from kulan.web.security import client_address

MEDIA = {
    "html": "text/html; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "eml": "message/rfc822",
    "pdf": "application/pdf",
}
_ATOM = "http://www.w3.org/2005/Atom"
_IN_FEED = 20


@require_GET
def letter(request: HttpRequest, number: int, ending: str) -> HttpResponse:
    """Answer an issue as a file in the reader's language."""
    row = find_issue(request, number)
    check_rate(f"newsletter {client_address(request)}", most=30, per_s=60)
    told = letter_of(row, request.words)
    named = f'attachment; filename="kulan-newsletter-{number}-{told.language}.{ending}"'
    headers = {"Content-Disposition": named, **PRIVATE}
    return HttpResponse(_MAKERS[ending](told), content_type=MEDIA[ending], headers=headers)


@require_GET
def feed(request: HttpRequest) -> HttpResponse:
    """Answer the last published issues as an Atom feed (RFC 4287)."""
    words, site = request.words, settings.PUBLIC_URL
    rows = list(visible_issues(PUBLIC).prefetch_related("items")[:_IN_FEED])
    address = site + reverse("newsletter_feed")
    root = Xml.Element("feed", {"xmlns": _ATOM, "xml:lang": words.language})
    _put(root, "id", address)
    _put(root, "title", words.say("Kulan: newsletter of the programme"))
    _put(root, "updated", rows[0].published_at.isoformat() if rows else "1970-01-01T00:00:00Z")
    Xml.SubElement(root, "link", {"rel": "self", "href": address})
    Xml.SubElement(_put(root, "author", ""), "name").text = "Kulan"
    for row in rows:
        told = letter_of(row, words)
        entry = _put(root, "entry", "")
        _put(entry, "id", site + reverse("newsletter_issue", kwargs={"number": row.number}))
        _put(entry, "title", told.title)
        _put(entry, "updated", row.published_at.isoformat())
        Xml.SubElement(entry, "link", {"href": told.address})
        _put(entry, "summary", "\n".join((told.subtitle, *told.introduction)))
    body = Xml.tostring(root, encoding="utf-8", xml_declaration=True)
    return HttpResponse(body, content_type="application/atom+xml; charset=utf-8", headers=PRIVATE)


def as_message(told: Letter) -> bytes:
    """Return a letter as a message that mail programs open to be sent: HTML and plain text."""
    message = EmailMessage()
    message["Subject"] = " ".join(told.title.split())
    message["X-Unsent"] = "1"
    message.set_content(letter_text(told))
    message.add_alternative(as_html(told).decode(), subtype="html")
    message.set_boundary(f"=_kulan_newsletter_{told.on}")
    return message.as_bytes()


_MAKERS = {
    "html": as_html,
    "txt": lambda told: letter_text(told).encode(),
    "eml": as_message,
    "pdf": letter_pdf,
}


def _put(parent: Xml.Element, name: str, text: str) -> Xml.Element:
    one = Xml.SubElement(parent, name)
    one.text = text or None
    return one
