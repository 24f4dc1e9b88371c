"""A file that was uploaded stays until somebody has read it to the end, or refused it."""

import pytest

from builders_of_the_web import make_layer, make_version
from kulan.errors import InvalidFileError
from kulan.web.catalogue import intake
from kulan.web.jobs.models import Job, JobGoneError


@pytest.fixture
def job(people, monkeypatch, tmp_path):
    version = make_version(make_layer(owner=people["aigul"]), state="draft")
    asked = {"crs": "", "layer": "", "swap_axes": False}
    payload = {"version": str(version.uid), "place": "there", "asked": asked}
    monkeypatch.setattr(intake, "kept_file", lambda place: tmp_path / place)
    return Job(kind=intake.UPLOAD, payload=payload)


@pytest.mark.parametrize(
    ("end", "is_gone"), [(JobGoneError("upload"), False), (SystemExit(0), False),
                         (InvalidFileError("no layer"), True), (ValueError("ours"), True)],
)  # fmt: skip
def test_only_who_has_read_it_or_refused_it_takes_the_file_away(job, monkeypatch, end, is_gone):
    taken_away = []
    monkeypatch.setattr(intake, "forget", taken_away.append)

    def ends(*_arguments, **_options):
        raise end

    monkeypatch.setattr(intake, "read_into", ends)

    with pytest.raises(type(end)):
        intake.take_in(job)
    assert taken_away == (["there"] if is_gone else [])
