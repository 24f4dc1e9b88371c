"""Whatever text a layer's description holds, its documents stay whole and say it unaltered."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from kulan.exchange.dcat import write_dcat
from kulan.exchange.iso19115 import write_iso19115_3
from kulan.exchange.iso19115_elements import NAMESPACES
from kulan.exchange.layer_records import Keyword, Licence, Organisation
from kulan.exchange.ogc_records import ogc_record
from kulan.exchange.plain_text import writable
from unit.exchange.layers_described import make_full_record

MARKUP = st.sampled_from(
    ["]]>", "</gco:CharacterString>", "<!ENTITY a 'b'>", "&amp;&lol;", "<!--", "\u202e", "\x00\x1b"]
)
# surrogates and control characters too
ANYTHING = st.lists(st.text() | MARKUP, min_size=1).map("".join).filter(str.strip)


def hostile(text):
    return make_full_record(
        title={"en": text, "ru": text},
        abstract={"en": text},
        organisations=(Organisation(text, "owner"),),
        licence=Licence(text),
        keywords=(Keyword(text, text),),
        sources=(text,),
        **dict.fromkeys(
            ["theme", "method", "confidence", "citation", "sensitivity", "supersedes"], text
        ),
    )


@given(ANYTHING)
def test_any_text_comes_back_from_iso_xml_as_text(text):
    document = etree.fromstring(write_iso19115_3(hostile(text)))
    clean = etree.fromstring(write_iso19115_3(hostile("clean")))

    titles = document.findall(".//cit:title/gco:CharacterString", NAMESPACES)
    assert writable(text) in [title.text for title in titles]
    assert [e.tag for e in document.iter()] == [e.tag for e in clean.iter()]


@given(ANYTHING)
def test_any_text_comes_back_from_json(text):
    from_dcat = json.loads(write_dcat(hostile(text)))
    from_ogc = json.loads(json.dumps(ogc_record(hostile(text)), ensure_ascii=False).encode())

    assert from_dcat["dct:title"][0]["@value"] == writable(text)
    assert from_ogc["properties"]["title"] == writable(text)


@pytest.mark.parametrize("written", [write_iso19115_3, write_dcat])
def test_a_huge_text_is_carried_whole(written):
    text = "сайгак <&> " * 100_000

    assert len(written(hostile(text))) > 10 * len(text)
