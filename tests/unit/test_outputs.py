"""Files and folders that appear whole or not at all."""

from pathlib import Path

import pytest

from kulan.errors import OutputDeniedError, OutputExistsError
from kulan.outputs import check_writable, whole_folder, write_whole


def test_a_folder_appears_only_when_the_work_is_done(tmp_path):
    target = tmp_path / "report"
    with whole_folder(target) as work:
        (work / "a.txt").write_text("a")
        assert not target.exists()
    assert (target / "a.txt").read_text() == "a"


def test_a_failure_leaves_nothing_behind(tmp_path):
    target = tmp_path / "report"
    with pytest.raises(FileNotFoundError), whole_folder(target) as work:
        (work / "missing" / "a.txt").write_text("a")
    assert list(tmp_path.iterdir()) == []


def test_a_failure_keeps_what_was_there_before(tmp_path):
    target = tmp_path / "report"
    target.mkdir()
    (target / "old.txt").write_text("old")
    with pytest.raises(RuntimeError), whole_folder(target, replace=True):
        raise RuntimeError
    assert [path.name for path in target.iterdir()] == ["old.txt"]
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


def test_replacing_leaves_only_the_new(tmp_path):
    target = tmp_path / "report"
    target.mkdir()
    (target / "old.txt").write_text("old")
    with whole_folder(target, replace=True) as work:
        (work / "new.txt").write_text("new")
    assert [path.name for path in target.iterdir()] == ["new.txt"]
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


def test_a_full_folder_is_not_overwritten_unasked(tmp_path):
    (tmp_path / "old.txt").write_text("old")
    with pytest.raises(OutputExistsError, match="already there"), whole_folder(tmp_path):
        pass
    assert (tmp_path / "old.txt").read_text() == "old"


def test_a_file_in_the_way_is_never_replaced(tmp_path):
    (tmp_path / "report").write_text("mine")
    with (
        pytest.raises(OutputExistsError),
        whole_folder(tmp_path / "report", replace=True),
    ):
        pass
    assert (tmp_path / "report").read_text() == "mine"


def test_a_written_file_replaces_the_old_one_whole(tmp_path):
    write_whole(tmp_path / "deep" / "note", b"one")
    write_whole(tmp_path / "deep" / "note", b"two")
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["note"]
    assert (tmp_path / "deep" / "note").read_bytes() == b"two"


def test_a_folder_that_appeared_meanwhile_is_not_overwritten_unasked(tmp_path):
    target = tmp_path / "report"
    slower = whole_folder(target)
    (slower.__enter__() / "a.txt").write_text("ours")
    with whole_folder(target) as faster:
        (faster / "a.txt").write_text("theirs")
    with pytest.raises(OutputExistsError):
        slower.__exit__(None, None, None)
    assert (target / "a.txt").read_text() == "theirs"
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


def test_a_place_inside_a_file_is_refused_by_name(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    inside = tmp_path / "notes.txt" / "report"
    with pytest.raises(OutputDeniedError, match=r"notes\.txt is a file"):
        check_writable(inside)
    with pytest.raises(OutputDeniedError, match="report: cannot be written"), whole_folder(inside):
        pass
    with pytest.raises(OutputDeniedError, match="report: cannot be written"):
        write_whole(inside, b"")


def test_a_place_yet_to_be_made_is_writable(tmp_path):
    check_writable(tmp_path / "a" / "b" / "report")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_may_not_be_written_is_refused_by_name(tmp_path, monkeypatch):
    monkeypatch.setattr("os.access", lambda path, _mode: str(path) != str(tmp_path))
    with pytest.raises(OutputDeniedError, match="may not be written"):
        check_writable(tmp_path / "report")


def test_the_root_of_the_disk_is_asked_itself(tmp_path, monkeypatch):
    monkeypatch.setattr("os.access", lambda _path, _mode: False)
    with pytest.raises(OutputDeniedError, match="may not be written"):
        check_writable(Path(tmp_path.anchor))
