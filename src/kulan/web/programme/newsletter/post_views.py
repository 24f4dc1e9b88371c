"""Pages of the newsletter by post: to ask for it, to confirm, to leave; and the sending."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from kulan.web.language import say_lazy as _
from kulan.web.programme.newsletter import sending, subscribing
from kulan.web.programme.newsletter.models import Subscriber
from kulan.web.programme.newsletter.views import PRIVATE, find_issue
from kulan.web.rates import check_rate
from kulan.web.security import client_address
from kulan.words import LANGUAGES


class SubscribeForm(forms.Form):
    """An address, and the language of its letters."""

    email = forms.EmailField(
        max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    language = forms.ChoiceField(
        choices=[("en", _("English")), ("ru", _("Russian")), ("fr", _("French"))]
    )


@require_http_methods(["GET", "POST"])
def subscribe(request: HttpRequest) -> HttpResponse:
    """Ask for the newsletter by post; the answer is the same for every address."""
    words = request.words  # type: ignore[attr-defined]
    begin = {"language": words.language if words.language in LANGUAGES else "en"}
    form = SubscribeForm(request.POST if request.method == "POST" else None, initial=begin)
    if form.is_valid():
        check_rate(f"newsletter post {client_address(request)}", most=10, per_s=3600)
        subscribing.ask(form.cleaned_data["email"], form.cleaned_data["language"])
        return _page(request, "asked")
    status = 422 if request.method == "POST" else 200
    return _page(request, "ask", form=form, status=status)


@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm an address: by a button, since programs that look into letters follow links."""
    if request.method == "POST":
        known = subscribing.confirm(token)
        return _page(request, "confirmed" if known else "unknown", token=token)
    known = Subscriber.objects.filter(token=token).exists()
    return _page(request, "confirm" if known else "unknown", token=token)


@method_decorator(csrf_exempt, name="dispatch")
class Leave(View):
    """Leave the list: by a button, or by the one click of a mail program (RFC 8058).

    A mail program sends no cookie and no token of a form; the token in the address is enough.
    """

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """Ask once more: programs that look into letters follow links."""
        known = Subscriber.objects.filter(token=token).exists()
        return _page(request, "leave" if known else "left", token=token)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Take the address off the list; twice is as good as once."""
        subscribing.leave(token)
        return _page(request, "left")


@require_POST
def send(request: HttpRequest, number: int) -> HttpResponse:
    """Let a worker send a published issue to the list."""
    row = find_issue(request, number)
    sending.send_issue(request.viewer, row)  # type: ignore[attr-defined]
    messages.success(request, request.words.say("The letters are on their way."))  # type: ignore[attr-defined]
    return redirect("newsletter_issue", number=number)


def _page(request: HttpRequest, step: str, *, status: int = 200, **context: object) -> HttpResponse:
    answer = render(
        request, "programme/newsletter/post.html", {"step": step, **context}, status=status
    )
    answer["Cache-Control"] = PRIVATE["Cache-Control"]
    # the address of such a page is the key to its entry on the list
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    return answer
