"""Objects of the system that can show an action was carried out, and the kinds there are."""

from dataclasses import dataclass
from datetime import date

from kulan.errors import UnknownNameError
from kulan.words import N_

KIND_NAMES = {
    "layer": N_("Map layer released"),
    "protocol": N_("Protocol adopted"),
    "survey": N_("Dated survey"),
    "agreement": N_("Agreement signed"),
    "training": N_("Training held"),
    "working_group": N_("Working group that met"),
    "meeting": N_("Meeting held"),
    "commitment": N_("Commitment made"),
    "disbursement": N_("Money paid out"),
    "law": N_("Law or regulation in force"),
    "plan": N_("Plan or strategy adopted"),
    "publication": N_("Publication"),
    "report": N_("Report accepted"),
    "monitoring": N_("Monitoring running"),
    "equipment": N_("Equipment handed over"),
    "species_record": N_("Species record kept up"),
}
"""What an object is, in words; the closed list of kinds is its keys."""

KINDS = tuple(KIND_NAMES)
"""Kinds of evidence, by short name."""

KINDS_OF_ONE_STATE = ("law", "plan")
"""Kinds of which each state needs its own: one that several states share is no state's own."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One object that may show that an action was carried out.

    Attributes
    ----------
    kind
        One of `KINDS`.
    reference
        What it is, so that it is found again: ``layer:roads/2``, ``agreement:UUID``, a web address.
        The same kind and reference is the same object, however often it is named.
    title
        What a reader is shown.
    day
        When it came about: released, signed, held, in force, paid.
    states
        States it is of, ISO 3166-1 alpha-3; none for a range-wide object, which counts for the
        programme and for no state's own threshold.
    species
        Species it is of, by short name; none where it is of no species in particular.
    actions
        Keys of the actions it was declared for (``cami-2021:16.9``); with none it counts only
        where a requirement also takes objects that nobody declared.
    amount
        How much of it, in the unit of its kind: participants, money. Zero or less never counts.
    withdrawn
        Whether it was withdrawn; a withdrawn object is kept and does not count.

    Raises
    ------
    UnknownNameError
        If the kind is not one of `KINDS`.
    """

    kind: str
    reference: str
    title: str
    day: date
    states: tuple[str, ...] = ()
    species: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    amount: float = 1.0
    withdrawn: bool = False

    def __post_init__(self) -> None:
        """Refuse a kind that is not on the list."""
        check_kind(self.kind)

    def wholes(self) -> frozenset[str]:
        """Return keys of the actions it was declared for, and of those they are parts of.

        Examples
        --------
        >>> one = Evidence("law", "law:1", "Act", date(2023, 5, 1), actions=("p:3.2.a",))
        >>> sorted(one.wholes())
        ['p:3', 'p:3.2', 'p:3.2.a']
        """
        found: set[str] = set()
        for key in self.actions:
            edition, mark, action_id = key.partition(":")
            names = action_id.split(".")
            found.update(
                f"{edition}{mark}{'.'.join(names[:count])}" for count in range(1, len(names) + 1)
            )
        return frozenset(found)

    def is_for(self, action_key: str) -> bool:
        """Whether it was declared for an action, or for a part of it."""
        below = f"{action_key}."
        return any(key == action_key or key.startswith(below) for key in self.actions)


def check_kind(kind: str) -> None:
    """Refuse what is not a kind of evidence.

    Parameters
    ----------
    kind
        Short name of a kind.

    Raises
    ------
    UnknownNameError
        If it is not one of `KINDS`.
    """
    if kind not in KIND_NAMES:
        raise UnknownNameError(f"No kind of evidence {kind!r}; Kulan knows {', '.join(KINDS)}.")
