"""Evidence, overrides and corrections: who may, what changes, what is told of it."""

from datetime import date

import pytest

from builders_of_the_programme import ACTION, make_evidence
from builders_of_the_web import make_layer, make_version
from kulan.errors import AccessDeniedError, NotAllowedNowError, UnknownNameError
from kulan.programme.evidence import Status
from kulan.web.events.models import Event
from kulan.web.people.erasing import erase_account
from kulan.web.people.holdings import held_of
from kulan.web.programme.evidence_sources import all_evidence
from kulan.web.programme.register import actions
from kulan.web.programme.register.models import Correction, EvidenceItem, Override
from kulan.web.programme.register.standing import standing_of, standings

PLAN = {
    "kind": "plan",
    "reference": "https://example.org/plan",
    "title": "A plan for the saiga",
    "day": date(2024, 5, 1),
}


def add(viewer, **fields):
    return actions.add_evidence(viewer, (ACTION,), **{**PLAN, **fields})


def references_for(viewer):
    return [one.reference for one in all_evidence(viewer) if ACTION in one.actions]


# --- who adds what


@pytest.mark.parametrize(
    ("who", "states", "species"),
    [
        ("farida", (), ()),
        ("aigul", (), ()),
        ("dmitri", ("KAZ",), ("saiga",)),
        ("bat", ("MNG",), ("kiang",)),
        ("erlan", ("KAZ",), ("saiga",)),
    ],
)
def test_each_adds_evidence_for_what_the_role_is_for(viewer, who, states, species):
    made = add(viewer(who), states=states, species=species)
    assert made.added_by_id == viewer(who).user_id
    assert Event.objects.get().kind == "evidence_added"


@pytest.mark.parametrize(
    ("who", "states", "species"),
    [
        ("bat", (), ()),
        ("bat", ("MNG", "CHN"), ()),
        ("erlan", (), ("kiang",)),
        ("erlan", ("KAZ",), ()),
        ("gulnara", ("MNG",), ()),
        ("hassan", (), ()),
        ("nobody", (), ()),
    ],
)
def test_nobody_adds_evidence_for_what_is_anothers(viewer, who, states, species):
    with pytest.raises(AccessDeniedError):
        add(viewer(who), states=states, species=species)
    assert not EvidenceItem.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [{"kind": "rumour"}, {"states": ("XXX",)}, {"species": ("yeti",)}],
    ids=["kind", "state", "species"],
)
def test_evidence_of_what_kulan_does_not_know_is_refused(viewer, wrong):
    with pytest.raises(UnknownNameError):
        add(viewer("farida"), **wrong)


def test_evidence_for_an_action_that_is_not_there_is_refused(viewer):
    with pytest.raises(UnknownNameError):
        actions.add_evidence(viewer("farida"), ("cami-2021:99.9",), **PLAN)


def test_the_same_is_not_added_twice(viewer):
    add(viewer("farida"))
    with pytest.raises(NotAllowedNowError):
        add(viewer("farida"))


# --- who sees what, and what counts for whom


@pytest.mark.parametrize(
    ("audience", "readers"),
    [
        ("public", {"nobody", "hassan", "dmitri", "irina", "bat", "farida", "gulnara", "aigul"}),
        ("partners", {"dmitri", "irina", "bat", "farida", "gulnara", "aigul"}),
        ("government", {"bat", "farida", "aigul"}),  # and Aigul, who added it
    ],
)
def test_evidence_counts_only_for_those_it_is_for(viewer, audience, readers):
    add(viewer("aigul"), audience=audience)
    everyone = ("nobody", "hassan", "dmitri", "irina", "bat", "farida", "gulnara", "aigul")
    assert {who for who in everyone if references_for(viewer(who))} == readers


def test_a_status_tells_nothing_of_what_its_reader_may_not_see(viewer):
    before = standing_of(viewer("nobody"), ACTION)
    for number in range(20):
        add(
            viewer("farida"),
            kind="report",
            reference=f"https://example.org/{number}",
            audience="government",
            states=("KAZ", "MNG", "UZB", "RUS", "TKM"),
        )
    assert standing_of(viewer("nobody"), ACTION) == before
    assert standings(viewer("nobody"), "cami-2021") == standings(viewer("hassan"), "cami-2021")


def test_what_is_withdrawn_counts_no_more_and_says_why(viewer):
    made = add(viewer("aigul"))
    actions.withdraw_evidence(viewer("azamat"), made, reason="Another plan was meant.")
    assert references_for(viewer("nobody")) == []
    assert made.reason == "Another plan was meant."
    with pytest.raises(NotAllowedNowError):
        actions.withdraw_evidence(viewer("farida"), made, reason="Again.")


@pytest.mark.parametrize("who", ["nobody", "hassan", "dmitri", "irina", "bat", "gulnara"])
def test_evidence_of_another_house_is_withdrawn_by_the_secretariat_alone(viewer, who):
    made = add(viewer("aigul"))
    with pytest.raises(AccessDeniedError):
        actions.withdraw_evidence(viewer(who), made, reason="No.")


def test_a_layer_as_evidence_is_seen_by_those_who_may_know_of_the_layer(people, viewer):
    layer = make_layer("fences", owner=people["aigul"], audience="partners")
    make_version(layer, created_by=people["aigul"])
    add(viewer("aigul"), kind="layer", reference="layer:fences/1", title="Fences")
    assert "layer:fences/1" in references_for(viewer("dmitri"))
    assert references_for(viewer("nobody")) == []


