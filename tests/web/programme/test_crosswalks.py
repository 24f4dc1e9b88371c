"""Crosswalks of two editions: proposed by the machine, decided by a person, and what they carry."""

from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from builders_of_plans import ARGALI_2030, NEW, OLD, make_crosswalk, make_plan
from builders_of_the_programme import make_evidence
from kulan.errors import AccessDeniedError, InvalidFileError, NotAllowedNowError, UnknownNameError
from kulan.programme.editions import carried_across, read_crosswalk
from kulan.programme.evidence import Evidence
from kulan.programme.evidence.dashboards import STATUSES
from kulan.web.events.models import Event
from kulan.web.programme.register import actions, crosswalks
from kulan.web.programme.register.carrying import carry_across, to_carry
from kulan.web.programme.register.dashboard_boards import board_for
from kulan.web.programme.register.importing import set_edition_state
from kulan.web.programme.register.links import before_of, declared_for, over_pairs, renamed
from kulan.web.programme.register.models import Override
from kulan.web.programme.register.standing import standing_of
from kulan.web.programme.register.walks import walk_of

WHY = "Read beside each other."
BOTH = {"before": OLD, "after": NEW}


@pytest.fixture(autouse=True)
def plans(viewer):
    make_plan(state="past", keeper=viewer("farida"))
    make_plan(NEW, ARGALI_2030, state="in_force", keeper=viewer("farida"))


def of(row, before):
    return next(one for one in row.pairs.all() if one.before == before.split(","))


def propose(viewer):
    return crosswalks.propose(viewer("farida"), OLD, NEW, "en")


def status(viewer, number, who="nobody", edition=NEW):
    return standing_of(viewer(who), f"{edition}:{number}").status.value


def evidence(number, kind, **fields):
    return make_evidence(
        actions=[f"{OLD}:{number}"], kind=kind, reference=f"https://x.org/{number}", **fields
    )


# --- deciding


def test_the_machine_proposes_and_decides_nothing(viewer):
    row = propose(viewer)
    assert {one.state for one in row.pairs.all()} == {"proposed"}
    assert of(row, "1.2").after == ["1.1"]
    assert Event.objects.get(kind="crosswalk_proposed").details["language"] == "en"


@pytest.mark.parametrize("who", ["nobody", "bat", "aigul", "gulnara"])
def test_the_secretariat_alone_decides(viewer, who):
    row = propose(viewer)
    with pytest.raises(AccessDeniedError):
        crosswalks.propose(viewer(who), OLD, NEW, "en")
    with pytest.raises(AccessDeniedError):
        crosswalks.decide(viewer(who), of(row, "1.2"), "confirmed", why=WHY)
    with pytest.raises(AccessDeniedError):
        crosswalks.pair_anew(viewer(who), row, ["2.1"], ["3.1"], why=WHY)
    with pytest.raises(AccessDeniedError):
        carry_across(viewer(who), row)


def test_a_decision_keeps_who_made_it_why_and_when(viewer, people):
    row = propose(viewer)
    crosswalks.decide(viewer("farida"), of(row, "1.2"), "refused", why=WHY)
    one = of(row, "1.2")
    assert (one.state, one.why, one.by_id) == ("refused", WHY, people["farida"].pk)
    told = Event.objects.get(kind="crosswalk_pair_decided").details
    assert told == {"before": ["1.2"], "after": ["1.1"], "state": "refused", "why": WHY}


def test_what_a_person_decided_outlives_a_new_proposal(viewer):
    row = propose(viewer)
    crosswalks.decide(viewer("farida"), of(row, "1.2"), "confirmed", why=WHY)
    crosswalks.decide(viewer("farida"), of(row, "1.1"), "refused", why="Another matter.")
    first = of(row, "1.2").at
    propose(viewer)
    assert (of(row, "1.2").state, of(row, "1.2").at) == ("confirmed", first)
    assert (of(row, "1.1").state, of(row, "1.1").why) == ("refused", "Another matter.")


