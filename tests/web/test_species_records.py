"""Records of species: proposed by one person, decided by another, kept with their history."""

import io
from datetime import date

import openpyxl
import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse

from builders_of_species import make_account_text, make_population
from kulan.errors import AccessDeniedError, InvalidTableError, NotAllowedNowError
from kulan.web.events.models import Event
from kulan.web.jobs.models import Job
from kulan.web.jobs.queue import do
from kulan.web.species import actions
from kulan.web.species.forms import PopulationForm
from kulan.web.species.models import CONTENT_OF_POPULATION, AccountText, PopulationRecord
from kulan.web.species.seeding import seed_species_records
from kulan.web.species.terms import State

FIGURES = {
    "iso3": "MNG", "population": "", "quantity": "individuals", "estimate": "15 500", "low": "",
    "high": "", "interval_kind": "none", "method": "distance_sampling", "survey_from": "2023-05",
    "survey_to": "2023-05", "season": "spring", "area_covered_km2": "12,500", "doi": "",
    "reference": "A report of 2023", "data_source": "An institute", "quality": "high", "notes": "",
    "readers": "public", "embargo_until": "", "reason": "",
}  # fmt: skip


def content(record: PopulationRecord, **changed) -> dict:
    return {name: getattr(record, name) for name in CONTENT_OF_POPULATION} | changed


def form_for(viewer, **changed) -> PopulationForm:
    return PopulationForm({**FIGURES, **changed}, viewer=viewer, species_id="saiga")


# --- the way of a proposal ------------------------------------------------------------------------


def test_an_approved_change_takes_the_place_of_what_it_changes(viewer):
    old = make_population(estimate=15_000.0)
    new = actions.propose_change(
        viewer("bat"), old, content(old, estimate=15_600.0), reason="Recounted."
    )
    actions.approve(viewer("erlan"), new, note="Checked.")

    old.refresh_from_db()
    assert (old.state, new.state, new.record) == (State.SUPERSEDED, State.APPROVED, old.record)


def test_an_approved_withdrawal_leaves_nothing_in_force(viewer):
    old = make_population()
    asked = actions.propose_withdrawal(viewer("bat"), old, reason="Counted twice.")
    actions.approve(viewer("farida"), asked)

    assert not PopulationRecord.objects.filter(state=State.APPROVED).exists()
    assert asked.state == State.WITHDRAWN


def test_a_rejected_change_leaves_the_record_in_force(viewer):
    old = make_population()
    asked = actions.propose_withdrawal(viewer("bat"), old, reason="Doubtful.")
    actions.reject(viewer("erlan"), asked, note="The report was checked.")

    old.refresh_from_db()
    assert (old.state, asked.state) == (State.APPROVED, State.REJECTED)


def test_of_two_who_approve_at_once_one_is_told_that_it_is_decided(viewer, people):
    proposed = make_population(state="proposed", proposed_by=people["aigul"])
    seen_by_another = PopulationRecord.objects.get(pk=proposed.pk)

    actions.approve(viewer("bat"), proposed)
    with pytest.raises(NotAllowedNowError, match="decided already"):
        actions.reject(viewer("erlan"), seen_by_another, note="No.")

    assert Event.objects.filter(kind__startswith="population_").count() == 1


def test_of_two_changes_of_one_version_the_second_is_not_approved(viewer):
    old = make_population()
    first = actions.propose_change(viewer("aigul"), old, content(old, estimate=1.0), reason="a")
    second = actions.propose_change(viewer("irina"), old, content(old, estimate=2.0), reason="b")

    actions.approve(viewer("bat"), first)
    with pytest.raises(NotAllowedNowError, match="changed since"):
        actions.approve(viewer("bat"), second)

    assert list(PopulationRecord.objects.filter(state=State.APPROVED)) == [first]


def test_the_same_figure_is_not_approved_twice(viewer, people):
    make_population()
    again = make_population(state="proposed", proposed_by=people["aigul"])

    with pytest.raises(NotAllowedNowError, match="already"):
        actions.approve(viewer("bat"), again)