def test_a_layer_that_is_gone_counts_no_more(people, viewer):
    version = make_version(make_layer("fences", owner=people["aigul"]), created_by=people["aigul"])
    add(viewer("aigul"), kind="layer", reference="layer:fences/1", title="Fences")
    assert references_for(viewer("nobody")) == ["layer:fences/1"]
    version.state = "withdrawn"
    version.save()
    assert references_for(viewer("nobody")) == []


# --- what is set by hand


def test_a_status_set_by_hand_stands_beside_the_computed_one(viewer):
    computed = standing_of(viewer("nobody"), ACTION).answer.computed.status
    actions.override_status(viewer("farida"), ACTION, status="done", reason="Adopted in May.")
    seen = standing_of(viewer("nobody"), ACTION)
    assert (seen.status, seen.answer.computed.status) == (Status.done, computed)
    assert computed is not Status.done
    assert seen.answer.overrides[0].reason == "Adopted in May."


def test_a_focal_point_sets_the_status_of_the_own_state_only(viewer):
    actions.override_status(viewer("bat"), ACTION, status="done", reason="Done.", iso3="MNG")
    assert standing_of(viewer("nobody"), ACTION).status_in("MNG") is Status.done
    for iso3 in ("", "KAZ"):
        with pytest.raises(AccessDeniedError):
            actions.override_status(viewer("bat"), ACTION, status="done", reason="X", iso3=iso3)


def test_a_new_status_ends_the_one_before(viewer):
    for status in ("under_way", "done"):
        actions.override_status(viewer("farida"), ACTION, status=status, reason="So it is.")
    assert Override.objects.get(ended_at=None).status == "done"
    assert standing_of(viewer("nobody"), ACTION).status is Status.done


def test_what_is_set_ends_once(viewer):
    row = actions.override_status(viewer("farida"), ACTION, status="done", reason="So it is.")
    actions.end_override(viewer("farida"), row, reason="It was not.")
    assert standing_of(viewer("nobody"), ACTION).answer.overrides == ()
    with pytest.raises(NotAllowedNowError):
        actions.end_override(viewer("farida"), row, reason="Again.")


def test_an_action_is_overdue_after_its_day_and_overtaken_when_that_is_said(viewer):
    actions.set_due(viewer("farida"), ACTION, due=date(2020, 1, 1), reason="The plan says so.")
    assert standing_of(viewer("nobody"), ACTION).status is Status.overdue
    row = actions.mark_overtaken(viewer("farida"), ACTION, reason="The meeting is past.")
    assert standing_of(viewer("nobody"), ACTION).status is Status.overtaken
    actions.end_override(viewer("farida"), row, reason="It was held again.")
    assert standing_of(viewer("nobody"), ACTION).status is Status.overdue


@pytest.mark.parametrize("who", ["bat", "aigul", "erlan", "gulnara", "nobody"])
def test_only_the_secretariat_keeps_the_register(viewer, who):
    with pytest.raises(AccessDeniedError):
        actions.set_due(viewer(who), ACTION, due=date(2026, 1, 1), reason="X")
    with pytest.raises(AccessDeniedError):
        actions.mark_overtaken(viewer(who), ACTION, reason="X")
    with pytest.raises(AccessDeniedError):
        actions.correct(viewer(who), ACTION, field="leads", corrected="CMS", reason="X")


def test_a_correction_keeps_what_is_printed_and_replaces_the_one_before(viewer):
    for corrected in ("low", "medium"):
        actions.correct(
            viewer("farida"), ACTION, field="priority", corrected=corrected, reason="English text."
        )
    standing = Correction.objects.get(ended_at=None)
    assert (standing.printed, standing.corrected) == ("high", "medium")
    actions.end_correction(viewer("farida"), standing)
    assert not Correction.objects.filter(ended_at=None).exists()


def test_every_change_leaves_one_event_with_a_phrase(viewer):
    from kulan.web.events.kinds import KINDS  # noqa: PLC0415  needs Django set up

    item = add(viewer("farida"))
    actions.withdraw_evidence(viewer("farida"), item, reason="X")
    row = actions.override_status(viewer("farida"), ACTION, status="done", reason="X")
    actions.end_override(viewer("farida"), row, reason="X")
    actions.set_due(viewer("farida"), ACTION, due=date(2026, 1, 1), reason="X")
    actions.mark_overtaken(viewer("farida"), ACTION, reason="X")
    made = actions.correct(viewer("farida"), ACTION, field="title", corrected="T", reason="X")
    actions.end_correction(viewer("farida"), made)
    kinds = list(Event.objects.order_by("pk").values_list("kind", flat=True))
    assert len(kinds) == 8
    assert set(kinds) <= set(KINDS)


# --- people who leave


def test_a_person_gets_what_is_held_and_leaves_without_a_name(people, viewer):
    add(viewer("dmitri"))
    make_evidence(added_by=people["aigul"], reference="https://example.org/other")
    held = held_of(people["dmitri"])
    assert [row["title"] for row in held["evidence"]] == ["A plan for the saiga"]
    erase_account(people["dmitri"])
    assert EvidenceItem.objects.get(title="A plan for the saiga").added_by.name.startswith("closed")