def test_a_person_pairs_what_the_machine_did_not_see(viewer):
    row = propose(viewer)
    crosswalks.pair_anew(viewer("farida"), row, ["2.1"], ["3.1"], why=WHY)
    one = of(row, "2.1")
    assert (one.after, one.state, one.kind, one.why) == (["3.1"], "confirmed", "reworded", WHY)
    walk = walk_of(row)
    assert sorted(each for pair in walk.pairs for each in pair.before) == [
        "1.1",
        "1.2",
        "2.1",
        "2.2",
    ]


def test_an_action_stands_in_one_confirmed_pair(viewer):
    row = make_crosswalk(
        ("1.1", "1.2", "reworded", "confirmed"), ("1.2", "1.2", "reworded", "proposed")
    )
    with pytest.raises(NotAllowedNowError):
        crosswalks.decide(viewer("farida"), of(row, "1.2"), "confirmed", why=WHY)
    assert of(row, "1.2").state == "proposed"


@pytest.mark.parametrize(
    ("before", "after"), [(["9.9"], ["1.1"]), (["1.1"], ["9.9"]), (["1.1", "1.2"], ["1.1", "1.2"])]
)
def test_a_pair_of_what_is_not_there_is_refused(viewer, before, after):
    with pytest.raises(UnknownNameError):
        crosswalks.pair_anew(viewer("farida"), propose(viewer), before, after, why=WHY)


def test_two_editions_are_compared_one_way_round_only(viewer):
    propose(viewer)
    with pytest.raises(NotAllowedNowError):
        crosswalks.propose(viewer("farida"), NEW, OLD, "en")
    with pytest.raises(NotAllowedNowError):
        crosswalks.propose(viewer("farida"), OLD, OLD, "en")


def test_a_plan_is_aligned_with_the_programme_itself(viewer):
    row = crosswalks.propose(viewer("farida"), OLD, "cami-2021", "ru")
    assert row.pairs.count() >= 228


# --- what is carried


def test_evidence_counts_in_the_next_edition_by_a_confirmed_pair_alone(viewer):
    evidence("1.2", "publication")
    assert status(viewer, "1.2", edition=OLD) == "done"
    row = propose(viewer)
    assert status(viewer, "1.1") == "cannot_be_computed"
    crosswalks.decide(viewer("farida"), of(row, "1.2"), "confirmed", why=WHY)
    assert status(viewer, "1.1") == "done"
    crosswalks.decide(viewer("farida"), of(row, "1.2"), "refused", why="A mistake.")
    assert status(viewer, "1.1") == "cannot_be_computed"


def test_what_is_withdrawn_counts_in_neither_edition(viewer):
    item = evidence("1.2", "publication")
    make_crosswalk(("1.2", "1.1", "renumbered", "confirmed"))
    actions.withdraw_evidence(viewer("farida"), item, reason="Another paper.")
    assert status(viewer, "1.1") == "not_started"


def test_evidence_for_governments_counts_across_editions_for_them_alone(viewer):
    evidence("1.2", "publication", audience="government")
    make_crosswalk(("1.2", "1.1", "renumbered", "confirmed"))
    assert status(viewer, "1.1", "farida") == "done"
    assert status(viewer, "1.1", "nobody") == "not_started"


def test_evidence_comes_by_the_long_way_too_where_a_short_one_leads_there():
    plan = "action_id,title_en\n1,Count\n"
    for edition_id in ("a-1", "b-1", "c-1", "d-1"):
        make_plan(edition_id, plan)
    for left, right in (("a-1", "d-1"), ("b-1", "d-1"), ("c-1", "b-1"), ("a-1", "c-1")):
        make_crosswalk(("1", "1", "same", "confirmed"), before=left, after=right)
    given = Evidence("law", "law:1", "Act", date(2024, 1, 1), actions=("a-1:1",))
    assert set(over_pairs([given], "d-1")[0].actions) == {"a-1:1", "b-1:1", "c-1:1", "d-1:1"}
    assert set(before_of("d-1:1")) == {"a-1:1", "b-1:1", "c-1:1"}


