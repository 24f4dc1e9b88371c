"""Pages of the newsletter: all issues, one issue, and the desk of whoever makes it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kulan.programme.newsletter import REASON_NAMES, SECTION_NAMES, Reason, section_of
from kulan.report.newsletter import about_item
from kulan.web.policy import Viewer
from kulan.web.programme.menu import MENU
from kulan.web.programme.newsletter import actions, sending
from kulan.web.programme.newsletter.actions import Edited
from kulan.web.programme.newsletter.forms import BeginForm
from kulan.web.programme.newsletter.models import NewsletterIssue
from kulan.web.programme.newsletter.permissions import check_may_edit, may_edit, visible_issues
from kulan.web.programme.newsletter.telling import as_item, letter_of
from kulan.words import LANGUAGES, Words

MOST_TITLE, MOST_TEXT = 300, 10_000
PRIVATE = {"Cache-Control": "private, no-cache"}


@require_GET
def issues(request: HttpRequest) -> HttpResponse:
    """List the issues, the newest first; drafts among them for whoever makes them."""
    viewer, words = _viewer(request), _words(request)
    rows = list(visible_issues(viewer).prefetch_related("items"))
    context = {
        "menu": MENU,
        "issues": [_listed(row, words) for row in rows if not row.is_draft],
        "drafts": [_listed(row, words) for row in rows if row.is_draft],
        "may_edit": may_edit(viewer),
    }
    return _private(render(request, "programme/newsletter/list.html", context))


@require_GET
def issue(request: HttpRequest, number: int) -> HttpResponse:
    """Show an issue as everyone reads it; a draft for whoever makes it."""
    row = find_issue(request, number)
    context = {
        "menu": MENU,
        "issue": row,
        "letter": letter_of(row, _words(request), whole_links=False),
        "may_edit": may_edit(_viewer(request)),
        "post": _posted(request, row),
        "endings": ("pdf", "html", "txt", "eml"),
    }
    return _private(render(request, "programme/newsletter/issue.html", context))


@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """Draft an issue from what changed in a period."""
    viewer = _viewer(request)
    if not viewer.signed_in:
        return redirect_to_login(request.get_full_path())
    check_may_edit(viewer)
    form = BeginForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        told = form.cleaned_data
        row = actions.begin_issue(viewer, **told)
        return redirect("newsletter_edit", number=row.number)
    status = 422 if request.method == "POST" else 200
    context = {"menu": MENU, "form": form}
    return _private(render(request, "programme/newsletter/new.html", context, status=status))


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, number: int) -> HttpResponse:
    """Edit a draft in one language: introduction, titles, texts, and what is chosen."""
    row, viewer = find_issue(request, number), _viewer(request)
    check_may_edit(viewer)
    asked = request.POST if request.method == "POST" else request.GET
    language = asked.get("in", _words(request).language)
    if language not in LANGUAGES:
        raise Http404
    if request.method == "POST":
        actions.edit_issue(viewer, row, language, **_written(request, row))
        messages.success(request, _words(request).say("Saved."))
        if "preview" in request.POST:
            return redirect("newsletter_issue", number=row.number)
        return redirect(f"{request.path}?in={language}")
    if not row.is_draft:
        return redirect("newsletter_issue", number=row.number)
    context = {
        "menu": MENU,
        "issue": row,
        "letter": letter_of(row, _words(request)),
        "writing": language,
        "writable": LANGUAGES,
        "title": row.title.get(language, ""),
        "introduction": row.introduction.get(language, ""),
        "sections": _desk(row, language, _words(request)),
        "most_title": MOST_TITLE,
        "most_text": MOST_TEXT,
    }
    return _private(render(request, "programme/newsletter/edit.html", context))


@require_POST
def publish(request: HttpRequest, number: int) -> HttpResponse:
    """Publish a draft."""
    row = find_issue(request, number)
    actions.publish_issue(_viewer(request), row)
    messages.success(request, _words(request).say("Published. Everyone can read it now."))
    return redirect("newsletter_issue", number=number)


@require_POST
def drop(request: HttpRequest, number: int) -> HttpResponse:
    """Take a draft away."""
    row = find_issue(request, number)
    actions.drop_issue(_viewer(request), row)
    messages.success(request, _words(request).say("The draft is gone."))
    return redirect("newsletter")


def _posted(request: HttpRequest, row: NewsletterIssue) -> dict[str, Any] | None:
    """Return how far an issue went by post, for whoever sends it."""
    if row.is_draft or not may_edit(_viewer(request)):
        return None
    return {**sending.counts(row), "running": sending.open_job(row) is not None}


def find_issue(request: HttpRequest, number: int) -> NewsletterIssue:
    """Return an issue that exists for the reader.

    Raises
    ------
    Http404
        If there is none, or it is a draft that is not for this reader.
    """
    row = visible_issues(_viewer(request)).prefetch_related("items").filter(number=number).first()
    if row is None:
        raise Http404
    return row


def _listed(row: NewsletterIssue, words: Words) -> dict[str, Any]:
    letter = letter_of(row, words)
    chosen = [item for item in row.items.all() if item.chosen]
    published = words.day(row.published_at.date()) if row.published_at else ""
    return {
        "number": row.number,
        "title": letter.title,
        "subtitle": letter.subtitle,
        "published": published,
        "count": sum(len(item.keys) for item in chosen),
    }


def _desk(row: NewsletterIssue, language: str, words: Words) -> list[tuple[str, list[Any]]]:
    """Return the items by section, with what stands in the language that is written."""
    found: dict[str, list[Any]] = {}
    gone = {item.pk for item in actions.gone_items(row)}
    for item in row.items.all():
        known = as_item(item)
        shown = {
            "pk": item.pk,
            "about": about_item(known, words),
            "name": known.title.tell(words.language),
            "title": item.title.get(language, ""),
            "text": item.text.get(language, ""),
            "chosen": item.chosen,
            "link": item.link,
            "gone": item.pk in gone,
            "late": item.late,
            "reason": words.say(REASON_NAMES[Reason(item.reason)]) if item.reason else "",
            "stands_in": known.title.tell(language),
        }
        found.setdefault(words.say(SECTION_NAMES[section_of(item.kind)]), []).append(shown)
    return list(found.items())


def _written(request: HttpRequest, row: NewsletterIssue) -> dict[str, Any]:
    """Return what was written of the items that the form had."""
    sent = request.POST
    items = {
        item.pk: Edited(
            title=sent[f"title-{item.pk}"][:MOST_TITLE],
            text=sent.get(f"text-{item.pk}", "")[:MOST_TEXT],
            chosen=f"chosen-{item.pk}" in sent,
        )
        for item in row.items.all()
        if f"title-{item.pk}" in sent
    }
    return {
        "title": sent.get("title", "")[:MOST_TITLE],
        "introduction": sent.get("introduction", "")[:MOST_TEXT],
        "items": items,
    }


def _viewer(request: HttpRequest) -> Viewer:
    return request.viewer  # type: ignore[attr-defined,no-any-return]


def _words(request: HttpRequest) -> Words:
    return request.words  # type: ignore[attr-defined,no-any-return]


def _private(answer: HttpResponse) -> HttpResponse:
    """Let no one else be given what this reader was answered."""
    answer["Cache-Control"] = PRIVATE["Cache-Control"]
    return answer
