"""The programme of one species: actions and their status, people, agreements, reports, money."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from kulan.programme.money import gap_of
from kulan.programme.registers import REGISTERS, Register
from kulan.programme.terms import SPECIES_IDS
from kulan.report.reader import Reader
from kulan.web.policy import Viewer
from kulan.web.policy.registers import Sight
from kulan.web.programme.menu import MENU
from kulan.web.programme.money.permissions import visible_projects
from kulan.web.programme.money.reading import reckoning_for
from kulan.web.programme.money.telling import gap_lines
from kulan.web.programme.register.catalogue import all_sections, edition_in_force
from kulan.web.programme.register.listing import Asked, listed
from kulan.web.programme.register.standing import standings
from kulan.web.programme.registers.listing import Line, all_held, fitting, lines_told
from kulan.web.programme.reporting.models import Filing
from kulan.web.programme.reporting.permissions import visible_filings
from kulan.web.programme.reporting.readers import reading_of
from kulan.web.programme.reporting.stored import answers_of, questionnaire_of

_MOST_LINES = 8
_MOST_REPORTS = 60
_HOLDING_TODAY = ("species-focal-points",)


@dataclass(frozen=True)
class Part:
    """What one register holds about a species.

    Attributes
    ----------
    register
        Its declaration.
    title
        Its name in words.
    lines
        The first of its records.
    count
        How many there are.
    page
        Address of the list of all.
    """

    register: Register
    title: str
    lines: tuple[Line, ...]
    count: int
    page: str


@require_GET
def species_programme(request: HttpRequest, species_id: str) -> HttpResponse:
    """Show what the programme does for a species."""
    if species_id not in SPECIES_IDS:
        raise Http404
    viewer, reader = request.viewer, Reader(request.words)  # type: ignore[attr-defined]
    edition = edition_in_force()
    found, asked = standings(viewer, edition), Asked(species=species_id)
    context = {
        "menu": MENU,
        "species_id": species_id,
        "name": reader.species(species_id),
        "scientific": reader.scientific(species_id),
        "listed": listed(found, all_sections(edition), asked, reader.words),
        "actions_page": f"{reverse('programme')}?species={species_id}",
        "parts": parts_about(viewer, species_id, reader),
        "reports": reports_about(viewer, species_id, reader),
        **money_for(viewer, species_id, reader),
    }
    answer = render(request, "programme/registers/species.html", context)
    answer["Cache-Control"] = "private, no-cache"
    return answer


def parts_about(viewer: Viewer, species_id: str, reader: Reader) -> list[Part]:
    """Return what the registers hold about a species, as far as it exists for the viewer.

    Focal points always stand there, so that it is seen where there is none.
    """
    sight, told = Sight(viewer), []
    for one in REGISTERS:
        if not any(field.kind in {"species", "several_species"} for field in one.fields):
            continue
        asked = {"species": species_id}
        if one.name in _HOLDING_TODAY:
            asked["now"] = "1"
        found = fitting(all_held(viewer, one.name, species_id), one, reader, asked, sight)
        if found or one.name in _HOLDING_TODAY:
            query = "&".join(f"{name}={value}" for name, value in asked.items())
            lines = lines_told(found[:_MOST_LINES], one, reader, sight)
            page = f"{reverse('register', args=[one.name])}?{query}"
            told.append(Part(one, reader.say(one.title), tuple(lines), len(found), page))
    return told


def reports_about(viewer: Viewer, species_id: str, reader: Reader) -> list[tuple[str, str, int]]:
    """Return the reports that answer about a species: what, address, and how many answers.

    Only answers count that the viewer reads.
    """
    rows = visible_filings(viewer).filter(answers__subject__startswith=species_id).distinct()
    told = []
    for filing in rows.order_by("-cycle__pk", "iso3", "pk")[:_MOST_REPORTS]:
        read = _answers_read(viewer, filing)
        count = sum(subject.partition(":")[0] == species_id for _, subject in read)
        if count:
            who = reader.state(filing.iso3) if filing.iso3 else str(filing.organisation)
            told.append((f"{filing.cycle} · {who}", reverse("report", args=[filing.uid]), count))
    return told


def _answers_read(viewer: Viewer, filing: Filing) -> Any:
    questionnaire = questionnaire_of(filing.cycle, filing.kind)
    return reading_of(viewer, filing).answers(questionnaire, answers_of(filing).values())


def money_for(viewer: Viewer, species_id: str, reader: Reader) -> dict[str, Any]:
    """Return the gap of a species and its projects, as far as the viewer may see them."""
    gap = gap_of(reckoning_for(viewer), {"species": frozenset({species_id})})
    rows = visible_projects(viewer).filter(shares__dimension="species", shares__code=species_id)
    return {
        "gap": gap_lines([("", "", gap)], reader.words)[0],
        "projects": [
            (row.title, reverse("money_project", args=[row.uid])) for row in rows.distinct()[:50]
        ],
        "gaps_page": f"{reverse('money_gaps')}?by=species",
    }
