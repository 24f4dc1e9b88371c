"""What the how-to of large landscapes shows runs, and says what the page says."""

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[3] / "docs" / "how-to" / "run-large-landscapes.md"
BLOCK = re.compile(r"^```python\n(.*?)^```", re.M | re.S)

pytestmark = [
    pytest.mark.xdist_group("dask"),
    # Dask's own: sockets and loops that it leaves to the garbage collector when it ends
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def test_every_block_runs_after_those_before_it(tmp_path, monkeypatch, capsys):
    pytest.importorskip("distributed", reason="no Dask here; one block needs it")
    monkeypatch.chdir(tmp_path)
    blocks = BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, PAGE.name, "exec"), names)

    assert len(blocks) >= 8
    kept, failures, refusal, tiles, members = capsys.readouterr().out.splitlines()
    assert kept == "2 of 5 solves are kept"
    assert failures.startswith("15 of 15 pairs are missing: no solver balanced the currents")
    assert "14,400 cells need about" in refusal
    assert "1.0 MB are allowed" in refusal
    assert tiles == "9 tiles"
    assert members == "3 members, 0 left out"
