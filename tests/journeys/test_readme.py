"""What the README tells to type works when it is copied and pasted."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
KULAN = Path(sys.executable).with_name("kulan")
FENCE = re.compile(r"^```(?:sh|console)\n(.*?)^```", re.M | re.S)


def typed() -> list[list[str]]:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = (block.replace("\\\n", " ") for block in FENCE.findall(text))
    lines = [line for block in blocks for line in block.splitlines()]
    return [
        shlex.split(line, comments=True) for line in lines if line.startswith(".venv/bin/kulan")
    ]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder like a fresh checkout: the examples, and the program where make puts it."""
    folder = tmp_path_factory.mktemp("readme")
    (folder / "examples").symlink_to(ROOT / "examples")
    (folder / ".venv").mkdir()
    (folder / ".venv" / "bin").mkdir()
    (folder / ".venv" / "bin" / "kulan").symlink_to(KULAN)
    return folder


def test_the_readme_screens_a_line():
    assert any(words[1] == "screen" for words in typed())


def test_every_line_of_the_readme_runs_in_the_order_it_stands(desk):
    for words in typed():
        ran = subprocess.run(words, cwd=desk, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, f"{shlex.join(words)}\n{ran.stderr}"
    assert {"report.html", "report.pdf", "findings.json", "findings.gpkg"} <= {
        path.name for path in (desk / "report").iterdir()
    }
