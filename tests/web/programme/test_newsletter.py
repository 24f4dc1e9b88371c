"""The newsletter: drafted from what everyone may see, edited, published, sent."""

import email
from datetime import date, timedelta
from email import policy

import pytest
from django.urls import reverse
from django.utils import timezone

from builders_of_money import make_call, make_donor, make_flow, make_project
from builders_of_newsletters import make_issue
from builders_of_registers import make_record
from builders_of_species import make_population
from builders_of_the_programme import make_evidence
from builders_of_the_web import make_layer, make_version
from kulan.errors import AccessDeniedError, NotAllowedNowError
from kulan.web.events.models import Event
from kulan.web.people.holdings import held_of
from kulan.web.programme.newsletter import actions
from kulan.web.programme.newsletter.actions import Edited
from kulan.web.programme.newsletter.models import NewsletterIssue
from kulan.web.programme.reporting.models import Cycle

YESTERDAY = timezone.localdate() - timedelta(days=1)
PERIOD = {
    "since": timezone.localdate() - timedelta(days=30),
    "until": timezone.localdate() + timedelta(days=1),
}


def begin(viewer, **fields):
    return actions.begin_issue(viewer("farida"), **{**PERIOD, **fields})


def titles(issue):
    return [item.title["en"] for item in issue.items.all()]


def layer_of(people, layer_id, title, **fields):
    layer = make_layer(layer_id, owner=people["aigul"], **fields)
    return make_version(layer, title={"en": title}, created_by=people["aigul"])


# --- what a draft knows


def test_a_draft_tells_of_layers_records_documents_and_deadlines(viewer, people):
    layer_of(people, "roads", "Roads")
    make_population(estimate=15_500.0)
    make_evidence(title="A plan for the saiga")
    Cycle.objects.create(
        cycle_id="cami-2027",
        title={"en": "Reports for 2027"},
        edition_id="cami-2021",
        opens=YESTERDAY,
        due=timezone.localdate() + timedelta(days=40),
        stage=Cycle.Stage.OPEN,
    )
    issue = begin(viewer)
    assert titles(issue) == ["Roads", "Saiga antelope", "A plan for the saiga", "Reports for 2027"]
    record = issue.items.get(kind="population_record")
    assert record.text["en"] == "Mongolia, 2021: 15,500 animals. A report"
    assert "Монголия" in record.text["ru"]


@pytest.mark.parametrize(
    "hidden",
    [
        {"audience": "named"},
        {"audience": "partners"},
        {"audience": "public", "embargo_until": date(2999, 1, 1)},
    ],
    ids=["named", "partners", "embargoed"],
)
def test_a_layer_that_is_not_for_everyone_is_in_no_draft_whoever_makes_it(viewer, people, hidden):
    layer_of(people, "dens", "Secret dens", **hidden)
    layer_of(people, "roads", "Roads")
    assert titles(begin(viewer)) == ["Roads"]


@pytest.mark.parametrize(
    "hidden",
    [{"readers": "partners"}, {"embargo_until": date(2999, 1, 1)}, {"state": "proposed"}],
    ids=["partners", "embargoed", "proposed"],
)
def test_a_record_that_is_not_for_everyone_is_in_no_draft(viewer, hidden, db):  # noqa: ARG001
    make_population(reference="A secret report", **hidden)
    assert not begin(viewer).items.exists()


@pytest.mark.parametrize("audience", ["partners", "government"])
def test_evidence_that_is_not_for_everyone_is_in_no_draft(viewer, audience):
    make_evidence(audience=audience)
    assert not begin(viewer).items.exists()


def test_a_layer_whose_embargo_ended_is_new_on_the_day_it_ended(viewer, people):
    version = layer_of(people, "roads", "Roads", embargo_until=YESTERDAY)
    version.released_at = timezone.now() - timedelta(days=400)
    version.save()
    assert begin(viewer).items.get().day == YESTERDAY + timedelta(days=1)


def test_a_draft_tells_of_calls_meetings_and_days_ahead_that_everyone_may_see(viewer):
    soon = timezone.localdate() + timedelta(days=20)
    donor = make_donor()
    make_call(donor, title="Grants for steppes", closes=soon, url="https://example.org/calls")
    make_call(donor, title="More grants", closes=soon, url="https://example.org/calls")
    plan = {"title": "Range states", "begins": soon.isoformat()}
    make_record(stage="planned", data=plan)
    make_record(stage="planned", data={**plan, "title": "Behind doors"}, audience="partners")
    make_record(stage="cancelled", data={**plan, "title": "Called off"})
    assert titles(begin(viewer)) == ["Grants for steppes", "More grants", "Range states"]


