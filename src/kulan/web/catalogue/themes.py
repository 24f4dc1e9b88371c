"""Closed lists of the catalogue's words."""

from django.db import models

from kulan.web.language import say_lazy as _


class Theme(models.TextChoices):
    """What a layer is about; the order is that of the map's list."""

    DISTRIBUTION = "distribution", _("Distribution by species and state")
    KEY_AREAS = "key_areas", _("Key areas")
    CORRIDORS = "corridors", _("Corridors and connectivity")
    BARRIERS = "barriers", _("Barriers, existing and planned")
    MITIGATION = "mitigation", _("Mitigation structures")
    TELEMETRY = "telemetry", _("Telemetry products")
    INCIDENTS = "incidents", _("Incidents")
    GAPS = "gaps", _("Knowledge gaps")
    BASE = "base", _("Base map")


class Audience(models.TextChoices):
    """To whom a layer is shown at all; how finely is for the policy."""

    PUBLIC = "public", _("Everyone")
    PARTNERS = "partners", _("People with a role in the programme")
    NAMED = "named", _("Only those with an agreement")


class State(models.TextChoices):
    """Where a version is on its way. See `kulan.web.catalogue.states`."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    RELEASED = "released", _("Released")
    SUPERSEDED = "superseded", _("Superseded")
    REJECTED = "rejected", _("Sent back")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Kind(models.TextChoices):
    """What a version's data are."""

    VECTOR = "vector", _("Features")
    RASTER = "raster", _("Grid")
    TABLE = "table", _("Table")


class Confidence(models.TextChoices):
    """How sure the makers are."""

    HIGH = "high", _("High")
    MEDIUM = "medium", _("Medium")
    LOW = "low", _("Low")
    UNVERIFIED = "unverified", _("Unverified")


MOVES: dict[str, tuple[str, ...]] = {
    State.DRAFT: (State.IN_REVIEW,),
    State.IN_REVIEW: (State.RELEASED, State.REJECTED, State.DRAFT),
    State.REJECTED: (State.DRAFT,),
    State.RELEASED: (State.SUPERSEDED, State.WITHDRAWN),
    State.SUPERSEDED: (State.WITHDRAWN,),
    State.WITHDRAWN: (),
}
"""From which state a version may go to which."""
FROZEN = frozenset({State.RELEASED, State.SUPERSEDED, State.WITHDRAWN})
"""States in which neither data nor description change any more."""