def test_a_proposal_is_taken_back_by_its_proposer_alone(viewer, people):
    proposed = make_population(state="proposed", proposed_by=people["aigul"])

    with pytest.raises(AccessDeniedError):
        actions.take_back(viewer("azamat"), proposed)
    actions.take_back(viewer("aigul"), proposed)

    assert proposed.state == State.TAKEN_BACK


def test_a_text_of_a_section_there_is_becomes_a_change_of_it(viewer):
    seed_species_records()
    words = {"text": "Saigas gather.", "source": "A book", "confidence": "high"}
    made = actions.propose_account(viewer("aigul"), "saiga", ("behaviour", "fr"), words)
    actions.approve(viewer("erlan"), made)

    now = AccountText.objects.get(
        species_id="saiga", section="behaviour", language="fr", state=State.APPROVED
    )
    assert (now.text, now.replaces.seeded) == ("Saigas gather.", True)


def test_figures_that_contradict_themselves_are_refused_by_the_action_too(viewer):
    old = make_population()
    wrong = content(old, estimate=10.0, low=20.0, high=30.0, interval_kind="confidence_95")

    with pytest.raises(InvalidTableError):
        actions.propose_change(viewer("aigul"), old, wrong, reason="")


# --- what the database itself holds ---------------------------------------------------------------

