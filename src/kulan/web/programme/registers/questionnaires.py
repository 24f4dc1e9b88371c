"""Pages of the questionnaire that two states answer, each by itself."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from kulan.programme.registers import QUESTIONS, SCALE, share_ready
from kulan.report.reader import Reader
from kulan.web.policy import Viewer
from kulan.web.policy.registers import side_of, visible_questionnaires, visible_records
from kulan.web.programme.menu import MENU
from kulan.web.programme.registers import blind
from kulan.web.programme.registers.models import AnswerSheet, Questionnaire, Record
from kulan.web.programme.registers.telling import heading

_CANNOT_SAY = "unknown"
AGREEMENT_LOOKS = {
    "divergent": "badge-bad", "open": "badge-caution", "both_ready": "badge-good",
    "both_not_ready": "", "near": "badge-accent",
}  # fmt: skip


def asked_about(viewer: Viewer, hotspot: Record, reader: Reader) -> dict[str, Any]:
    """Return which pairs of states were asked about an area, and which may be asked."""
    if hotspot.register != "hotspots":
        return {"rows": [], "pairs": []}
    rows = [
        {"questionnaire": one, "pair": _pair(one.sides, reader), "done": blind.all_finished(one)}
        for one in visible_questionnaires(viewer).filter(hotspot=hotspot).order_by("pk")
    ]
    busy = {row["questionnaire"].sides for row in rows if not row["done"]}
    named = sorted(hotspot.data.get("states", []))
    pairs = [
        (f"{first} {second}", _pair((first, second), reader))
        for place, first in enumerate(named)
        for second in named[place + 1 :]
        if (first, second) not in busy and blind.may_open(viewer, hotspot, (first, second))
    ]
    return {"rows": rows, "pairs": pairs}


def _pair(sides: tuple[str, str], reader: Reader) -> str:
    return reader.say(
        "{first} and {second}", first=reader.state(sides[0]), second=reader.state(sides[1])
    )


@require_POST
def ask(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Have two states asked about a transboundary area."""
    there = visible_records(request.viewer, "hotspots").filter(withdrawn_at=None)
    hotspot = get_object_or_404(there, uid=uid)
    first, _, second = request.POST.get("pair", "").partition(" ")
    made = blind.open_questionnaire(request.viewer, hotspot, (first, second))
    messages.success(
        request, request.words.say("Both states are asked now; each sees its own answers alone.")
    )
    return redirect("feasibility", uid=made.uid)


def _found(request: HttpRequest, uid: uuid.UUID) -> Questionnaire:
    return get_object_or_404(visible_questionnaires(request.viewer), uid=uid)


@require_GET
def questionnaire(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Show one's own side's answers; both sides' once both have finished."""
    return _page(request, _found(request, uid))


@require_POST
def answer(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Save the answers of one's own side, and finish them if asked."""
    asked = _found(request, uid)
    finish = "finish" in request.POST
    answers = _read(request)
    left_out = [one.code for one in QUESTIONS if "score" not in answers.get(one.code, {})]
    if finish and left_out:
        # what was written is kept, so that nothing is lost while the rest is answered
        _save(request, asked, answers, finish=False)
        return _page(request, asked, left_out=left_out, status=422)
    _save(request, asked, answers, finish=finish)
    say = request.words.say
    told = say("Your side has finished.") if finish else say("Saved. Only your side sees it.")
    messages.success(request, told)
    return redirect("feasibility", uid=uid)


def _save(request: HttpRequest, one: Questionnaire, answers: Any, *, finish: bool) -> AnswerSheet:
    written = request.POST.get("revision", "")
    revision = int(written) if written.isascii() and written.isdigit() else -1
    return blind.save_answers(request.viewer, one, answers, revision=revision, finish=finish)


def _read(request: HttpRequest) -> dict[str, dict[str, Any]]:
    answers = {}
    scores = {str(score): score for score, _ in SCALE}
    for question in QUESTIONS:
        chosen = request.POST.get(f"score-{question.code}", "")
        comment = request.POST.get(f"comment-{question.code}", "").strip()
        if chosen == _CANNOT_SAY or chosen in scores:
            answers[question.code] = {"score": scores.get(chosen), "comment": comment}
        elif comment:
            answers[question.code] = {"comment": comment}
    return answers


def _page(
    request: HttpRequest, one: Questionnaire, *, left_out: Any = (), status: int = 200
) -> HttpResponse:
    viewer, reader = request.viewer, Reader(request.words)
    side = side_of(viewer, one)
    sheet = blind.own_sheet(viewer, one)
    told = blind.side_by_side(viewer, one)
    context = {
        "menu": MENU,
        "one": one,
        "hotspot": one.hotspot,
        "hotspot_seen": visible_records(viewer, "hotspots").filter(pk=one.hotspot_id).exists(),
        "title": heading(one.hotspot, reader),
        "pair": _pair(one.sides, reader),
        "side": reader.state(side) if side else "",
        "own_finished": bool(sheet and sheet.finished_at),
        "sheet": sheet,
        "questions": _questions(sheet, reader, left_out),
        "scale": [(str(score), reader.say(words)) for score, words in SCALE],
        "cannot_say": _CANNOT_SAY,
        "divergences": _divergences(told, reader) if told else None,
        "shares": _shares(told) if told else (),
        "names": [reader.state(iso3) for iso3 in one.sides],
        "left_out": left_out,
    }
    return render(request, "programme/registers/feasibility.html", context, status=status)


def _questions(sheet: AnswerSheet | None, reader: Reader, left_out: Any) -> list[dict[str, Any]]:
    answers = sheet.answers if sheet else {}
    told = []
    for number, question in enumerate(QUESTIONS, start=1):
        held = answers.get(question.code)
        chosen = ""
        if held is not None and "score" in held:
            chosen = _CANNOT_SAY if held["score"] is None else str(held["score"])
        told.append(
            {
                "number": number,
                "code": question.code,
                "theme": reader.say(question.theme),
                "text": reader.say(question.text),
                "chosen": chosen,
                "comment": held["comment"] if held else "",
                "left_out": question.code in left_out,
            }
        )
    return told


def _divergences(told: Any, reader: Reader) -> list[dict[str, Any]]:
    say = reader.say
    names = {
        "divergent": say("They diverge"),
        "open": say("One side cannot say"),
        "both_ready": say("Both say: ready"),
        "both_not_ready": say("Both say: not ready"),
        "near": say("Close together"),
    }
    scale = dict(SCALE)
    return [
        {
            "theme": say(pair.question.theme),
            "text": say(pair.question.text),
            "answers": [
                (say(scale[a.score]) if a.score is not None else say("We cannot say"), a.comment)
                for a in (pair.first, pair.second)
            ],
            "how": names[pair.agreement],
            "look": AGREEMENT_LOOKS[pair.agreement],
        }
        for pair in told
    ]


def _shares(told: Any) -> tuple[float | None, float | None]:
    first = {pair.question.code: pair.first for pair in told}
    second = {pair.question.code: pair.second for pair in told}
    return share_ready(first), share_ready(second)
