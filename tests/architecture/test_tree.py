"""The repository names no machine, no host of a registry and no folder of somebody's disk."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# written in pieces, so that this file does not hold what it looks for
FORBIDDEN = re.compile(
    "|".join(
        [
            r"pypi" + r"\.org",
            r"python" + r"hosted",
            r"npm" + r"js\.(org|com)",
            r"registry" + r"\.npm",
            r"deb" + r"\.debian\.org",
            r"crates" + r"\.io",
            r"(?<![\w.])/wor" + r"k/\w",
            r"/ro" + r"ot/",
            r"/home/" + r"\w+/",
            r"\bChat" + r"GPT\b",
            r"\bCla" + r"ude\b",
            r"\bAnth" + r"ropic\b",
            r"\bLL" + r"M\b",
        ]
    ),
    re.IGNORECASE,
)
TEXT_BYTES = 2_000_000


def tracked_files() -> list[Path]:
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listing.returncode != 0:
        pytest.skip("not a git checkout, so what belongs to the repository cannot be told")
    return [ROOT / name for name in listing.stdout.split("\0") if name]


def text_of(path: Path) -> str:
    if not path.is_file() or path.stat().st_size > TEXT_BYTES:
        return ""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def test_no_file_names_a_host_of_a_registry_or_a_folder_of_a_machine():
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in tracked_files()
        for number, line in enumerate(text_of(path).splitlines(), start=1)
        if FORBIDDEN.search(line)
    ]
    assert found == []


def test_what_is_looked_for_would_be_found():
    assert FORBIDDEN.search("index-url = https://pypi" + ".org/simple")
    assert FORBIDDEN.search("open('/wor" + "k/main/x')")
    assert not FORBIDDEN.search("a framework/main idea")


def test_what_is_to_do_names_its_issue():
    marks = re.compile(r"\b(TO" + r"DO|FIX" + r"ME)\b(?!.*#\d)")
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in tracked_files()
        if path.suffix in (".py", ".sh", ".md", ".toml", ".html", ".typ")
        for number, line in enumerate(text_of(path).splitlines(), start=1)
        if marks.search(line)
    ]
    assert found == []