def test_editions_that_lead_around_in_a_circle_end_somewhere():
    for edition_id in ("a-1", "b-1", "c-1"):
        make_plan(edition_id, "action_id,title_en,would_count\n1,Count,law\n")
    for left, right in (("a-1", "b-1"), ("b-1", "c-1"), ("c-1", "a-1")):
        make_crosswalk(("1", "1", "same", "confirmed"), before=left, after=right)
    assert set(before_of("a-1:1")) == {"b-1:1", "c-1:1"}
    assert "a-1:1" in declared_for("a-1")


LETTERED = """\
action_id,parent_id,title_en,would_count
1,,Count and train,{}
1.a,1,Count,survey
1.b,1,Train,law
"""


@pytest.mark.parametrize("own", ["agreement", ""])
def test_a_listed_action_is_done_when_every_one_of_its_parts_is(viewer, own):
    make_plan("own-1", LETTERED.format(own), state="in_force", keeper=viewer("farida"))
    make_evidence(actions=["own-1:1.a"], kind="survey", reference="https://x.org/a")
    assert status(viewer, "1", edition="own-1") == "under_way"
    make_evidence(actions=["own-1:1.b"], kind="law", reference="https://x.org/b")
    assert status(viewer, "1", edition="own-1") == "done"


def test_what_shows_parts_shows_what_the_whole_became(viewer):
    make_plan("own-1", LETTERED.format("agreement"), state="past", keeper=viewer("farida"))
    make_plan("own-2", "action_id,title_en\n7,Count and train\n")
    make_crosswalk(("1", "7", "renumbered", "confirmed"), before="own-1", after="own-2")
    for part, kind in (("a", "survey"), ("b", "law")):
        make_evidence(actions=[f"own-1:1.{part}"], kind=kind, reference=f"https://x.org/{part}")
    assert status(viewer, "7", "farida", edition="own-2") == "done"


def test_the_dashboards_count_what_was_carried(viewer):
    evidence("1.2", "publication")
    make_crosswalk(("1.2", "1.1", "renumbered", "confirmed"))
    board = board_for(viewer("nobody"), NEW, date(2031, 1, 1))
    place = [one.action.action_id for one in board.asked].index("1.1")
    assert STATUSES[board.status[-1][place]] == "done"


def test_what_was_set_by_hand_is_carried_with_its_reason_day_and_history(viewer, browser_of):
    farida = viewer("farida")
    actions.override_status(farida, f"{OLD}:1.2", status="under_way", reason="First thoughts.")
    actions.override_status(farida, f"{OLD}:1.2", status="done", reason="All papers are out.")
    row = make_crosswalk(("1.2", "1.1", "renumbered", "confirmed"))
    assert carry_across(farida, row) == 1
    made = Override.objects.get(action=f"{NEW}:1.1")
    assert (made.status, made.reason) == ("done", "All papers are out.")
    assert made.at == made.carried_from.at
    assert carry_across(farida, row) == 0
    page = browser_of("nobody").get(f"/programme/actions/{NEW}/1.1").content.decode()
    assert "First thoughts." in page
    assert f"carried from {OLD}:1.2" in page
    assert Event.objects.filter(kind="crosswalk_carried").count() == 1


def test_where_it_was_carried_from_is_no_word_of_a_draft(viewer, browser_of):
    farida = viewer("farida")
    actions.override_status(farida, f"{OLD}:1.2", status="done", reason="Out.")
    carry_across(farida, make_crosswalk(("1.2", "1.1", "renumbered", "confirmed")))
    set_edition_state(farida, OLD, "draft")
    address = f"/programme/actions/{NEW}/1.1"
    assert OLD not in browser_of("nobody").get(address).content.decode()
    assert f"carried from {OLD}:1.2" in browser_of("farida").get(address).content.decode()


