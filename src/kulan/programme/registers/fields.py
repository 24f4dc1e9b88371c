"""What a field of a register is: its kind, its words, and who may read it."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "line", "text", "lines", "day", "whole", "amount", "link", "email", "state", "states",
    "species", "several_species", "choice", "choices", "records", "actions", "landscape", "point",
    "entries", "actor",
]  # fmt: skip
"""How a value is written and checked; see `kulan.programme.registers.checking`."""
LISTS = frozenset(
    {"lines", "states", "several_species", "choices", "records", "actions", "entries"}
)
"""Kinds whose value is a list."""

LEVELS = ("public", "partners", "government", "keepers")
"""Who reads, from everyone to those alone who may change the record."""
CONSENTED = "consented"
"""Level of what its person shows or keeps back: read where the record's `shown` names it."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the records of a register.

    Attributes
    ----------
    name
        Key in the record.
    kind
        How it is written and checked.
    title, hint, example
        Words in English, marked for translation; the example is an example in any language.
    required
        Whether no record may be without it.
    level
        Who reads it: one of `LEVELS`, or `CONSENTED`.
    choices
        Code to words, of the kinds ``choice`` and ``choices``.
    of
        Register that the kind ``records`` points into.
    """

    name: str
    kind: Kind
    title: str
    hint: str = ""
    example: str = ""
    required: bool = False
    level: str = "public"
    choices: tuple[tuple[str, str], ...] = ()
    of: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the records of a register.

    Attributes
    ----------
    code, title
        Its name, and its words.
    needs
        Fields a record must have to be in it.
    counts
        Whether a record in it is evidence that something was done.
    ended
        Whether it is the end of a record that came to nothing or is over; reached from anywhere.
    """

    code: str
    title: str
    needs: tuple[str, ...] = ()
    counts: bool = False
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Register:
    """What a register holds, how it is checked, who reads and who keeps it.

    Attributes
    ----------
    name, title, purpose
        Its name in addresses, its words, and one sentence on what it is for.
    fields
        In the order of the form.
    heading
        Fields whose values name a record.
    stages
        In their order; none where records have no stages.
    span
        Fields of the first and the last day a record holds; empty where it holds for good.
    evidence, evidence_day, evidence_amount
        Kind of evidence a record is, the fields of its day (the first one filled) and its amount.
    evidence_named
        Whether a record counts only for actions that it names itself.
    kept_by
        Who keeps a record besides the secretariat: ``state``, ``species``, ``organisation`` (its
        members), ``person`` (of whom the record is: then nobody else writes it).
    personal
        Whether records speak of persons: their names then stay out of events.
    begins_in
        Stage of a new record where that is not the first.
    """

    name: str
    title: str
    purpose: str
    fields: tuple[Field, ...]
    heading: tuple[str, ...]
    stages: tuple[Stage, ...] = ()
    span: tuple[str, str] | None = None
    evidence: str = ""
    evidence_day: tuple[str, ...] = ()
    evidence_amount: str = ""
    evidence_named: bool = False
    kept_by: tuple[str, ...] = ()
    personal: bool = False
    begins_in: str = ""

    def field(self, name: str) -> Field:
        """Return a field by its name.

        Raises
        ------
        KeyError
            If the register has no such field.
        """
        return next((one for one in self.fields if one.name == name), None) or _missing(name)

    def stage(self, code: str) -> Stage | None:
        """Return a stage by its code, None where the register has none of that code."""
        return next((one for one in self.stages if one.code == code), None)

    @property
    def first_stage(self) -> str:
        """Code of the stage a new record is in; empty where records have no stages."""
        return self.begins_in or (self.stages[0].code if self.stages else "")


def _missing(name: str) -> Field:
    raise KeyError(name)
