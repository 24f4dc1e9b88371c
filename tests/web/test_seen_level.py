"""How finely each of the cast sees a point of a den in Mongolia: the truth table of the policy."""

import pytest

from builders_of_the_web import make_layer, make_point, make_version
from kulan.web.catalogue.models import Agreement
from kulan.web.policy import fingerprint, renditions

#            default level:   0  1  2  3  4  5
SEEN = {
    "nobody":   (0, 1, 2, 3, 4, None),
    "hassan":   (0, 1, 2, 3, 4, None),
    "dmitri":   (0, 1, 2, 3, 4, None),
    "irina":    (0, 1, 2, 3, 4, None),
    "gulnara":  (0, 1, 2, 3, 4, None),  # keeps the server, and sees no more than the public
    "chinara":  (0, 1, 2, 3, 4, None),  # speaks for another state
    "farida":   (0, 1, 2, 3, 3, 4),
    "erlan":    (0, 1, 2, 2, 2, 4),
    "bat":      (0, 0, 0, 0, 0, 0),
    "aigul":    (0, 0, 0, 0, 0, 0),
    "azamat":   (0, 0, 0, 0, 0, 0),
}  # fmt: skip


@pytest.mark.parametrize("default", range(6))
@pytest.mark.parametrize("who", SEEN)
def test_how_finely_each_of_the_cast_sees_a_den(people, viewer, who, default):
    version = make_version(make_layer(owner=people["aigul"]))
    make_point(version, default_level=default, species_id="saiga", iso3="MNG")

    seen = [row.level for row in renditions(viewer(who), version)]

    expected = SEEN[who][default]
    assert seen == ([] if expected is None else [expected])


@pytest.mark.parametrize(("default", "expected"), [(3, 1), (5, 1), (0, 0)])
def test_an_agreement_lets_a_partner_see_more_finely(people, viewer, default, expected):
    layer = make_layer(owner=people["aigul"])
    version = make_version(layer)
    make_point(version, default_level=default, species_id="saiga", iso3="MNG")
    Agreement.objects.create(layer=layer, user=people["dmitri"], level=1)

    assert [row.level for row in renditions(viewer("dmitri"), version)] == [expected]


def test_who_sees_the_same_shares_a_fingerprint_and_nobody_else(people, viewer):
    version = make_version(make_layer(owner=people["aigul"]))
    prints = {who: fingerprint(viewer(who), version) for who in SEEN}

    public = {who for who in SEEN if prints[who] == prints["nobody"]}
    assert public == {"nobody", "hassan", "dmitri", "irina", "gulnara"}
    assert prints["aigul"] == prints["azamat"]
    others = [prints[who] for who in ("chinara", "farida", "erlan", "bat", "aigul")]
    assert len(set(others)) == len(others)
