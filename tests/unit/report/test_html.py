"""The HTML report: whole without a network, safe with any name, every figure with its recipe."""

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest

from hand_made import LOSS, make_found, make_scene, make_screening
from kulan.programme.tables import SPECIES_IDS
from kulan.report import write_html
from kulan.words import LANGUAGES, words_in

HOSTILE = "<script>alert('x')</script> & \" Маршрут"


class Page(HTMLParser):
    """What a browser would find: ids, links, addresses and scripts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids, self.links, self.addresses, self.figures = [], [], [], 0
        self.scripts, self.words, self._in_script = [], [], False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if "id" in found:
            self.ids.append(found["id"])
        for name in ("href", "src", "action", "data", "poster", "srcset"):
            value = found.get(name)
            if value and value.startswith("#"):
                self.links.append(value[1:])
            elif value:
                self.addresses.append(value)
        self.figures += "figure" in (found.get("class") or "").split() and tag == "a"
        self._in_script = tag == "script"

    def handle_data(self, data):
        (self.scripts if self._in_script else self.words).append(data)
        self._in_script = False

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def page_of(screening, language="en") -> tuple[str, Page]:
    html = write_html(screening, make_scene(screening), words_in(language)).decode()
    return html, Page(html)


@pytest.fixture(scope="module")
def usual() -> tuple[str, Page]:
    return page_of(make_screening())


def test_nothing_is_asked_of_the_network(usual):
    _, page = usual
    assert [one for one in page.addresses if not one.startswith("data:image/png;base64,")] == []


def test_every_link_leads_somewhere_and_no_id_stands_twice(usual):
    _, page = usual
    assert set(page.links) - set(page.ids) == set()
    assert len(page.ids) == len(set(page.ids))


def test_the_policy_allows_the_page_s_own_script_and_no_other(usual):
    html, page = usual
    digest = hashlib.sha256(page.scripts[0].encode()).digest()
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html).group(1)
    assert len(page.scripts) == 1
    assert f"script-src 'sha256-{base64.b64encode(digest).decode()}'" in policy
    assert "default-src 'none'" in policy


def test_every_figure_links_to_its_recipe(usual):
    _, page = usual
    assert page.figures > 40
    linked = {one for one in page.links if one.startswith("recipe-")}
    assert linked == {one for one in page.ids if re.fullmatch(r"recipe-\d+", one)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_hostile_name_is_shown_and_does_nothing(language):
    html, page = page_of(make_screening([make_found(1, name=HOSTILE)]), language)
    assert HOSTILE in page.text
    assert len(page.scripts) == 1
    assert "<script>alert" not in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_its_language(language):
    html, _ = page_of(make_screening(), language)
    assert f'<html lang="{language}">' in html


def test_the_same_findings_make_the_same_bytes():
    screening = make_screening()
    scene = make_scene(screening)
    assert write_html(screening, scene, words_in("ru")) == write_html(
        screening, scene, words_in("ru")
    )


def test_every_number_is_said_to_be_potential_habitat(usual):
    _, page = usual
    assert "It is not an observed range" in page.text
    assert "potential habitat, not observed range" in page.text


def test_nothing_touched_is_said_in_words():
    _, page = page_of(make_screening([make_found(1, species=(), areas=0)]))
    assert "No species' layer lies within reach of this alternative." in page.text
    assert "No key area of the Atlas is crossed or within reach." in page.text
    assert "no measure is proposed" in page.text


def test_long_tables_fold_and_lose_no_row():
    screening = make_screening([make_found(1, areas=200)], losses=[LOSS] * 60)
    html, page = page_of(screening)
    assert all(f"Strictly Protected Area {number}" in page.text for number in range(200))
    assert "Show 175 more rows" in page.text
    assert html.count("its geometry is empty") == 60


def test_twenty_species_in_six_states_and_five_alternatives_are_all_there():
    states = ("MNG", "CHN", "KAZ", "UZB", "TKM", "RUS")
    found = [make_found(n, species=SPECIES_IDS[:20], states=states) for n in range(1, 6)]
    _, page = page_of(make_screening(found))
    rows = [words for words in page.words if words.strip() == "Saiga antelope"]
    assert len(rows) >= 5 * (1 + 6)


def test_a_report_in_russian_leaves_no_english_sentence():
    _, english = page_of(make_screening())
    _, russian = page_of(make_screening(), "ru")
    sentence = re.compile(r"[A-Z][a-z]+(?: [a-z]+){4,}")
    told_twice = set(sentence.findall(english.text)) & set(sentence.findall(russian.text))
    assert told_twice == set()