IMPOSSIBLE = {
    "no figure": {"estimate": None},
    "an interval upside down": {"low": 20.0, "high": 10.0, "interval_kind": "expert_range"},
    "a figure outside its interval": {
        "estimate": 5.0, "low": 10.0, "high": 20.0, "interval_kind": "confidence_95",
    },
    "less than nothing": {"estimate": -1.0},
    "an interval of no kind": {"low": 1.0},
    "a kind without an interval": {"interval_kind": "confidence_95"},
    "no ground at all": {"area_covered_km2": 0.0},
    "a change of nothing": {"change": "change"},
    "withdrawn without a withdrawal": {"state": "withdrawn"},
    "decided before it was": {"state": "proposed", "decided_at": date(2024, 1, 1)},
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("case", IMPOSSIBLE)
@pytest.mark.filterwarnings("ignore:DateTimeField:RuntimeWarning")
def test_the_database_refuses(case):
    fields = IMPOSSIBLE[case]
    record = make_population()
    values = content(record, species_id="saiga", iso3="KAZ", state="approved") | fields
    values.setdefault("decided_at", record.decided_at)

    with pytest.raises(IntegrityError), transaction.atomic():
        PopulationRecord.objects.create(**values)


def test_the_database_refuses_that_one_person_proposes_and_decides(people):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_population(proposed_by=people["farida"], decided_by=people["farida"])


@pytest.mark.django_db
def test_the_database_refuses_two_versions_in_force():
    first = make_population()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_population(record=first.record, survey_to="2022")


# --- seeding --------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_tables_of_kulan_are_added_once():
    first, second = seed_species_records(), seed_species_records()

    assert first == PopulationRecord.objects.count() + AccountText.objects.count() > 200
    assert second == 0


def test_a_withdrawn_record_does_not_come_back_with_the_next_start(viewer):
    seed_species_records()
    record = PopulationRecord.objects.filter(species_id="saiga").first()
    asked = actions.propose_withdrawal(viewer("aigul"), record, reason="Wrong.")
    actions.approve(viewer("farida"), asked)

    assert seed_species_records() == 0


# --- the form -------------------------------------------------------------------------------------


def test_a_form_reads_figures_as_people_write_them(viewer):
    form = form_for(viewer("bat"))

    assert form.is_valid(), form.errors
    assert form.content()["estimate"] == 15_500
    assert form.content()["area_covered_km2"] == 12_500


FAULTS = {
    "estimate": {"estimate": ""},
    "survey_from": {"survey_from": "May 2023"},
    "survey_to": {"survey_to": "2023-04"},
    "interval_kind": {"low": "10"},
    "doi": {"doi": "see the report"},
    "iso3": {"iso3": "KGZ"},  # not Bat's
    "area_covered_km2": {"area_covered_km2": "0"},
    "reference": {"reference": ""},
    "method": {"method": ""},
}


@pytest.mark.parametrize("field", FAULTS)
def test_a_fault_is_told_at_its_field(field, viewer):
    form = form_for(viewer("bat"), **FAULTS[field])

    assert not form.is_valid()
    assert list(form.errors) == [field]


def test_a_day_to_come_is_no_day_of_fieldwork(viewer):
    assert "survey_to" in form_for(viewer("bat"), survey_to="2999").errors


def test_a_record_that_is_there_is_told_and_a_hidden_one_is_not(viewer):
    same = {
        "survey_from": "2023-05", "survey_to": "2023-05", "reference": "A report of 2023",
    }  # fmt: skip
    hidden = make_population(**same, embargo_until=date(2999, 1, 1))

    assert form_for(viewer("irina")).is_valid()
    hidden.delete()
    make_population(**same)
    assert list(form_for(viewer("irina")).errors) == ["reference"]


# --- what pages and tables tell -------------------------------------------------------------------


def test_the_history_says_what_changed_and_names_people_only_to_those_with_a_role(
    viewer, browser_of
):
    old = make_population(estimate=15_000.0)
    new = actions.propose_change(
        viewer("bat"), old, content(old, estimate=15_600.0), reason="Recounted from the film."
    )
    actions.approve(viewer("erlan"), new, note="Agrees with ours.")
    address = reverse("species_record", kwargs={"kind": "population", "uid": new.uid})

    public = browser_of("nobody").get(address).content.decode()
    partner = browser_of("dmitri").get(address).content.decode()

    assert "<del>15,000</del>" in public
    assert "<ins>15,600</ins>" in public
    assert "Ministry of Mongolia" in public
    assert not any(text in public for text in ("Bat", "Erlan", "Recounted", "Agrees"))
    assert all(text in partner for text in ("Bat", "Erlan", "Recounted", "Agrees"))


def test_a_record_opened_to_all_does_not_tell_what_it_was_for_partners(browser_of):
    old = make_population(state="superseded", estimate=77_777.0, readers="partners")
    new = make_population(record=old.record, change="change", replaces=old, estimate=15_000.0)
    address = reverse("species_record", kwargs={"kind": "population", "uid": new.uid})

    assert "77,777" not in browser_of("nobody").get(address).content.decode()
    assert "77,777" in browser_of("dmitri").get(address).content.decode()


PLACES = ("species", "species_sheet", "species_table", "species_tables", "species_compare")


@pytest.mark.parametrize("name", PLACES)
def test_a_hidden_figure_stands_nowhere_for_the_public(name, browser_of):
    shown = make_population(estimate=11_111.0, survey_to="2020")
    hidden = make_population(
        estimate=77_777.0, survey_to="2022", embargo_until=date(2999, 1, 1), reference="Secret work"
    )
    arguments = {
        "species": {"species_id": "saiga"},
        "species_sheet": {"species_id": "saiga"},
        "species_table": {"species_id": "saiga", "ending": "csv"},
        "species_tables": {"ending": "csv"},
        "species_compare": {"species_id": "saiga"},
    }[name]
    chosen = f"?record={shown.uid}&record={hidden.uid}" if name == "species_compare" else ""
    address = reverse(name, kwargs=arguments) + chosen

    public = browser_of("nobody").get(address).content.decode().replace(",", "")
    focal_point = browser_of("bat").get(address).content.decode().replace(",", "")

    assert "77777" not in public
    assert "Secret work" not in public
    assert "77777" in focal_point


def test_the_sheet_of_the_public_is_another_than_that_of_a_focal_point(browser_of):
    make_population(embargo_until=date(2999, 1, 1))
    address = reverse("species_sheet_file", kwargs={"species_id": "saiga"})

    tags = {who: browser_of(who).get(address)["ETag"] for who in ("nobody", "irina", "bat")}

    assert tags["nobody"] == tags["irina"] != tags["bat"]
    again = browser_of("nobody").get(address, headers={"If-None-Match": tags["nobody"]})
    assert again.status_code == 304


@pytest.mark.parametrize("language", ["en", "ru", "fr"])
def test_the_fact_sheet_prints_in_each_language(language, browser_of):
    seed_species_records()
    address = reverse("species_sheet_file", kwargs={"species_id": "gobi_bear"})

    answer = browser_of("nobody").get(f"{address}?lang={language}")

    assert answer.content.startswith(b"%PDF-")
    assert f"gobi_bear-{language}.pdf" in answer["Content-Disposition"]


def test_no_text_of_a_record_runs_in_a_spreadsheet(browser_of):
    make_population(notes='=HYPERLINK("http://elsewhere")', data_source="@SUM(1)")
    browser = browser_of("nobody")
    arguments = {"species_id": "saiga"}

    csv = browser.get(reverse("species_table", kwargs={**arguments, "ending": "csv"})).content
    xlsx = browser.get(reverse("species_table", kwargs={**arguments, "ending": "xlsx"})).content

    assert b"\"'=HYPERLINK" in csv
    assert b"'@SUM(1)" in csv
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx)).active
    assert "f" not in {cell.data_type for row in sheet.iter_rows() for cell in row}


