"""Objects, declarations and strategies for tests of computed statuses."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import strategies as st

from kulan.programme.actions import Action, Priority
from kulan.programme.evidence import KINDS, Declaration, Evidence, Requirement
from kulan.programme.evidence.dashboards import Asked

ACTION = "cami-2021:16.9"
PART = f"{ACTION}.a"
TODAY = date(2024, 7, 1)
STATES = ("KAZ", "MNG", "UZB")


def make_evidence(**told: object) -> Evidence:
    """Return a protocol of the goitered gazelle in Kazakhstan, declared for the action."""
    plain = Evidence(
        kind="protocol",
        reference="protocol:1",
        title="Counting gazelles from tracks",
        day=date(2023, 3, 1),
        states=("KAZ",),
        species=("goitered_gazelle",),
        actions=(ACTION,),
    )
    return replace(plain, **told)  # type: ignore[arg-type]


def declare(*ways: Requirement | tuple[Requirement, ...]) -> Declaration:
    """Return a declaration of the action; a single requirement is an alternative of its own."""
    return Declaration(ACTION, tuple(way if isinstance(way, tuple) else (way,) for way in ways))


# few words, so that objects and requirements often meet
_kinds = st.sampled_from(["protocol", "survey", "law"])
_species = st.lists(st.sampled_from(["goitered_gazelle", "saiga"]), unique=True, max_size=2)
_states = st.lists(st.sampled_from([*STATES, "CHN"]), unique=True, max_size=3)
days = st.integers(-400, 60).map(lambda shift: TODAY + timedelta(days=shift))


@st.composite
def requirements(draw: st.DrawFn) -> Requirement:
    """Draw what might be asked for."""
    species = tuple(draw(_species))
    return Requirement(
        kind=draw(_kinds),
        at_least=draw(st.integers(1, 3)),
        per=draw(st.sampled_from(["programme", "common", "state"])),
        species=species,
        since=draw(st.none() | days),
        only_linked=not species or draw(st.booleans()),
        of=draw(st.sampled_from(["", "", PART])),
    )


declarations = st.builds(
    Declaration,
    st.just(ACTION),
    st.lists(st.lists(requirements(), min_size=1, max_size=3).map(tuple), max_size=3).map(tuple),
)
evidences = st.builds(
    Evidence,
    kind=_kinds | st.sampled_from(KINDS),
    reference=st.integers(1, 9).map("thing:{}".format),
    title=st.just("A thing"),
    day=days,
    states=_states.map(tuple),
    species=_species.map(tuple),
    actions=st.sampled_from(
        [(), (ACTION,), (ACTION, "cami-2021:1.1"), ("cami-2021:1.1",), (PART,), (f"{PART}.1",)]
    ),
    amount=st.sampled_from([1.0, 12.0, 0.0, -3.0]),
    withdrawn=st.booleans(),
)
collections = st.lists(evidences, max_size=12)
state_sets = st.lists(st.sampled_from(STATES), unique=True, max_size=3).map(tuple)


def make_action(action_id: str = "16.9", **told: object) -> Action:
    """Return an action of the goitered gazelle for the states of these tests."""
    plain = Action(
        edition_id="cami-2021",
        action_id=action_id,
        section_id=action_id.partition(".")[0],
        parent_id="",
        printed=action_id,
        order=1,
        priority=Priority("medium", "high"),
        leads=("government_agencies", "ngos"),
        species=("goitered_gazelle",),
    )
    return replace(plain, **told)  # type: ignore[arg-type]


def ask_for(*ways: Requirement | tuple[Requirement, ...], **told: object) -> Asked:
    """Return the action asked about with a declaration, for Kazakhstan and Mongolia."""
    plain = Asked(make_action(), ("KAZ", "MNG"), declare(*ways) if ways else None)
    return replace(plain, **told)  # type: ignore[arg-type]
