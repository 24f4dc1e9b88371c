"""Closed lists of this area."""

from django.db import models

from kulan.web.language import say_lazy as _


class Dimension(models.TextChoices):
    """What a project or a cost is shared among."""

    ACTION = "action", _("Action")
    STATE = "state", _("State")
    SPECIES = "species", _("Species")
    LANDSCAPE = "landscape", _("Landscape")


class DraftState(models.TextChoices):
    """Where a draft of the fund's books stands."""

    WAITING = "waiting", _("Waits for a second person")
    POSTED = "posted", _("Posted")
    REFUSED = "refused", _("Refused")


class DraftKind(models.TextChoices):
    """What a draft asks for."""

    ENTRY = "entry", _("Entry")
    CLOSING = "closing", _("Closing of a period")


STATUS_LOOKS = {
    "need_unknown": "",
    "not_converted": "badge-caution",
    "unfunded": "badge-bad",
    "partly": "badge-caution",
    "perhaps_funded": "badge-accent",
    "funded": "badge-good",
    "over_funded": "badge-accent",
}
"""Look of the badge of each status of funding."""
