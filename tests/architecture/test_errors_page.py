"""Every refusal has an exit code of its own and an entry in the how-to, and the entry is true."""

import importlib
import re
import sys
from pathlib import Path

import pytest

from declared import refusals

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "errors.md"
ENTRY = re.compile(r"^## (\w+) \(exit code (\d+)\)\n(.*?)(?=^## |\Z)", re.M | re.S)
CAUSE = re.compile(r"^```python\n(.*?)^```", re.M | re.S)
MESSAGE = re.compile(r"^```text\n(.*?)^```", re.M | re.S)


def entries() -> dict[str, tuple[int, str]]:
    text = PAGE.read_text(encoding="utf-8")
    return {name: (int(code), body) for name, code, body in ENTRY.findall(text)}


def same_words(text: str) -> str:
    return " ".join(text.split())


def test_exit_codes_tell_refusals_apart():
    codes = [refusal.exit_code for refusal in refusals()]
    assert len(set(codes)) == len(codes)
    # 0 is success, 1 any failure, 2 a command typed wrongly; from 126 on they are the shell's
    assert all(3 <= code <= 125 for code in codes)


def matches(said: str, told: str) -> bool:
    """Whether a message is as the page tells it; `...` there stands for any text."""
    pattern = ".*".join(re.escape(part) for part in told.split("..."))
    return re.fullmatch(pattern, said) is not None


@pytest.mark.parametrize("refusal", refusals(), ids=lambda refusal: refusal.__name__)
def test_every_refusal_says_when_it_comes(refusal):
    assert (refusal.__doc__ or "").strip().endswith(".")


@pytest.mark.parametrize("refusal", refusals(), ids=lambda refusal: refusal.__name__)
def test_every_refusal_is_in_the_how_to_with_cause_message_and_cure(refusal):
    code, body = entries()[refusal.__name__]

    assert code == refusal.exit_code
    assert CAUSE.search(body), "no smallest cause"
    assert MESSAGE.search(body), "no message"
    assert "**Cure.**" in body, "no cure"


@pytest.mark.parametrize("refusal", refusals(), ids=lambda refusal: refusal.__name__)
def test_the_cause_in_the_how_to_gives_the_message_beside_it(refusal, tmp_path, monkeypatch):
    _code, body = entries()[refusal.__name__]
    cause, message = CAUSE.search(body), MESSAGE.search(body)
    assert cause is not None
    assert message is not None
    monkeypatch.chdir(tmp_path)
    # one cause takes an optional package away; it comes back afterwards
    monkeypatch.setitem(sys.modules, "pyarrow", importlib.import_module("pyarrow"))

    with pytest.raises(refusal) as raised:
        exec(compile(cause.group(1), "docs/how-to/errors.md", "exec"), {})

    assert type(raised.value) is refusal
    assert matches(same_words(str(raised.value)), same_words(message.group(1)))


def test_the_how_to_names_no_refusal_that_is_gone():
    assert set(entries()) == {refusal.__name__ for refusal in refusals()}
