"""A screening from its question to its report, as its owner and others see it."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from builders_of_the_web import make_screening
from kulan.errors import TooManyRequestsError
from kulan.web.events.models import Event
from kulan.web.jobs.models import Job
from kulan.web.jobs.queue import do
from kulan.web.screenings import actions, files, retention
from kulan.web.screenings.models import Report, Screening, ShareLink

pytestmark = pytest.mark.django_db
NEW = reverse("screening_new")
SECRET = "at 114.5, 47.0 of Secret line"
LINE = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"type": "railway", "name": "Eastern line"},
            "geometry": {"type": "LineString", "coordinates": [[114.5, 47.0], [114.9, 47.3]]},
        }
    ],
}


@pytest.fixture(autouse=True)
def _an_atlas(settings, starter_state):
    settings.STATE = starter_state


def ask(browser: Client, content: object = LINE, name: str = "line.geojson", **fields) -> Screening:
    """Ask for a screening as a browser does."""
    sent = SimpleUploadedFile(
        name, content if isinstance(content, bytes) else json.dumps(content).encode()
    )
    told = {"day": "2026-11-25", "within_km": "50", "language": "en", **fields}
    answer = browser.post(NEW, {"lines": sent, **told})
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return Screening.objects.get(uid=answer.url.rstrip("/").rsplit("/", 1)[-1])


def answered(screening: Screening) -> Screening:
    """Do the jobs that wait."""
    for job in Job.objects.filter(state=Job.State.QUEUED):
        do(job)
    return Screening.objects.get(pk=screening.pk)


def page_of(browser: Client, screening: Screening, query: str = "") -> str:
    answer = browser.get(reverse("screening", args=[screening.uid]) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def opened(browser: Client, address: str) -> int:
    """Ask for a file and read it to its end; return the status."""
    answer = browser.get(address)
    answer.getvalue()  # closed by hand it would close the connection of the test as well
    return answer.status_code


def test_a_plan_is_uploaded_screened_and_read(browser_of):
    aigul = browser_of("aigul")
    screening = ask(aigul)
    assert "The screening is under way" in page_of(aigul, screening)
    screening = answered(screening)
    assert screening.alternatives[0]["name"] == "Eastern line"
    page = page_of(aigul, screening)
    assert "Only you see it" in page
    assert "potential habitat (Mongolia)" in page


def test_every_file_of_the_report_is_downloaded_and_all_of_them_zipped(browser_of):
    aigul = browser_of("aigul")
    screening = answered(ask(aigul))

    def got(name):
        answer = aigul.get(reverse("screening_file", args=[screening.uid, "en", name]))
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["Cache-Control"] == (
            "max-age=0, no-cache, no-store, must-revalidate, private"
        )
        return b"".join(answer.streaming_content)

    assert got("report.pdf").startswith(b"%PDF")
    assert json.loads(got("findings.json"))["alternatives"]
    assert got("findings.gpkg").startswith(b"SQLite format 3")
    assert got("losses.csv").startswith(b"file,")
    packed = zipfile.ZipFile(io.BytesIO(got("everything.zip")))
    assert packed.read("kulan-screening-en/report.html") == got("report.html")


def test_the_report_stands_in_a_box_that_reaches_nothing_of_ours(browser_of):
    aigul = browser_of("aigul")
    screening = answered(ask(aigul))
    answer = aigul.get(reverse("screening_report", args=[screening.uid, "en"]))
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'sha256-" in policy
    assert "sandbox allow-scripts allow-popups" in policy
    assert "allow-same-origin" not in policy
    assert "frame-ancestors 'self'" in policy
    page = aigul.get(reverse("screening", args=[screening.uid]))
    assert "script-src 'self';" in page.headers["Content-Security-Policy"]


def test_the_report_is_made_in_another_language_and_the_first_stays(browser_of):
    aigul = browser_of("aigul")
    screening = answered(ask(aigul))
    address = reverse("screening_language", args=[screening.uid])
    assert aigul.post(address, {"language": "ru"}).url.endswith("?report=ru")
    assert "The report is being made in this language" in page_of(aigul, screening, "?report=ru")
    answered(screening)
    aigul.post(address, {"language": "ru"})  # asked twice, made once
    assert Report.objects.filter(language="ru").count() == 1
    assert Job.objects.count() == 2
    russian = Report.objects.get(language="ru").headlines
    english = Report.objects.get(language="en").headlines
    assert len(russian) == len(english)
    assert russian != english
    assert russian[0] in page_of(aigul, screening, "?report=ru")


def test_a_refusal_of_the_library_is_shown_as_it_is_and_asked_again_with_the_files(browser_of):
    aigul = browser_of("aigul")
    untold = json.loads(json.dumps(LINE))
    del untold["features"][0]["properties"]["type"]
    screening = answered(ask(aigul, untold))
    page = page_of(aigul, screening)
    assert "line.geojson: it does not say what is planned." in page

    again = reverse("screening_again", args=[screening.uid])
    assert "line.geojson" in aigul.get(again).content.decode()
    told = {"day": "2026-11-25", "within_km": "50", "language": "en", "barrier_type": "road"}
    assert aigul.post(again, told).status_code == 302
    screening = answered(screening)
    assert screening.alternatives[0]["type"] == "road"
    assert not Job.objects.exclude(refusal="").exists()


def bomb() -> bytes:
    """Return an archive of 2.2 GB of nothing in 10 MB."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("line.csv", "w", force_zip64=True) as member,
    ):
        block = bytes(1 << 24)
        for _ in range(140):
            member.write(block)
    return packed.getvalue()