def test_titles_of_money_are_in_every_language_that_the_project_has(viewer, people):
    original = (
        "<iati-activity xml:lang='en'><title><narrative>Gaps in fences</narrative>"
        "<narrative xml:lang='ru'>Проходы в оградах</narrative></title></iati-activity>"
    )
    project = make_project(people["aigul"].organisation, iati_original=original)
    make_flow(project, day=YESTERDAY)
    items = {item.title["en"]: item for item in begin(viewer).items.all()}
    assert items["Gaps in fences"].title["ru"] == "Проходы в оградах"
    project.title = "Gaps in many fences"  # changed here: the old Russian title is not its title
    project.save()
    items = {item.title["en"]: item for item in begin(viewer).items.all()}
    assert "ru" not in items["Gaps in many fences"].title


def test_what_was_entered_in_the_period_and_happened_before_it_is_told_as_late(
    viewer, people, browser_of
):
    project = make_project(people["aigul"].organisation)
    before = PERIOD["since"] - timedelta(days=10)
    make_flow(project, day=before)
    make_flow(project, "7", day=PERIOD["since"] - timedelta(days=900))  # long ago: not chosen
    make_flow(project, "9", day=before, added_at=timezone.now() - timedelta(days=35))  # told then
    issue = begin(viewer)
    late, old = issue.items.order_by("-day")
    assert (late.late, late.chosen, late.day) == (True, True, before)
    assert (old.late, old.chosen, old.reason) == (True, False, "long_ago")
    page = browser_of("farida").get(f"/programme/newsletter/{issue.number}").content.decode()
    assert "entered later" in page


def test_money_of_a_project_is_told_with_its_project_and_confidential_money_never(viewer, people):
    project = make_project(people["aigul"].organisation)
    make_flow(project, day=YESTERDAY)
    make_flow(project, day=YESTERDAY)
    make_flow(project, day=YESTERDAY, confidential=True)
    links = [item.link for item in begin(viewer).items.all()]
    assert len(set(links)) == 2
    assert all(str(project.uid) in link for link in links)


def test_a_meeting_that_was_held_is_told_and_one_of_others_is_not(viewer):
    held = {"title": "Steppe meeting", "begins": YESTERDAY.isoformat()}
    make_record(stage="held", data=held)
    make_record(stage="held", data={**held, "title": "Behind doors"}, audience="government")
    (item,) = begin(viewer).items.all()
    assert (item.kind, item.title["en"], item.day) == ("meeting", "Steppe meeting", YESTERDAY)
    assert item.link.startswith("/programme/registers/")


def test_a_bulletin_tells_of_its_species(viewer, people):
    layer_of(people, "roads", "Roads")
    make_population()
    assert titles(begin(viewer, species="saiga")) == ["Saiga antelope"]
    assert not begin(viewer, species="khulan").items.exists()


def test_the_next_issue_begins_where_the_last_one_ended(viewer, browser_of):
    make_issue(4, published=True)
    page = browser_of("farida").get(reverse("newsletter_new")).content.decode()
    assert 'value="2026-04-01"' in page
    assert begin(viewer).number == 5


# --- who makes it, and what happens


@pytest.mark.parametrize("who", ["nobody", "hassan", "dmitri", "bat", "erlan", "gulnara"])
def test_nobody_but_the_secretariat_makes_or_changes_an_issue(viewer, who):
    issue = make_issue()
    for act in (
        lambda: actions.begin_issue(viewer(who), **PERIOD),
        lambda: actions.edit_issue(viewer(who), issue, "en", title="", introduction="", items={}),
        lambda: actions.publish_issue(viewer(who), issue),
        lambda: actions.drop_issue(viewer(who), issue),
    ):
        with pytest.raises(AccessDeniedError):
            act()
    assert not Event.objects.exists()


def test_what_a_person_leaves_out_stays_out(viewer, people, browser_of):
    layer_of(people, "roads", "Roads")
    layer_of(people, "fences", "Fences")
    issue = begin(viewer)
    out = next(item for item in issue.items.all() if item.title["en"] == "Fences")
    left_out = {out.pk: Edited(title="Fences", text="", chosen=False)}
    actions.edit_issue(viewer("farida"), issue, "en", title="", introduction="", items=left_out)
    actions.publish_issue(viewer("farida"), issue)
    for address in (
        reverse("newsletter_issue", kwargs={"number": issue.number}),
        reverse("newsletter_file", kwargs={"number": issue.number, "ending": "txt"}),
    ):
        page = browser_of("nobody").get(address).content.decode()
        assert "Roads" in page
        assert "Fences" not in page


