"""`kulan programme answers`: all reporting cycles as one file, from the state folder."""

import json

import openpyxl
import pytest
from click.testing import CliRunner
from django.utils import timezone

from builders_of_cycles import FOR_EVERYONE, READ_BY_AUDIENCE, SECRET, make_cycle, make_report
from kulan.cli import kulan
from kulan.errors import InvalidSettingError, NotAllowedNowError
from kulan.web.events.models import Event


@pytest.fixture
def written(settings, tmp_path, monkeypatch):
    monkeypatch.setattr("kulan.web.operation.django_setup.set_up", lambda _: None)

    def run(name, *options):
        out = tmp_path / name
        state = ("--state", str(settings.STATE))
        done = CliRunner().invoke(
            kulan,
            ["programme", "answers", "--out", str(out), *options, *state],
            catch_exceptions=False,
        )
        return done, out

    return run


@pytest.fixture
def reports(people):  # noqa: ARG001
    cycle = make_cycle()
    make_report(cycle, "KGZ", state="accepted", accepted_at=timezone.now(),
                answers=READ_BY_AUDIENCE)  # fmt: skip
    make_report(cycle, answers={"general/done": SECRET})


@pytest.mark.usefixtures("reports")
def test_what_everyone_may_read_is_written_unless_everything_is_asked_for(written):
    done, out = written("answers.json")
    assert done.output.startswith("1 reports.")
    told = out.read_text("utf-8")
    assert FOR_EVERYONE in told
    assert SECRET not in told

    done, out = written("everything.json", "--everything")
    assert done.output.startswith("2 reports.")
    values = {
        one["value"] for report in json.loads(out.read_bytes())["reports"]
        for one in report["answers"]
    }  # fmt: skip
    assert {SECRET, *READ_BY_AUDIENCE.values()} == values
    assert Event.objects.filter(kind="cycles_exported").count() == 2


@pytest.mark.usefixtures("reports")
def test_a_workbook_comes_in_one_language_or_in_all(written):
    _, one = written("answers.xlsx", "--lang", "ru")
    _, three = written("all.xlsx", "--lang", "all")

    assert openpyxl.load_workbook(one).active["B2"].value == "Кыргызстан"
    assert openpyxl.load_workbook(three).sheetnames == ["English", "Русский", "Français"]


@pytest.mark.usefixtures("reports")
@pytest.mark.parametrize(
    ("name", "options", "said"),
    [("answers.ods", (), "ends with none of"), ("answers.csv", ("--lang", "all"), "one language")],
)
def test_what_cannot_be_written_is_refused_before_anything_is_read(name, options, said, written):
    with pytest.raises(InvalidSettingError, match=said):
        written(name, *options)


def test_where_there_is_no_report_none_is_written(written, people):  # noqa: ARG001
    with pytest.raises(NotAllowedNowError, match="No report"):
        written("answers.csv")