def test_what_ends_in_the_later_edition_is_not_carried_again(viewer):
    farida = viewer("farida")
    actions.override_status(farida, f"{OLD}:1.2", status="done", reason="Out.")
    row = make_crosswalk(("1.2", "1.1", "renumbered", "confirmed"))
    carry_across(farida, row)
    actions.end_override(farida, Override.objects.get(action=f"{NEW}:1.1"), reason="Look anew.")
    assert to_carry(row) == []
    assert Override.objects.filter(action=f"{OLD}:1.2", ended_at=None).exists()


def test_what_the_later_edition_says_itself_holds(viewer):
    farida = viewer("farida")
    actions.override_status(farida, f"{OLD}:1.2", status="done", reason="Out.")
    actions.override_status(farida, f"{NEW}:1.1", status="under_way", reason="Not yet.")
    assert carry_across(farida, make_crosswalk(("1.2", "1.1", "renumbered", "confirmed"))) == 0


def test_a_pair_refused_later_ends_what_was_carried_over_it(viewer):
    farida = viewer("farida")
    actions.set_due(farida, f"{OLD}:1.2", due=date(2030, 1, 1), reason="The plan ends.")
    row = make_crosswalk(("1.2", "1.1", "renumbered", "confirmed"))
    carry_across(farida, row)
    crosswalks.decide(farida, of(row, "1.2"), "refused", why="Not the same.")
    one = Override.objects.get(action=f"{NEW}:1.1")
    assert one.ended_at is not None
    assert one.ended_reason == "Not the same."


def test_a_pair_confirmed_again_carries_again(viewer):
    farida = viewer("farida")
    actions.override_status(farida, f"{OLD}:1.2", status="done", reason="Out.")
    row = make_crosswalk(("1.2", "1.1", "renumbered", "confirmed"))
    carry_across(farida, row)
    crosswalks.decide(farida, of(row, "1.2"), "refused", why="Not the same.")
    crosswalks.decide(farida, of(row, "1.2"), "confirmed", why="The same after all.")
    assert carry_across(farida, row) == 1
    assert Override.objects.get(action=f"{NEW}:1.1", ended_at=None).status == "done"
    assert carry_across(farida, row) == 0


def test_a_status_that_a_pair_carries_otherwise_now_ends_and_is_carried_anew(viewer):
    farida = viewer("farida")
    actions.override_status(farida, f"{OLD}:1.2", status="done", reason="Out.")
    actions.override_status(farida, f"{OLD}:2.1", status="overdue", reason="Late.")
    row = make_crosswalk(
        ("1.2", "1.1", "renumbered", "confirmed"),
        ("2.1", "3.1", "reworded", "confirmed"),
        ("", "1.2", "new", "proposed"),
    )
    carry_across(farida, row)
    crosswalks.pair_anew(farida, row, ["1.2"], ["1.1", "1.2"], why="It was split.")
    one = Override.objects.get(action=f"{NEW}:1.1")
    assert (one.status, one.ended_reason) == ("done", "It was split.")
    assert carry_across(farida, row) == 2
    now = Override.objects.filter(action__startswith=f"{NEW}:", ended_at=None)
    assert {each.action.partition(":")[2]: each.status for each in now} == {
        "1.1": "under_way",
        "1.2": "under_way",
        "3.1": "overdue",
    }


def test_a_status_stays_where_its_pair_does(viewer):
    farida = viewer("farida")
    actions.override_status(farida, f"{OLD}:1.2", status="done", reason="Out.")
    row = make_crosswalk(
        ("1.2", "1.1", "renumbered", "confirmed"), ("1.1", "1.2", "reworded", "proposed")
    )
    carry_across(farida, row)
    actions.override_status(farida, f"{OLD}:1.2", status="overdue", reason="Since then.")
    crosswalks.decide(farida, of(row, "1.1"), "confirmed", why=WHY)
    assert Override.objects.get(action=f"{NEW}:1.1").ended_at is None


