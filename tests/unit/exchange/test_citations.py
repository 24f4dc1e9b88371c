"""Citations for programs that keep references."""

import pytest

from kulan.exchange.citations import write_bibtex, write_ris
from unit.exchange.layers_described import make_full_record, make_record


def test_a_ris_entry_names_data_its_maker_and_its_year():
    assert write_ris(make_full_record(), "ru").decode().split("\r\n") == [
        "TY  - DATA",
        "AU  - Gobi Institute",
        "TI  - Ареал кулана",
        "PY  - 2026",
        "ET  - 3",
        "PB  - CAMI Atlas",
        "ID  - khulan-range",
        "ER  - ",
        "",
    ]


@pytest.mark.parametrize(
    ("identifier", "bibtex", "ris"),
    [
        ("doi:10.1234/a_b", "doi = {10.1234/a_b}", "DO  - 10.1234/a_b"),
        ("https://x.example/a_b", "url = {https://x.example/a_b}", "UR  - https://x.example/a_b"),
        ("a_b", r"note = {a\_b}", "ID  - a_b"),
    ],
)
def test_an_identifier_stands_where_its_kind_is_looked_for(identifier, bibtex, ris):
    record = make_record(identifier=identifier)

    assert bibtex in write_bibtex(record).decode()
    assert ris in write_ris(record).decode()


def test_a_title_cannot_start_another_entry_or_a_command():
    hostile = make_record(title={"en": "a}\n}\n@misc{b, \\input{/etc/passwd}\r\nER  - \r\nTY  - x"})

    bibtex, ris = write_bibtex(hostile).decode(), write_ris(hostile).decode()

    assert bibtex.count("\n@") == 0
    assert r"\input" not in bibtex
    assert r"\textbackslash{}input\{/etc/passwd\}" in bibtex
    assert [line[:2] for line in ris.splitlines()] == ["TY", "AU", "TI", "ET", "PB", "ID", "ER"]


def test_a_key_is_made_of_what_keys_may_hold():
    assert write_bibtex(make_record(identifier="ареал, {1}")).startswith(b"@misc{1-3,\n")
    assert write_bibtex(make_record(identifier="ареал", version="")).startswith(b"@misc{layer,\n")
