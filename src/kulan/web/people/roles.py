"""Roles: what each is for, in words shown to whoever grants it."""

from django.db import models

from kulan.web.language import say_lazy as _


class Role(models.TextChoices):
    """What a person may be; someone without any is a member of the public."""

    PARTNER = "partner", _("Partner")
    SCIENTIST = "scientist", _("Scientist")
    FOCAL_POINT = "focal_point", _("State focal point")
    SPECIES_COORDINATOR = "species_coordinator", _("Species coordinator")
    SECRETARIAT = "secretariat", _("Secretariat")
    ADMINISTRATOR = "administrator", _("Administrator")


PURPOSES = {
    Role.PARTNER: _("Sees what is shared with partners; screens plans and shares screenings."),
    Role.SCIENTIST: _("Brings layers, proposes population records, and reviews what others bring."),
    Role.FOCAL_POINT: _(
        "Speaks for a state: sees and approves the records of that state, and says who else may."
    ),
    Role.SPECIES_COORDINATOR: _("Keeps the record of a species across its states."),
    Role.SECRETARIAT: _("Runs the programme: releases layers, keeps agreements and rules."),
    Role.ADMINISTRATOR: _(
        "Keeps accounts and the server; sees no more of hidden places than the public."
    ),
}
"""What each role is for."""

BY_COUNTRY = frozenset({Role.FOCAL_POINT})
"""Roles that are held for a state."""
BY_SPECIES = frozenset({Role.SPECIES_COORDINATOR})
"""Roles that are held for a species."""