@pytest.mark.parametrize("state", ["proposed", "refused"])
def test_nothing_set_by_hand_crosses_a_pair_that_nobody_confirmed(viewer, state):
    farida = viewer("farida")
    actions.override_status(farida, f"{OLD}:1.2", status="done", reason="Out.")
    assert carry_across(farida, make_crosswalk(("1.2", "1.1", "renumbered", state))) == 0


@pytest.mark.parametrize(
    ("pair", "set_before", "expected"),
    [
        (("1.2", "1.1", "renumbered"), {"1.2": "done"}, {"1.1": "done"}),
        (("2.2", "2.1,2.2", "split"), {"2.2": "done"}, {"2.1": "under_way", "2.2": "under_way"}),
        (("1.1,1.2", "1.1", "merged"), {"1.1": "done", "1.2": "overdue"}, {"1.1": "overdue"}),
        (("1.1,1.2", "1.1", "merged"), {"1.1": "done"}, {}),
    ],
    ids=["renumbered", "split", "merged", "half of a merger"],
)
def test_statuses_are_carried_as_the_command_carries_them(
    viewer, browser_of, tmp_path: Path, pair, set_before, expected
):
    farida = viewer("farida")
    for number, value in set_before.items():
        actions.override_status(farida, f"{OLD}:{number}", status=value, reason="As agreed.")
    row = make_crosswalk((*pair, "confirmed"))
    carry_across(farida, row)
    made = Override.objects.filter(action__startswith=f"{NEW}:")
    here = {one.action.partition(":")[2]: one.status for one in made}
    assert here == expected
    sheet = browser_of("nobody").get(reverse("programme_crosswalk_sheet", kwargs=BOTH)).content
    (tmp_path / "crosswalk.csv").write_bytes(sheet)
    told = carried_across(read_crosswalk(tmp_path / "crosswalk.csv"), set_before)
    there = {one.after: one.status for one in told if one.carried}
    assert {key: there[key] for key in expected} == expected


def test_keys_are_renamed_where_one_became_one():
    make_crosswalk(
        ("1.2", "1.1", "renumbered", "confirmed"), ("2.2", "2.1,2.2", "split", "confirmed")
    )
    assert renamed(OLD, NEW) == {f"{OLD}:1.2": f"{NEW}:1.1"}


# --- files


def sheet_of(browser_of, **changes):
    page = browser_of("nobody").get(reverse("programme_crosswalk_sheet", kwargs=BOTH))
    text = page.content.decode()
    for before, after in changes.items():
        text = text.replace(before, after)
    return text


def test_a_crosswalk_goes_out_and_comes_in_as_it_was(viewer, browser_of):
    row = propose(viewer)
    crosswalks.decide(viewer("farida"), of(row, "1.2"), "confirmed", why=WHY)
    before = walk_of(row)
    sent = sheet_of(browser_of).encode()
    assert crosswalks.take_in(viewer("farida"), row, sent, "c.csv", why="A check.") == 0
    assert walk_of(row) == before


def test_a_crosswalk_is_kept_by_no_cache(browser_of):
    make_crosswalk()
    page = browser_of("nobody").get(reverse("programme_crosswalk_sheet", kwargs=BOTH))
    assert "no-store" in page["Cache-Control"]


def test_decisions_of_a_spreadsheet_are_taken_in_with_a_reason(viewer, browser_of):
    row = propose(viewer)
    sent = sheet_of(browser_of).replace("proposed", "confirmed").encode()
    assert crosswalks.take_in(viewer("farida"), row, sent, "c.csv", why=WHY) == row.pairs.count()
    assert {(one.state, one.why) for one in row.pairs.all()} == {("confirmed", WHY)}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text.replace("1.2,1.1", "1.2,7.7"),
        lambda text: "\n".join(text.splitlines()[:-1]) + "\n",
        lambda _: "",
        lambda _: "\x00\x01",
        lambda text: text + text.splitlines()[1] + "\n",
    ],
    ids=["unknown action", "row left out", "empty", "no text", "row twice"],
)
def test_a_file_that_is_no_crosswalk_of_the_two_changes_nothing(viewer, browser_of, spoil):
    row = propose(viewer)
    before = walk_of(row)
    sent = spoil(sheet_of(browser_of)).encode()
    page = browser_of("farida").post(
        reverse("programme_crosswalk_file", kwargs=BOTH), {"why": WHY, "file": _file(sent)}
    )
    assert page.status_code == 422
    assert walk_of(row) == before


