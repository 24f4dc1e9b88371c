"""What pages say of editions, of pairs and of losses, in the reader's words."""

import re
from dataclasses import dataclass
from typing import Any

from kulan.programme.editions import MORE_LIKE, Piece, Stated, word_differences
from kulan.web.policy import Viewer
from kulan.web.programme.register.catalogue import EditionTold, all_actions, edition_years
from kulan.web.programme.register.models import (
    Crosswalk,
    CrosswalkPair,
    EvidenceItem,
    ImportedEdition,
    Override,
)
from kulan.web.programme.register.terms import EditionState, PairKind, PairState
from kulan.web.programme.register.walks import is_doubtful
from kulan.web.programme.register.wording import who_words
from kulan.words import N_, Words

STATE_LOOKS = {"draft": "badge-caution", "in_force": "badge-good", "past": ""}
PAIR_LOOKS = {"proposed": "badge-caution", "confirmed": "badge-good", "refused": "badge-bad"}
LOSS_NAMES = {
    "unread": N_("Not understood"),
    "guessed": N_("Guessed at"),
    "page": N_("Head or number of a page"),
    "altered": N_("Altered"),
    "missing": N_("Not found"),
}
_ALIKE = re.compile(r"words (\d+)% alike")
_MORE_LIKE = re.compile(rf"{MORE_LIKE}(\S+) of the (later|earlier) edition")
_NEARER = {
    "later": N_("more like {number} of the later edition"),
    "earlier": N_("more like {number} of the earlier edition"),
}
_REASONS = {
    "no words in a common language": N_("no words in a common language"),
    "same species": N_("same species"),
    "same section": N_("same section"),
    "same number": N_("same number"),
    "joined by a person": N_("joined by a person"),
}


def reason_words(reason: str, words: Words) -> str:
    """Return what speaks for a pair in the reader's words."""
    if nearer := _MORE_LIKE.fullmatch(reason):
        text = _NEARER[nearer.group(2)]
        return words.say(text, number=nearer.group(1))
    if alike := _ALIKE.fullmatch(reason):
        share = words.percent(int(alike.group(1)) / 100, 0)
        return words.say("words {share} alike", share=share)
    return words.say(_REASONS[reason]) if reason in _REASONS else reason


@dataclass(frozen=True)
class EditionLine:
    """An edition as the page of editions lists it."""

    told: EditionTold
    title: str
    state: str
    look: str
    years: str
    actions: int
    texts: tuple[str, ...]


def edition_line(told: EditionTold, words: Words) -> EditionLine:
    """Tell an edition."""
    first, last = edition_years(told.edition_id)
    row = ImportedEdition.objects.filter(edition_id=told.edition_id).first()
    sources = row.sources.order_by("language").values_list("language", flat=True) if row else ()
    return EditionLine(
        told=told,
        title=told.title(words.language),
        state=str(EditionState(told.status).label),
        look=STATE_LOOKS[told.status],
        years="–".join(str(year) for year in (first, last) if year),
        actions=len(all_actions(told.edition_id)),
        texts=tuple(sources),
    )


def consequences(told: EditionTold, others: list[EditionTold], words: Words) -> dict[str, list]:
    """Return what each state of an edition would bring with it, in sentences."""
    say = words.say
    held = [one for one in others if one.plan == told.plan and one.edition_id != told.edition_id]
    in_force = [one.title(words.language) for one in held if one.status == EditionState.IN_FORCE]
    comes = [say("Everyone may read it: its actions, its text, and where each action stands.")]
    comes.append(
        say("{edition} becomes past: of a plan one edition is in force.", edition=in_force[0])
        if in_force
        else say("It is the edition in force of its plan.")
    )
    if told.plan == "cami":
        comes.append(say("The register and the dashboards open with it."))
    hidden = [
        say("Only the secretariat sees it; for everyone else its pages are not there."),
        say("What was added and set for its actions stays, and is hidden with them."),
    ]
    past = [
        say("Everyone may read it, and evidence may still be added to its actions."),
    ]
    if told.status == EditionState.IN_FORCE:
        none = say("No edition of this plan is in force then, until you set another.")
        hidden.append(none)
        past.append(none)
    counts = _counts(told.edition_id, words)
    if counts:
        hidden.append(counts)
    return {"draft": hidden, "in_force": comes, "past": past}


def _counts(edition_id: str, words: Words) -> str:
    key = f"{edition_id}:"
    n_set = Override.objects.filter(action__startswith=key, ended_at=None).count()
    n_evidence = sum(
        any(one.startswith(key) for one in actions)
        for actions in EvidenceItem.objects.filter(withdrawn_at=None).values_list(
            "actions", flat=True
        )
    )
    if not n_set and not n_evidence:
        return ""
    return words.say(
        "Now there are {evidence} pieces of evidence for its actions, and {set} things set by "
        "hand.",
        evidence=words.number(n_evidence),
        set=words.number(n_set),
    )


@dataclass(frozen=True)
class PairTold:
    """A pair as the page of a crosswalk shows it."""

    pk: int
    before: tuple[tuple[str, str], ...]  # number and first words
    after: tuple[tuple[str, str], ...]
    kind: str
    state: str
    state_words: str
    look: str
    score: str
    reasons: str
    difference: tuple[Piece, ...]
    same: bool
    decided: str
    why: str
    both: bool
    doubtful: bool


def pair_told(
    one: CrosswalkPair,
    sides: tuple[dict[str, Stated], dict[str, Stated]],
    viewer: Viewer,
    words: Words,
) -> PairTold:
    """Tell a pair, with its difference in words."""
    left, right = _words(one.before, sides[0]), _words(one.after, sides[1])
    difference = word_differences(left, right) if one.before and one.after else ()
    decided = ""
    if one.at is not None:
        who, day = who_words(one.by, viewer, words), words.day(one.at.date())
        decided = words.say("{who}, {day}", who=who, day=day)
    return PairTold(
        pk=one.pk,
        before=tuple((key, sides[0][key].words if key in sides[0] else "") for key in one.before),
        after=tuple((key, sides[1][key].words if key in sides[1] else "") for key in one.after),
        kind=str(PairKind(one.kind).label),
        state=one.state,
        state_words=str(PairState(one.state).label),
        look=PAIR_LOOKS[one.state],
        score=words.percent(one.score, 0),
        reasons=", ".join(reason_words(reason, words) for reason in one.reasons),
        difference=difference,
        same=all(piece.kind == "kept" for piece in difference),
        decided=decided,
        why=one.why,
        both=bool(one.before and one.after),
        doubtful=is_doubtful(one),
    )


def _words(keys: list[str], side: dict[str, Stated]) -> str:
    return " ".join(side[key].words for key in keys if key in side)


def walk_line(row: Crosswalk, titles: dict[str, str], words: Words) -> dict[str, Any]:
    """Tell a crosswalk as the page of editions lists it."""
    counts = {state: row.pairs.filter(state=state).count() for state in ("proposed", "confirmed")}
    return {
        "row": row,
        "before": titles[row.before],
        "after": titles[row.after],
        "proposed": words.number(counts["proposed"]),
        "confirmed": words.number(counts["confirmed"]),
    }
