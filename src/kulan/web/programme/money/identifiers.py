"""By which identifier a project is known with IATI: one it was given, or one made of its house's.

Both are looked at wherever two projects could be taken for one.
"""

import re

from kulan.web.programme.money.models import Project

_UID_DIGITS = 12
_MADE = re.compile(rf"-[0-9a-f]{{{_UID_DIGITS}}}\Z")


def identifier_of(row: Project) -> str:
    """Return a project's identifier with IATI: the one it has, or one made of its house's."""
    if row.iati_identifier:
        return row.iati_identifier
    publisher = getattr(row.organisation, "publisher", None)
    return f"{publisher.iati_ref}-{row.uid.hex[:_UID_DIGITS]}" if publisher else ""


def is_of_another(project: Project) -> bool:
    """Whether another project is known by the same identifier as this one, which is saved."""
    wanted = identifier_of(project)
    others = Project.objects.exclude(pk=project.pk)
    if not _MADE.search(wanted):  # one that was given: the database keeps them apart
        return False
    if others.filter(iati_identifier=wanted).exists():
        return True
    without = others.filter(iati_identifier="", organisation__publisher__isnull=False)
    return any(
        identifier_of(one) == wanted for one in without.select_related("organisation__publisher")
    )