def test_a_crosswalk_of_other_editions_is_refused(viewer, browser_of):
    row = propose(viewer)
    sent = sheet_of(browser_of).encode()
    other = crosswalks.propose(viewer("farida"), OLD, "cami-2021", "en")
    with pytest.raises(InvalidFileError):
        crosswalks.take_in(viewer("farida"), other, sent, "c.csv", why=WHY)
    assert row.pairs.exists()


def _file(content, name="crosswalk.csv"):
    return SimpleUploadedFile(name, content)


# --- the page


def test_the_page_shows_words_that_went_and_words_that_came(browser_of):
    make_crosswalk()
    page = browser_of("nobody").get(reverse("programme_crosswalk", kwargs=BOTH)).content.decode()
    assert "<ins>and at one time</ins>" in page
    assert "Words compared in" in page
    assert 'name="state" value="confirmed"' not in page


def test_a_person_decides_on_the_page_and_comes_back_to_the_same_list(browser_of):
    row = make_crosswalk()
    one = of(row, "1.1")
    answer = browser_of("farida").post(
        reverse("programme_crosswalk_decide", kwargs={**BOTH, "pk": one.pk}),
        {"state": "confirmed", "why": WHY, "next": "?state=proposed"},
    )
    assert answer["Location"].endswith(f"?state=proposed#pair-{one.pk}")
    one.refresh_from_db()
    assert one.state == "confirmed"


@pytest.mark.parametrize(
    "elsewhere",
    ["https://example.org/", "//example.org", "?a\r\nX: y", "?next=https://example.org"],
)
def test_a_form_leads_nowhere_else(browser_of, elsewhere):
    one = of(make_crosswalk(), "1.1")
    answer = browser_of("farida").post(
        reverse("programme_crosswalk_decide", kwargs={**BOTH, "pk": one.pk}),
        {"state": "confirmed", "why": WHY, "next": elsewhere},
    )
    assert answer["Location"] == f"/programme/crosswalks/{OLD}/{NEW}#pair-{one.pk}"


def test_a_pair_of_which_another_is_more_alike_is_never_confirmed_with_others(browser_of):
    row = make_crosswalk()
    one = of(row, "1.1")
    one.reasons = [*one.reasons, "more like 2.2 of the later edition"]
    one.save()
    page = browser_of("farida").get(reverse("programme_crosswalk", kwargs=BOTH)).content.decode()
    assert "Look closely" in page
    assert f'name="pair" value="{one.pk}"' not in page
    keys = [each.pk for each in row.pairs.all()]
    browser_of("farida").post(
        reverse("programme_crosswalk_several", kwargs=BOTH), {"pair": keys, "why": WHY}
    )
    assert of(row, "1.1").state == "proposed"
    closely = browser_of("nobody").get(
        reverse("programme_crosswalk", kwargs=BOTH) + "?kind=doubtful"
    )
    assert "1 pair" in closely.content.decode()


def test_several_pairs_are_confirmed_with_one_reason(browser_of):
    row = make_crosswalk()
    keys = [one.pk for one in row.pairs.all()]
    browser_of("farida").post(
        reverse("programme_crosswalk_several", kwargs=BOTH), {"pair": keys, "why": WHY}
    )
    states = {tuple(one.before): one.state for one in row.pairs.all()}
    assert states == {
        ("1.1",): "confirmed",
        ("1.2",): "confirmed",
        ("2.1",): "refused",  # what was refused stays so
        ("2.2",): "confirmed",
    }