def climber() -> bytes:
    """Return an archive that holds a name which leads out of it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("../../../line.geojson", json.dumps(LINE))
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "refused"),
    [
        ("bomb.zip", bomb, "unpacks to 2.2 GB"),
        ("climber.zip", climber, "a name that leads out of it"),
        ("empty.geojson", lambda: b" ", "empty.geojson"),
        (
            "remote.csv",
            lambda: b"wkt\n/vsicurl/http://127.0.0.1:1/x.geojson",
            "remote.csv",
        ),
        ("not.gpkg", lambda: b"<html>", "not.gpkg"),
    ],
)
def test_a_hostile_file_is_refused_with_words(browser_of, name, content, refused):
    aigul = browser_of("aigul")
    screening = answered(ask(aigul, content(), name, barrier_type="road"))
    assert Job.objects.get().state == Job.State.FAILED
    page = page_of(aigul, screening)
    assert "The screening was refused" in page
    assert refused in page
    assert str(files.root()) not in page


def test_markup_in_a_plan_is_text_on_every_page(browser_of):
    hostile = json.loads(json.dumps(LINE))
    hostile["features"][0]["properties"]["name"] = "<script>alert(1)</script>"
    aigul = browser_of("aigul")
    screening = answered(ask(aigul, hostile, title="<img src=x onerror=alert(2)>"))
    report = aigul.get(reverse("screening_report", args=[screening.uid, "en"])).content.decode()
    for text in (page_of(aigul, screening), report, aigul.get("/screenings/").content.decode()):
        assert "<script>alert(1)" not in text
        assert "<img src=x" not in text


def test_a_screening_is_stopped_at_its_next_word_of_progress(browser_of, monkeypatch):
    aigul = browser_of("aigul")
    screening = ask(aigul)
    stop = reverse("screening_stop", args=[screening.uid])
    tell = Job.tell

    def told(job, done, total, doing):
        if doing == "comparing":
            aigul.post(stop)
        tell(job, done, total, doing)

    monkeypatch.setattr(Job, "tell", told)
    answered(screening)
    assert Job.objects.get().state == Job.State.CANCELLED
    assert "The screening was stopped" in page_of(aigul, screening)
    assert not files.report_folder(screening.uid, "en").exists()


def test_a_worker_that_was_killed_is_followed_by_another(browser_of):
    aigul = browser_of("aigul")
    screening = ask(aigul)
    folder = files.folder_of(screening.uid)
    # what a killed worker leaves behind: a half-written report, files it had unpacked
    (folder / "reports" / ".en.half").mkdir(parents=True)
    (folder / "work-en" / "kulan-unpacked-x").mkdir(parents=True)
    answered(screening)
    assert Job.objects.get().state == Job.State.DONE
    assert not (folder / "work-en").exists()


def test_only_who_it_is_shared_with_reads_it(browser_of, people):
    aigul, dmitri, erlan = map(browser_of, ("aigul", "dmitri", "erlan"))
    screening = answered(ask(aigul))
    address = reverse("screening", args=[screening.uid])
    pdf = reverse("screening_file", args=[screening.uid, "en", "report.pdf"])
    assert dmitri.get(address).status_code == 404
    assert dmitri.get(pdf).status_code == 404
    share = reverse("screening_share", args=[screening.uid])
    aigul.post(share, {"email": people["dmitri"].email.upper()})
    assert opened(dmitri, pdf) == 200
    page = page_of(dmitri, screening)
    assert "Shared with you" in page
    assert "Delete it" not in page
    assert people["dmitri"].email not in page
    assert erlan.get(pdf).status_code == 404
    assert screening.shared_with.get().opened_at is not None
    aigul.post(reverse("screening_share_end", args=[screening.uid, screening.shared_with.get().pk]))
    assert dmitri.get(pdf).status_code == 404


def test_sharing_does_not_tell_who_has_an_account(browser_of, people):
    screening = make_screening(people["aigul"])
    aigul = browser_of("aigul")
    share = reverse("screening_share", args=[screening.uid])
    pages = []
    for address in (people["dmitri"].email, "nobody@test.example"):
        screening.shared_with.all().delete()
        page = aigul.post(share, {"email": address}, follow=True).content.decode()
        pages.append(page.replace(address, "ADDRESS"))
    without = [
        [line for line in page.splitlines() if "csrf" not in line and "/end" not in line]
        for page in pages
    ]
    assert without[0] == without[1]


def test_a_private_link_opens_it_until_it_is_ended(browser_of, people):
    screening = make_screening(people["aigul"])
    aigul, visitor = browser_of("aigul"), Client()
    aigul.post(reverse("screening_link_make", args=[screening.uid]), {"days": ""})
    link = ShareLink.objects.get()
    assert len(link.token) >= 43
    address = reverse("screening", args=[screening.uid])
    assert visitor.get(address).status_code == 404
    assert visitor.get(reverse("screening_link", args=[link.token])).url == address
    page = page_of(visitor, screening)
    assert link.token not in page
    assert visitor.post(reverse("screening_delete", args=[screening.uid])).status_code == 404
    aigul.post(reverse("screening_link_end", args=[screening.uid, link.pk]))
    assert visitor.get(address).status_code == 404
    assert visitor.get(reverse("screening_link", args=[link.token])).status_code == 404


def test_a_link_ends_by_itself(people):
    screening = make_screening(people["aigul"])
    link = screening.links.create(expires_at=timezone.now() + timedelta(hours=1))
    visitor = Client()
    visitor.get(reverse("screening_link", args=[link.token]))
    assert visitor.get(reverse("screening", args=[screening.uid])).status_code == 200
    screening.links.update(expires_at=timezone.now())
    assert visitor.get(reverse("screening", args=[screening.uid])).status_code == 404


def test_a_visitor_without_an_account_screens_for_a_day():
    visitor, another = Client(), Client()
    screening = answered(ask(visitor))
    assert timedelta(hours=23) < screening.expires_at - timezone.now() <= timedelta(hours=24)
    assert "Private link" in page_of(visitor, screening)
    address = reverse("screening", args=[screening.uid])
    assert another.get(address).status_code == 404
    Screening.objects.update(expires_at=timezone.now())
    assert visitor.get(address).status_code == 404
    assert retention.remove_ended() == 1
    assert not files.folder_of(screening.uid).exists()
    assert not Screening.objects.exists()


def test_what_nobody_owns_any_more_is_removed(people):
    kept, left = make_screening(people["aigul"]), make_screening(people["hassan"])
    for screening in (kept, left):
        (files.folder_of(screening.uid) / "uploads").mkdir(parents=True)
    by_a_killed_worker = files.root() / "0f0f"
    by_a_killed_worker.mkdir()
    people["hassan"].delete()
    assert retention.remove_ended() == 1
    assert list(Screening.objects.all()) == [kept]
    assert files.folder_of(kept.uid).is_dir()
    assert not files.folder_of(left.uid).exists()
    assert not by_a_killed_worker.exists()


def test_a_screening_that_is_being_stored_is_not_taken_for_one_without_a_row(
    browser_of, monkeypatch
):
    # another process looks for folders without a row at every step of storing this one
    store = files.store

    def stored(*given):
        paths = store(*given)
        retention.remove_ended()
        return paths

    monkeypatch.setattr(files, "store", stored)
    screening = ask(browser_of("aigul"))
    assert (files.folder_of(screening.uid) / screening.options["lines"][0]).is_file()


def test_visitors_without_an_account_ask_a_few_times_an_hour():
    visitor = Client()
    told = {"day": "2026-11-25", "within_km": "50", "language": "en"}
    statuses = [visitor.post(NEW, told).status_code for _ in range(13)]
    assert statuses == [422] * 12 + [429]


def test_nobody_has_more_than_a_few_under_way(browser_of, viewer):
    aigul = browser_of("aigul")
    for _ in range(actions.MOST_AT_ONCE):
        ask(aigul)
    with pytest.raises(TooManyRequestsError, match="5 screenings of yours"):
        actions._check_room(viewer("aigul"))


def test_deleting_leaves_a_line_that_says_nothing_of_the_plan(browser_of):
    aigul, azamat = browser_of("aigul"), browser_of("azamat")
    screening = answered(ask(aigul, title="Secret line"))
    folder = files.folder_of(screening.uid)
    assert folder.is_dir()
    address = reverse("screening", args=[screening.uid])
    page = aigul.post(reverse("screening_delete", args=[screening.uid]), follow=True)
    assert "What remains" in page.content.decode()
    assert not folder.exists()
    assert azamat.get(address).status_code == 404
    told = Event.objects.filter(subject_id=str(screening.uid)).order_by("at", "pk")
    assert [event.kind for event in told] == ["screening_asked", "screening_deleted"]
    assert {(event.subject_title, str(event.details)) for event in told} == {("", "{}")}


def test_a_worker_that_is_busy_with_what_is_deleted_removes_what_it_wrote(browser_of, monkeypatch):
    aigul = browser_of("aigul")
    screening = ask(aigul)
    delete = reverse("screening_delete", args=[screening.uid])
    tell = Job.tell

    def told(job, done, total, doing):
        tell(job, done, total, doing)
        if doing == "writing":
            aigul.post(delete)

    monkeypatch.setattr(Job, "tell", told)
    for job in Job.objects.all():
        do(job)
    assert not files.folder_of(screening.uid).exists()
    assert Job.objects.get().state == Job.State.CANCELLED


def test_what_failed_on_our_side_says_nothing_of_the_plan(browser_of, monkeypatch, caplog):
    def fails(*_args, **_named):
        raise ZeroDivisionError(SECRET)

    monkeypatch.setattr("kulan.web.screenings.jobs.answer_question", fails)
    aigul = browser_of("aigul")
    screening = ask(aigul)
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        do(Job.objects.get())
    assert SECRET not in caplog.text
    assert "ZeroDivisionError" in caplog.text
    assert "Something failed on our side" in page_of(aigul, screening)
