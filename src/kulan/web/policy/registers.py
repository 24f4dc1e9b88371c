"""Which records of the registers exist for a viewer, what of them, and who keeps them.

The one filter of the registers' pages, exports, links and evidence.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet

from kulan.errors import AccessDeniedError
from kulan.programme import registers
from kulan.programme.registers import LEVELS, REGISTERS, Register
from kulan.web.people.roles import Role
from kulan.web.policy.viewer import Viewer
from kulan.web.programme.registers.models import Questionnaire, Record

_NOTHING = Q(pk__in=())
_GOVERNMENT = (Role.FOCAL_POINT, Role.SPECIES_COORDINATOR, Role.SECRETARIAT)


def general_level(viewer: Viewer) -> str:
    """Return the level at which a viewer reads what is not the viewer's own.

    Administrators keep accounts; as such they read what the public reads.
    """
    if viewer.has(*_GOVERNMENT):
        return "government"
    return "partners" if viewer.roles - {Role.ADMINISTRATOR} else "public"


def visible_records(viewer: Viewer, register: str = "") -> QuerySet[Record]:
    """Return the records that exist for a viewer, of one register or of all.

    Parameters
    ----------
    viewer
        Who looks.
    register
        Name of a register; empty for all.
    """
    rows = Record.objects.filter(register=register) if register else Record.objects.all()
    readable = LEVELS[: LEVELS.index(general_level(viewer)) + 1]
    shown = Q(audience__in=readable, withdrawn_at=None)
    return rows.filter(shown | _kept(viewer))


def _kept(viewer: Viewer) -> Q:
    """Return the records a viewer keeps, withdrawn ones too."""
    found = _NOTHING
    for one in REGISTERS:
        found |= Q(register=one.name) & _kept_of(viewer, one)
    return found


def _kept_of(viewer: Viewer, one: Register) -> Q:
    if "person" in one.kept_by:
        return Q(person=viewer.user_id) if viewer.signed_in else _NOTHING
    if viewer.has(Role.SECRETARIAT):
        return ~_NOTHING
    found = _NOTHING
    if "state" in one.kept_by:
        for iso3 in sorted(viewer.states):
            found |= Q(states__contains=f" {iso3} ")
    if "species" in one.kept_by:
        for species_id in sorted(viewer.species):
            found |= Q(species__contains=f" {species_id} ")
    if "organisation" in one.kept_by and _works_for(viewer):
        found |= Q(organisation=viewer.organisation_id)
    return found


def _works_for(viewer: Viewer) -> bool:
    """Whether the viewer works, with a role, for an organisation that may keep records."""
    return viewer.organisation_id is not None and general_level(viewer) != "public"


def may_keep(viewer: Viewer, record: Record) -> bool:
    """Whether the viewer may change a record as it is now."""
    own = record.person_id is not None and record.person_id == viewer.user_id
    return own or may_keep_content(
        viewer, record.declared, record.data, organisation_id=record.organisation_id
    )


def may_keep_content(
    viewer: Viewer, one: Register, data: Mapping[str, Any], *, organisation_id: int | None = None
) -> bool:
    """Whether the viewer may write a record of this content into a register.

    Parameters
    ----------
    viewer
        Who writes.
    one
        The register; of one that people keep of themselves, nobody writes for another.
    data
        The content.
    organisation_id
        To which organisation the record belongs.
    """
    if "person" in one.kept_by:
        return False
    if viewer.has(Role.SECRETARIAT):
        return True
    of_state = "state" in one.kept_by and viewer.states & set(registers.states_of(data))
    of_species = "species" in one.kept_by and viewer.species & set(registers.species_of(data))
    of_house = (
        "organisation" in one.kept_by
        and _works_for(viewer)
        and organisation_id == viewer.organisation_id
    )
    return bool(of_state or of_species or of_house)


def may_add(viewer: Viewer, one: Register) -> bool:
    """Whether there is a record the viewer may add to a register."""
    if "person" in one.kept_by:
        return viewer.signed_in
    return (
        viewer.has(Role.SECRETARIAT)
        or ("state" in one.kept_by and bool(viewer.states))
        or ("species" in one.kept_by and bool(viewer.species))
        or ("organisation" in one.kept_by and _works_for(viewer))
    )


def check_may_add(viewer: Viewer, one: Register) -> None:
    """Refuse who may add nothing to a register.

    Raises
    ------
    AccessDeniedError
        Naming who may.
    """
    if not may_add(viewer, one):
        raise AccessDeniedError(_who_keeps(one))


def check_may_keep_content(
    viewer: Viewer, one: Register, data: Mapping[str, Any], *, organisation_id: int | None = None
) -> None:
    """Refuse who may not write a record of this content; see `may_keep_content`.

    Raises
    ------
    AccessDeniedError
        Naming who may.
    """
    if not may_keep_content(viewer, one, data, organisation_id=organisation_id):
        raise AccessDeniedError(_who_keeps(one))


def check_may_keep(viewer: Viewer, record: Record) -> None:
    """Refuse who may not change a record.

    Raises
    ------
    AccessDeniedError
        Naming who may.
    """
    if not may_keep(viewer, record):
        raise AccessDeniedError(_who_keeps(record.declared))


def _who_keeps(one: Register) -> str:
    if "person" in one.kept_by:
        return "Only the person of whom this record is may write it."
    named = {
        "state": "the focal point of a state it names",
        "species": "the coordinator of a species it names",
        "organisation": "members of the organisation it belongs to",
    }
    who = ", ".join([*(named[kind] for kind in one.kept_by), "the secretariat"])
    return f"Records of the register {one.name} are kept by {who}. Your account is none of them."


class Sight:
    """What one viewer reads of records; the questions to the database are asked once."""

    def __init__(self, viewer: Viewer) -> None:
        """Take who looks."""
        self.viewer = viewer
        self.level = general_level(viewer)

    @cached_property
    def visible(self) -> frozenset[str]:
        """Numbers of all records that exist for the viewer."""
        return frozenset(
            str(uid) for uid in visible_records(self.viewer).values_list("uid", flat=True)
        )

    def level_of(self, record: Record) -> str:
        """Return the level at which the viewer reads a record."""
        return LEVELS[-1] if may_keep(self.viewer, record) else self.level

    def data(self, record: Record, data: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return what the viewer reads of a record, without references to records unknown to it.

        Parameters
        ----------
        record
            One of `visible_records`.
        data
            Content of an earlier version; the record's own where it is None. What the record's
            person shows now decides for earlier versions too.
        """
        declared = record.declared
        content = record.data if data is None else data
        shown = {**content, "shown": record.data.get("shown", [])}
        level = self.level_of(record)
        seen = {
            one.name: content[one.name]
            for one in declared.fields
            if one.name in content and registers.may_read(one, shown, level)
        }
        for one in declared.fields:
            if one.kind == "records" and one.name in seen:
                seen[one.name] = [uid for uid in seen[one.name] if uid in self.visible]
                if not seen[one.name]:
                    del seen[one.name]
        return seen


def visible_questionnaires(viewer: Viewer) -> QuerySet[Questionnaire]:
    """Return the questionnaires that exist for a viewer: the two states' and the secretariat's."""
    if viewer.has(Role.SECRETARIAT):
        return Questionnaire.objects.all()
    states = sorted(viewer.states)
    return Questionnaire.objects.filter(Q(first__in=states) | Q(second__in=states))


def side_of(viewer: Viewer, questionnaire: Questionnaire) -> str:
    """Return the side for which a viewer answers; empty where for none.

    Raises
    ------
    AccessDeniedError
        If the viewer speaks for both: the answers would not be blind.
    """
    own = [iso3 for iso3 in questionnaire.sides if iso3 in viewer.states]
    if len(own) > 1:
        raise AccessDeniedError(
            "You are focal point of both states, and neither side may know the other's answers. "
            "Have another focal point answer for one of them, and an administrator end that role "
            "of yours."
        )
    return own[0] if own else ""
