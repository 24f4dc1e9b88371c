"""What the forms of a crosswalk do: propose, decide, pair, take in, carry across."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_POST

from kulan.errors import KulanError
from kulan.web.policy import Viewer
from kulan.web.programme.editions.crosswalk_views import crosswalk_page, walk_asked
from kulan.web.programme.editions.forms import DecisionForm, PairForm, ReasonForm, SheetForm
from kulan.web.programme.editions.views import compare_form, editions_page
from kulan.web.programme.register import carrying, crosswalks
from kulan.web.programme.register.models import Crosswalk
from kulan.web.programme.register.permissions import check_may_keep_register
from kulan.web.rates import check_rate

_MOST_BYTES = 5_000_000


@require_POST
def compare(request: HttpRequest) -> HttpResponse:
    """Let the machine pair two editions."""
    viewer = _keeper(request)
    form = compare_form(request, request.POST)
    if form.is_valid():
        check_rate(f"crosswalk {viewer.user_id}", most=30, per_s=3600)
        told = form.cleaned_data
        try:
            row = crosswalks.propose(viewer, told["before"], told["after"], told["language"])
        except KulanError as problem:
            form.add_error(None, str(problem))
        else:
            return _back(request, row)
    return editions_page(request, form, status=422)


@require_POST
def again(request: HttpRequest, before: str, after: str) -> HttpResponse:
    """Pair anew what nobody has confirmed."""
    viewer, row = _keeper(request), walk_asked(request, before, after)
    check_rate(f"crosswalk {viewer.user_id}", most=30, per_s=3600)
    crosswalks.propose(viewer, before, after, row.language)
    messages.success(request, request.words.say("Paired anew; what was confirmed stays."))
    return _back(request, row)


@require_POST
def decide(request: HttpRequest, before: str, after: str, pk: int) -> HttpResponse:
    """Confirm a pair, refuse it, or leave it open again."""
    viewer, row = _keeper(request), walk_asked(request, before, after)
    one = row.pairs.filter(pk=pk).first()
    if one is None:
        raise Http404
    form = DecisionForm(request.POST, auto_id=f"id_{pk}_%s")
    if form.is_valid():
        told = form.cleaned_data
        try:
            crosswalks.decide(viewer, one, told["state"], why=told["why"])
        except KulanError as problem:
            form.add_error("why", str(problem))
        else:
            return _back(request, row, f"pair-{pk}")
    return crosswalk_page(request, row, status=422, decide=(pk, form))


@require_POST
def several(request: HttpRequest, before: str, after: str) -> HttpResponse:
    """Confirm the pairs that a page showed."""
    viewer, row = _keeper(request), walk_asked(request, before, after)
    form = ReasonForm(request.POST, auto_id="id_several_%s")
    if form.is_valid():
        keys = [int(one) for one in request.POST.getlist("pair") if one.isascii() and one.isdigit()]
        try:
            count = crosswalks.confirm_several(viewer, row, keys, why=form.cleaned_data["why"])
        except KulanError as problem:
            form.add_error("why", str(problem))
        else:
            said = request.words.say_count(
                "{count} pair confirmed.", "{count} pairs confirmed.", count
            )
            messages.success(request, said)
            return _back(request, row)
    return crosswalk_page(request, row, status=422, several=form)


@require_POST
def pair(request: HttpRequest, before: str, after: str) -> HttpResponse:
    """Pair actions that the machine did not."""
    viewer, row = _keeper(request), walk_asked(request, before, after)
    form = PairForm(request.POST, auto_id="id_pair_%s")
    if form.is_valid():
        try:
            crosswalks.pair_anew(viewer, row, *form.sides(), why=form.cleaned_data["why"])
        except KulanError as problem:
            form.add_error("before", str(problem))
        else:
            messages.success(request, request.words.say("Paired and confirmed."))
            return _back(request, row)
    return crosswalk_page(request, row, status=422, pair=form)


@require_POST
def file(request: HttpRequest, before: str, after: str) -> HttpResponse:
    """Take in a crosswalk in which people decided."""
    viewer, row = _keeper(request), walk_asked(request, before, after)
    form = SheetForm(request.POST, request.FILES, auto_id="id_sheet_%s")
    if form.is_valid():
        sent, words = form.cleaned_data["file"], request.words
        try:
            if sent.size > _MOST_BYTES:
                form.add_error("file", words.say("A crosswalk is not as large as that."))
            else:
                count = crosswalks.take_in(
                    viewer, row, sent.read(), sent.name, why=form.cleaned_data["why"]
                )
        except KulanError as problem:
            form.add_error("file", str(problem))
        if form.is_valid():
            said = words.say_count(
                "Taken in: {count} pair is new or decided otherwise.",
                "Taken in: {count} pairs are new or decided otherwise.",
                count,
            )
            messages.success(request, said)
            return _back(request, row)
    return crosswalk_page(request, row, status=422, sheet=form)


@require_POST
def carry(request: HttpRequest, before: str, after: str) -> HttpResponse:
    """Carry over what people set by hand."""
    viewer, row = _keeper(request), walk_asked(request, before, after)
    count = carrying.carry_across(viewer, row)
    said = request.words.say_count(
        "{count} status, day or mark carried across.",
        "{count} statuses, days and marks carried across.",
        count,
    )
    messages.success(request, said)
    return _back(request, row)


def _keeper(request: HttpRequest) -> Viewer:
    viewer: Viewer = request.viewer
    check_may_keep_register(viewer)
    return viewer


def _back(request: HttpRequest, row: Crosswalk, place: str = "") -> HttpResponse:
    """Lead back to the page of the crosswalk that the form stood on."""
    address = reverse("programme_crosswalk", kwargs={"before": row.before, "after": row.after})
    # only what our own page asks for: filters, and which page of the list
    sent = QueryDict(request.POST.get("next", "").lstrip("?")[:200])
    asked = {name: sent[name] for name in ("state", "kind", "page") if sent.get(name)}
    query = f"?{urlencode(asked)}" if asked else ""
    return HttpResponseRedirect(f"{address}{query}" + (f"#{place}" if place else ""))
