"""Who may propose, who may decide, who may read: over the cast, for several states and species."""

from datetime import date

import pytest

from builders_of_species import make_account_text, make_population
from kulan.errors import AccessDeniedError
from kulan.web.policy.records import (
    awaiting,
    visible_account_versions,
    visible_population_versions,
    visible_populations,
)
from kulan.web.species import permissions
from kulan.web.species.models import AccountText, PopulationRecord
from web_routes import CAST

SCIENTISTS = {"aigul", "azamat", "irina"}

# who may propose a figure, who may decide on one that Aigul proposed: by species and state
FIGURES = {
    ("saiga", "MNG"): (SCIENTISTS | {"bat", "erlan", "farida"}, {"bat", "erlan", "farida"}),
    ("saiga", "KGZ"): (SCIENTISTS | {"chinara", "erlan", "farida"}, {"chinara", "erlan", "farida"}),
    ("argali", "MNG"): (SCIENTISTS | {"bat", "farida"}, {"bat", "farida"}),
    ("argali", "KAZ"): (SCIENTISTS | {"farida"}, {"farida"}),
}
# the same for texts; Kyrgyzstan is no range state of saiga, Mongolia is
TEXTS = {
    "saiga": (SCIENTISTS | {"bat", "erlan", "farida"}, {"erlan", "farida"}),
    "argali": (SCIENTISTS | {"bat", "chinara", "farida"}, {"farida"}),
}


@pytest.mark.parametrize(
    ("what", "who_may"), FIGURES.items(), ids=["-".join(key) for key in FIGURES]
)
def test_a_figure_is_proposed_by_those_the_table_names(what, who_may, viewer):
    may = {who for who in CAST if permissions.may_propose_population(viewer(who), *what)}

    assert may == who_may[0]


@pytest.mark.parametrize(
    ("what", "who_may"), FIGURES.items(), ids=["-".join(key) for key in FIGURES]
)
def test_a_figure_is_decided_by_those_the_table_names(what, who_may, viewer, people):
    species_id, iso3 = what
    proposed = make_population(
        species_id=species_id, iso3=iso3, state="proposed", proposed_by=people["aigul"]
    )

    assert {who for who in CAST if permissions.may_decide(viewer(who), proposed)} == who_may[1]


@pytest.mark.parametrize(("species_id", "who_may"), TEXTS.items(), ids=list(TEXTS))
def test_a_text_is_proposed_and_decided_by_those_the_table_names(
    species_id, who_may, viewer, people
):
    proposed = make_account_text(
        species_id=species_id, state="proposed", proposed_by=people["aigul"]
    )

    may_propose = {who for who in CAST if permissions.may_propose_account(viewer(who), species_id)}
    may_decide = {who for who in CAST if permissions.may_decide(viewer(who), proposed)}

    assert (may_propose, may_decide) == who_may


@pytest.mark.parametrize("who", ["bat", "erlan", "farida"])
def test_nobody_decides_on_their_own_proposal(who, viewer, people):
    own = make_population(state="proposed", proposed_by=people[who])

    assert permissions.has_standing(viewer(who), own)
    with pytest.raises(AccessDeniedError, match="second person"):
        permissions.check_may_decide(viewer(who), own)


READERS = {
    # what the record is, and who reads it besides those who decide (Bat, Erlan, Farida) and Aigul
    "for everyone": ({}, set(CAST)),
    "for partners": (
        {"readers": "partners"},
        {"dmitri", "azamat", "irina", "chinara", "gulnara"},
    ),
    "under embargo": ({"embargo_until": date(2999, 1, 1)}, set()),
    "embargo over": ({"embargo_until": date(2020, 1, 1)}, set(CAST)),
}


@pytest.mark.parametrize("case", READERS)
def test_a_record_in_force_is_read_by_whom_it_is_for(case, viewer, people):
    fields, others = READERS[case]
    make_population(proposed_by=people["aigul"], **fields)

    readers = {who for who in CAST if visible_populations(viewer(who)).exists()}

    assert readers == others | {"aigul", "bat", "erlan", "farida"}


@pytest.mark.parametrize("state", ["proposed", "rejected", "taken_back", "withdrawn"])
def test_what_is_not_in_force_is_for_the_proposer_and_those_who_decide(state, viewer, people):
    change = {}
    if state == "withdrawn":
        change = {"change": "withdrawal", "replaces": make_population(state="superseded")}
    version = make_population(state=state, proposed_by=people["aigul"], **change)

    readers = {
        who
        for who in CAST
        if visible_population_versions(viewer(who)).filter(pk=version.pk).exists()
    }

    assert readers == {"aigul", "bat", "erlan", "farida"}


def test_a_record_hidden_today_hides_what_it_replaced(viewer):
    old = make_population(state="superseded")
    make_population(record=old.record, change="change", replaces=old, readers="partners")

    assert not visible_population_versions(viewer("nobody")).exists()
    assert visible_population_versions(viewer("dmitri")).count() == 2


def test_a_record_open_today_keeps_hidden_what_it_was(viewer):
    old = make_population(state="superseded", readers="partners")
    new = make_population(record=old.record, change="change", replaces=old)

    assert list(visible_population_versions(viewer("nobody"))) == [new]


def test_a_proposed_text_is_for_the_proposer_and_those_who_decide(viewer, people):
    make_account_text(state="proposed", proposed_by=people["azamat"])

    readers = {who for who in CAST if visible_account_versions(viewer(who)).exists()}

    assert readers == {"azamat", "erlan", "farida"}


def test_what_waits_is_listed_for_those_who_decide_and_not_for_the_proposer(viewer, people):
    make_population(state="proposed", proposed_by=people["bat"])
    make_account_text(state="proposed", proposed_by=people["erlan"])

    waits = {who: awaiting(viewer(who), PopulationRecord).count() for who in CAST}
    texts = {who: awaiting(viewer(who), AccountText).count() for who in CAST}

    assert {who for who, count in waits.items() if count} == {"erlan", "farida"}
    assert {who for who, count in texts.items() if count} == {"farida"}