def test_each_language_keeps_its_own_words(viewer):
    issue = make_issue()
    (item,) = issue.items.all()
    for language, words in (("en", "All came."), ("ru", "Пришли все.")):
        items = {item.pk: Edited(title="", text=words, chosen=True)}
        actions.edit_issue(
            viewer("farida"), issue, language, title=words, introduction="", items=items
        )
    item.refresh_from_db()
    issue.refresh_from_db()
    assert item.text == issue.title == {"en": "All came.", "ru": "Пришли все."}
    assert item.title  # emptied in both languages it would be nothing


def test_a_published_issue_does_not_change(viewer):
    issue = make_issue(published=True)
    with pytest.raises(NotAllowedNowError):
        actions.edit_issue(viewer("farida"), issue, "en", title="x", introduction="", items={})
    with pytest.raises(NotAllowedNowError):
        actions.drop_issue(viewer("farida"), issue)
    with pytest.raises(NotAllowedNowError):
        actions.publish_issue(viewer("farida"), issue)


def test_what_was_hidden_since_the_draft_is_not_published(viewer, people):
    version = layer_of(people, "dens", "Dens of spring")
    issue = begin(viewer)
    version.layer.audience = "named"
    version.layer.save()
    with pytest.raises(NotAllowedNowError, match="Dens of spring"):
        actions.publish_issue(viewer("farida"), issue)
    assert NewsletterIssue.objects.get().is_draft


def test_an_issue_that_tells_nothing_is_not_published(viewer):
    with pytest.raises(NotAllowedNowError, match="nothing"):
        actions.publish_issue(viewer("farida"), begin(viewer))


def test_every_step_leaves_an_event(viewer):
    issue = begin(viewer)
    actions.edit_issue(viewer("farida"), issue, "en", title="x", introduction="Hello", items={})
    actions.publish_issue(viewer("farida"), issue)
    actions.drop_issue(viewer("farida"), begin(viewer))
    kinds = set(Event.objects.values_list("kind", flat=True))
    assert kinds == {f"newsletter_{step}" for step in ("begun", "edited", "published", "dropped")}


def test_whoever_makes_an_issue_is_given_what_is_held_of_that(viewer, people):
    begin(viewer)
    (held,) = held_of(people["farida"])["newsletters"]
    assert (held["number"], held["published_at"]) == (1, None)
    assert held_of(people["aigul"])["newsletters"] == []


def test_the_form_writes_what_stands_in_it(viewer, browser_of, people):
    layer_of(people, "roads", "Roads")
    issue = begin(viewer)
    (item,) = issue.items.all()
    page = reverse("newsletter_edit", kwargs={"number": issue.number})
    assert "Roads" in browser_of("farida").get(page).content.decode()
    told = {"in": "ru", f"title-{item.pk}": "Дороги", f"text-{item.pk}": "Новые.", "title": "Весна"}
    browser_of("farida").post(page, told)
    item.refresh_from_db()
    assert (item.title["ru"], item.text["ru"], item.chosen) == ("Дороги", "Новые.", False)


# --- files


@pytest.fixture
def issue(db):  # noqa: ARG001
    made = make_issue(published=True)
    made.items.update(chosen=True)
    return made


def file_of(browser_of, ending, language="en"):
    address = reverse("newsletter_file", kwargs={"number": 1, "ending": ending})
    return browser_of("nobody").get(f"{address}?lang={language}")


@pytest.mark.usefixtures("issue")
def test_the_letter_has_its_styles_in_its_elements_and_loads_nothing(browser_of):
    page = file_of(browser_of, "html").content.decode()
    assert "<style" not in page
    assert 'style="' in page
    assert "<img" not in page
    assert "<script" not in page
    assert "src=" not in page
    assert "A meeting in &lt;Almaty&gt;" in page


@pytest.mark.usefixtures("issue")
def test_the_message_to_send_has_plain_text_beside_the_letter(browser_of):
    content = file_of(browser_of, "eml", "ru").content
    message = email.message_from_bytes(content, policy=policy.default)
    kinds = [part.get_content_type() for part in message.iter_parts()]
    assert kinds == ["text/plain", "text/html"]
    assert "Совещание в Алматы" in message.get_body(("plain",)).get_content()
    assert message["Subject"] == "Бюллетень № 1"
    assert message["To"] is None


@pytest.mark.usefixtures("issue")
def test_the_pdf_is_tagged_and_the_same_each_time(browser_of):
    first = file_of(browser_of, "pdf").content
    assert first.startswith(b"%PDF-1.7")
    assert b"/StructTreeRoot" in first
    assert file_of(browser_of, "pdf").content == first


@pytest.mark.usefixtures("issue")
def test_the_feed_names_published_issues_alone(browser_of):
    make_issue(2, title={"en": "Not yet"})
    feed = browser_of("farida").get(reverse("newsletter_feed")).content.decode()
    assert feed.count("<entry>") == 1
    assert "Newsletter no. 1" in feed
    assert "Not yet" not in feed
