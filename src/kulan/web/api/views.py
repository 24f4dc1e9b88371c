"""The page of one's tokens."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kulan.web.api import actions
from kulan.web.api.forms import TokenForm
from kulan.web.api.scopes import Scope


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """List one's tokens, and make one; it is shown this once."""
    form = TokenForm(request.POST or None)
    made = None
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        _, made = actions.make_token(
            request.user, asked["name"], asked["scopes"], days=asked["days"]
        )
        form = TokenForm()
    context = {
        "form": form,
        "made": made,
        "tokens": list(request.user.api_tokens.all()),
        "scope_words": dict(Scope.choices),
    }
    status = 400 if request.method == "POST" and made is None else 200
    return render(request, "account/tokens.html", context, status=status)


@login_required
@require_POST
def end(request: HttpRequest, token_id: int) -> HttpResponse:
    """End one of one's tokens."""
    actions.end_token(request.user, get_object_or_404(request.user.api_tokens, pk=token_id))
    return redirect("api_tokens")
