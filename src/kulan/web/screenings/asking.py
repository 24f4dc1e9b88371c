"""Pages on which a screening is asked for, asked again, and stopped."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kulan.web.rates import check_rate
from kulan.web.screenings import actions, permissions
from kulan.web.screenings.forms import MOST_LAYERS, LayerForm, QuestionForm, initial_of
from kulan.web.screenings.models import Screening
from kulan.web.security import client_address
from kulan.words import LANGUAGES


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Ask for a screening."""
    if request.method != "POST":
        language = request.words.language
        form = QuestionForm(initial={"language": language})
        return _form_page(request, form, _layer_forms())
    check_asking_rate(request)
    form, layers = QuestionForm(request.POST, request.FILES), _layer_forms(request)
    if not _valid(form, layers):
        return _form_page(request, form, layers)
    screening = actions.ask(request.viewer, form.question(), form.frame(), form.uploads(layers))
    if not request.viewer.signed_in:
        permissions.remember(request, permissions.OWNED, str(screening.uid))
    return redirect("screening", uid=screening.uid)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def again(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Ask once more what was refused or stopped, with its files."""
    screening = permissions.find_own(permissions.visitor_of(request), uid)
    if screening.reports.exclude(made_at=None).exists():
        return redirect("screening", uid=uid)
    if request.method != "POST":
        initial = {
            **initial_of(screening.options),
            "title": screening.title,
            "day": screening.day,
            "within_km": screening.within_km,
            "language": screening.language,
        }
        form = QuestionForm(initial=initial, has_files=True)
        return _form_page(request, form, _layer_forms(), screening)
    check_asking_rate(request)
    form = QuestionForm(request.POST, request.FILES, has_files=True)
    layers = _layer_forms(request)
    if not _valid(form, layers):
        return _form_page(request, form, layers, screening)
    actions.ask_again(
        screening, request.viewer, form.question(), form.frame(), form.uploads(layers)
    )
    return redirect("screening", uid=uid)


def _layer_forms(request: HttpRequest | None = None) -> list[LayerForm]:
    return [
        LayerForm(
            request.POST if request else None,
            request.FILES if request else None,
            prefix=f"layer-{number}",
        )
        for number in range(1, MOST_LAYERS + 1)
    ]


def _valid(form: QuestionForm, layers: list[LayerForm]) -> bool:
    # every form is asked, so that all mistakes are shown at once
    return all([form.is_valid(), *(layer.is_valid() for layer in layers)])


def _form_page(
    request: HttpRequest,
    form: QuestionForm,
    layers: list[LayerForm],
    screening: Screening | None = None,
) -> HttpResponse:
    kept: dict[str, Any] = screening.options if screening else {}
    context = {
        "form": form,
        "layers": layers,
        "screening": screening,
        "mistakes": form.is_bound,
        "layers_open": form.is_bound and any(layer.errors for layer in layers),
        "kept_files": [path.rsplit("/", 1)[-1] for path in kept.get("lines", [])],
        "most_mb": _most_mb(),
    }
    status = 422 if form.is_bound else 200
    return render(request, "screenings/new.html", context, status=status)


def _most_mb() -> int:
    from django.conf import settings  # noqa: PLC0415  read when asked: tests change it

    return int(settings.UPLOAD_MOST_BYTES // 1_000_000)


def check_asking_rate(request: HttpRequest) -> None:
    """Refuse who asks for more screenings than anyone needs."""
    if request.viewer.signed_in:
        check_rate(f"screening of {request.viewer.user_id}", most=60, per_s=3600)
    else:
        check_rate(f"screening from {client_address(request)}", most=12, per_s=3600)


@require_POST
def stop(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Stop a screening that is under way."""
    screening = permissions.find_own(permissions.visitor_of(request), uid)
    actions.stop(screening, request.viewer)
    return redirect("screening", uid=uid)


@require_POST
def in_language(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Have the report made in another language; the one that is there stays meanwhile."""
    screening = permissions.find(permissions.visitor_of(request), uid)
    language = request.POST.get("language", "")
    if language not in LANGUAGES:
        language = request.words.language
    if screening.reports.exclude(made_at=None).exists():
        actions.request_report(screening, language, request.viewer)
    return redirect(f"{screening_address(uid)}?report={language}")


def screening_address(uid: uuid.UUID) -> str:
    """Return the address of a screening's page."""
    return redirect("screening", uid=uid).url