@pytest.mark.parametrize("text", ["сайга", "saigak", "ақбөкен", "Antilope saiga"])
def test_a_species_is_found_by_any_of_its_names(text, browser_of):
    page = browser_of("nobody").get(reverse("species_list"), {"q": text}).content.decode()

    assert page.index("/species/saiga") > 0


def test_a_name_that_no_species_has_is_said_to_have_none(browser_of):
    page = browser_of("nobody").get(reverse("species_list"), {"q": "<b>zzzzqqqq"}).content.decode()

    assert "No species has a name like “&lt;b&gt;zzzzqqqq”." in page


def test_estimates_side_by_side_say_why_they_are_not_comparable(browser_of):
    one = make_population(survey_to="2020", method="distance_sampling")
    other = make_population(survey_to="2022", method="block_count")
    address = reverse("species_compare", kwargs={"species_id": "saiga"})

    page = browser_of("nobody").get(f"{address}?record={one.uid}&record={other.uid}")

    assert "They were made by different methods: block count; distance sampling." in (
        page.content.decode()
    )


# --- letters --------------------------------------------------------------------------------------


def test_a_proposal_is_told_to_those_who_may_decide_and_its_content_is_not(viewer, people):
    people["erlan"].language = "ru"
    people["erlan"].save()
    old = make_population()
    actions.propose_change(viewer("bat"), old, content(old, estimate=77_777.0), reason="Secret.")

    do(Job.objects.get(kind="proposal_letters"))

    assert sorted(letter.to[0] for letter in mail.outbox) == [
        "erlan@test.example",
        "farida@test.example",
    ]
    assert not any("77" in letter.body or "Secret" in letter.body for letter in mail.outbox)
    russian = next(one for one in mail.outbox if one.to == ["erlan@test.example"])
    assert russian.subject.startswith("Вас ждёт предложение: Сайгак")


def test_a_decision_is_told_to_the_proposer(viewer, people):
    asked = make_population(state="proposed", proposed_by=people["aigul"])
    actions.reject(viewer("bat"), asked, note="Not enough.")

    do(Job.objects.get(kind="decision_letter"))

    assert [letter.to for letter in mail.outbox] == [["aigul@test.example"]]


def test_a_letter_that_cannot_be_sent_fails_no_job(viewer, people, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there
    asked = make_population(state="proposed", proposed_by=people["aigul"])
    actions.approve(viewer("bat"), asked)
    job = Job.objects.get(kind="decision_letter")

    do(job)

    assert job.state == Job.State.DONE


def test_every_step_leaves_one_event_without_a_figure(viewer):
    old = make_population(estimate=77_777.0)
    new = actions.propose_change(viewer("bat"), old, content(old, estimate=88_888.0), reason="x")
    actions.approve(viewer("erlan"), new)

    events = list(Event.objects.order_by("pk"))

    assert [(one.kind, one.by_name) for one in events] == [
        ("population_proposed", "Bat"),
        ("population_approved", "Erlan"),
    ]
    assert not any(
        "8888" in f"{one.subject_title}{one.details}" or "7777" in str(one.details)
        for one in events
    )


def test_a_text_in_another_language_is_english_and_says_so(browser_of):
    make_account_text(text="Saigas live in herds.")

    page = browser_of("nobody").get("/species/saiga?lang=fr").content.decode()

    assert '<p lang="en">Saigas live in herds.</p>' in page
