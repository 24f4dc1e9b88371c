"""The page of a crosswalk, and its table."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from kulan.errors import UnknownNameError
from kulan.programme.editions.writing import comparison_files
from kulan.web.policy import Viewer
from kulan.web.programme.editions.forms import LANGUAGE_NAMES, PairForm, ReasonForm, SheetForm
from kulan.web.programme.editions.telling import pair_told
from kulan.web.programme.menu import MENU
from kulan.web.programme.register.carrying import to_carry
from kulan.web.programme.register.catalogue import find_edition
from kulan.web.programme.register.models import Crosswalk
from kulan.web.programme.register.permissions import may_keep_register
from kulan.web.programme.register.stated import stated_in
from kulan.web.programme.register.terms import PairKind, PairState
from kulan.web.programme.register.walks import is_doubtful, walk_of

_ON_A_PAGE = 20


@never_cache
@require_GET
def crosswalk(request: HttpRequest, before: str, after: str) -> HttpResponse:
    """Show the pairs of two editions, with the differences of their words."""
    return crosswalk_page(request, walk_asked(request, before, after))


def crosswalk_page(
    request: HttpRequest, row: Crosswalk, *, status: int = 200, **forms: Any
) -> HttpResponse:
    """Answer the page of a crosswalk; with forms that have faults, in place of their empty ones."""
    words, viewer = request.words, _viewer(request)
    keeps = may_keep_register(viewer)
    asked = {name: request.GET.get(name, "")[:20] for name in ("state", "kind")}
    rows = row.pairs.select_related("by__organisation").order_by("place", "pk")
    found = [one for one in rows if _fits(one, asked)]
    page = Paginator(found, _ON_A_PAGE).get_page(request.GET.get("page"))
    sides = (
        {one.action_id: one for one in stated_in(row.before, row.language)},
        {one.action_id: one for one in stated_in(row.after, row.language)},
    )
    query = request.GET.copy()
    query.pop("page", None)
    editions = [find_edition(one, drafts=keeps) for one in (row.before, row.after)]
    context = {
        "menu": MENU,
        "row": row,
        "titles": [one.title(words.language) for one in editions],
        "page": page,
        "pairs": [pair_told(one, sides, viewer, words) for one in page],
        "counts": [
            (state.value, str(state.label), sum(one.state == state for one in rows))
            for state in PairState
        ],
        "kinds": [
            (kind.value, str(kind.label), count)
            for kind in PairKind
            if (count := sum(one.kind == kind for one in rows))
        ],
        "n_doubtful": sum(map(is_doubtful, rows)),
        "asked": asked,
        "query": query.urlencode(),
        "keeps": keeps,
        "language_name": LANGUAGE_NAMES[row.language],
        "to_carry": len(to_carry(row)) if keeps else 0,
        "proposed_on": words.day(row.proposed_at.date()),
        "forms": {
            "pair": PairForm(auto_id="id_pair_%s"),
            "sheet": SheetForm(auto_id="id_sheet_%s"),
            "several": ReasonForm(auto_id="id_several_%s"),
            "decide": None,
            **forms,
        },
    }
    return render(request, "programme/editions/crosswalk.html", context, status=status)


def _fits(one: Any, asked: dict[str, str]) -> bool:
    if asked["kind"] == "doubtful":
        return asked["state"] in ("", one.state) and is_doubtful(one)
    return asked["state"] in ("", one.state) and asked["kind"] in ("", one.kind)


@never_cache
@require_GET
def sheet(request: HttpRequest, before: str, after: str) -> HttpResponse:
    """Answer the crosswalk as the table that `kulan programme carry` reads."""
    row = walk_asked(request, before, after)
    sides = stated_in(row.before, row.language), stated_in(row.after, row.language)
    return HttpResponse(
        comparison_files(walk_of(row), *sides)["crosswalk.csv"],
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="crosswalk.csv"'},
    )


def walk_asked(request: HttpRequest, before: str, after: str) -> Crosswalk:
    """Return a crosswalk that exists for the reader.

    Raises
    ------
    Http404
        If there is none, or one of its editions is a draft that is not for this reader.
    """
    keeps = may_keep_register(_viewer(request))
    row = Crosswalk.objects.filter(before=before, after=after).first()
    if row is None:
        raise Http404
    try:
        for edition_id in (before, after):
            find_edition(edition_id, drafts=keeps)
    except UnknownNameError:
        raise Http404 from None
    return row


def _viewer(request: HttpRequest) -> Viewer:
    found: Viewer = request.viewer
    return found
