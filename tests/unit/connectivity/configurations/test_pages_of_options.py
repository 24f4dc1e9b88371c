"""The pages on other programs' files name every option that is known, and no other."""

import re
from pathlib import Path

import pytest

from kulan.connectivity.configurations import circuitscape_ini, omniscape_ini

PAGES = Path(__file__).resolve().parents[4] / "docs" / "how-to"
KNOWN = {
    "run-circuitscape-files.md": (circuitscape_ini.OPTIONS, circuitscape_ini.WITHOUT_EFFECT),
    "run-omniscape-files.md": (omniscape_ini.SETTINGS, omniscape_ini.WITHOUT_EFFECT),
}


@pytest.mark.parametrize("page", KNOWN)
def test_every_option_stands_in_the_table_it_belongs_to(page):
    tables = re.split(r"\n\| (?:option|setting) \|", (PAGES / page).read_text())[1:]
    firsts = [" ".join(re.findall(r"(?m)^\| (`.*?) \|", table)) for table in tables]
    named = [set(re.findall(r"`(\w+)`", first)) for first in firsts]
    assert named == [set(known) for known in KNOWN[page]]
