"""Layers, versions, renditions, agreements and rules of sensitivity."""

import secrets
import uuid
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from kulan.web.catalogue.themes import Audience, Confidence, Kind, State, Theme
from kulan.web.geometry.located import Located
from kulan.web.people.models import Organisation
from kulan.web.people.roles import Role

USER = settings.AUTH_USER_MODEL
LEVELS = ((0, "exact"), (1, "0.001"), (2, "0.01"), (3, "0.1"), (4, "1"), (5, "withheld"))
"""Precision of a rendition, degrees; see `kulan.atlas.precision.Precision`."""


def names_key() -> str:
    """Make the key from which a layer's records get their names outside."""
    return secrets.token_hex(32)


class Layer(models.Model):
    """A layer of the Atlas: what stays the same from version to version."""

    layer_id = models.SlugField(max_length=80, unique=True)
    theme = models.CharField(max_length=20, choices=Theme.choices)
    audience = models.CharField(max_length=10, choices=Audience.choices, default=Audience.PUBLIC)
    owner = models.ForeignKey(USER, null=True, on_delete=models.SET_NULL, related_name="layers")
    organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="layers"
    )
    embargo_until = models.DateField(null=True, blank=True)
    minimum_count = models.PositiveSmallIntegerField(default=1)
    # lies with the records, so that a restored backup calls them by the same names
    names_key = models.CharField(max_length=64, default=names_key, editable=False)
    open_reason = models.TextField(blank=True)  # why nothing in it is sensitive, if so decided
    sort = models.PositiveSmallIntegerField(default=100)
    shown_at_first = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("sort", "layer_id")

    def __str__(self) -> str:
        """Return its name."""
        return self.layer_id


class LayerVersion(models.Model):
    """One version of a layer: its description and its data; frozen once released."""

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    layer = models.ForeignKey(Layer, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    kind = models.CharField(max_length=10, choices=Kind.choices)

    title = models.JSONField(default=dict)
    abstract = models.JSONField(default=dict, blank=True)
    label = models.JSONField(default=dict, blank=True)
    note = models.TextField(blank=True)
    species = models.JSONField(default=list, blank=True)
    states = models.JSONField(default=list, blank=True)
    months = models.JSONField(default=list, blank=True)
    method = models.TextField(blank=True)
    confidence = models.CharField(
        max_length=12, choices=Confidence.choices, default=Confidence.UNVERIFIED
    )
    source = models.TextField(blank=True)
    licence = models.CharField(max_length=200, blank=True)
    attribution = models.TextField(blank=True)
    citation = models.TextField(blank=True)
    valid_from = models.CharField(max_length=10, blank=True)
    valid_to = models.CharField(max_length=10, blank=True)
    resolution_m = models.PositiveIntegerField(default=0)
    recipe = models.JSONField(default=dict, blank=True)
    columns = models.JSONField(default=dict, blank=True)  # see columns.py
    layer_terms = models.JSONField(default=dict, blank=True)  # hold for the layer from its release
    sensitivity_reset = models.TextField(blank=True)  # why earlier categories hold no more

    file_name = models.CharField(max_length=200, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    file_extension = models.CharField(max_length=10, blank=True)
    file_bytes = models.PositiveBigIntegerField(default=0)
    feature_count = models.PositiveIntegerField(default=0)
    checks = models.JSONField(default=list, blank=True)
    losses = models.JSONField(default=list, blank=True)  # what the file lost on its way in
    bounds = models.JSONField(default=list, blank=True)
    edition = models.PositiveIntegerField(default=0)  # rises when its renditions are stored anew

    created_by = models.ForeignKey(USER, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(USER, null=True, on_delete=models.SET_NULL, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    review_note = models.TextField(blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.TextField(blank=True)

    class Meta:
        ordering = ("layer", "-number")
        constraints = (
            models.UniqueConstraint(fields=("layer", "number"), name="one_version_of_a_number"),
            models.UniqueConstraint(
                fields=("layer",),
                condition=Q(state=State.RELEASED),
                name="one_released_version_of_a_layer",
            ),
            models.CheckConstraint(
                condition=Q(created_by=None)
                | Q(reviewed_by=None)
                | ~Q(reviewed_by=F("created_by")),
                name="reviewed_by_a_second_person",
            ),
        )

    def __str__(self) -> str:
        """Return the layer and the number."""
        return f"{self.layer.layer_id} v{self.number}"

    def term(self, name: str) -> Any:
        """Return a term of the layer as it will be once this version is released.

        Parameters
        ----------
        name
            ``theme``, ``audience``, ``embargo_until`` or ``minimum_count``.
        """
        if name not in self.layer_terms:
            return getattr(self.layer, name)
        told = self.layer_terms[name]
        return date.fromisoformat(told) if name == "embargo_until" and told else told

    @property
    def identifier(self) -> str:
        """Stable identifier of this version, to cite."""
        return f"kulan:{self.layer.layer_id}:{self.number}"


class Rendition(Located):
    """One feature as it may be seen at one precision; nothing finer stands in its columns.

    A feature has as many rows as there are precisions at which someone may see it. Pages, tiles and
    doors for machines read these rows alone, through `kulan.web.policy.renditions`.
    """

    version = models.ForeignKey(LayerVersion, on_delete=models.CASCADE, related_name="renditions")
    uid = models.CharField(max_length=24)
    level = models.PositiveSmallIntegerField(choices=LEVELS)
    default_level = models.PositiveSmallIntegerField(choices=LEVELS)
    species_id = models.CharField(max_length=60, blank=True)
    iso3 = models.CharField(max_length=3, blank=True)
    season = models.CharField(max_length=40, blank=True)
    date_from = models.CharField(max_length=10, blank=True)
    date_to = models.CharField(max_length=10, blank=True)
    months = models.PositiveIntegerField(default=0)  # bit 0 January; 0 = the whole year
    extent_deg = models.FloatField(default=0)
    uncertainty_m = models.FloatField(null=True, blank=True)
    generalised = models.CharField(max_length=300, blank=True)
    withheld = models.CharField(max_length=300, blank=True)
    name = models.CharField(max_length=300, blank=True)
    properties = models.JSONField(default=dict)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("version", "uid", "level"), name="one_rendition_at_a_level"
            ),
        )
        indexes = (models.Index(fields=("version", "level", "uid")),)

    def __str__(self) -> str:
        """Return which feature at which precision."""
        return f"{self.uid} at {self.get_level_display()}"


class SensitivityRule(models.Model):
    """How hidden the places of a species are in a state and season; empty means any."""

    species_id = models.CharField(max_length=60, blank=True)
    iso3 = models.CharField(max_length=3, blank=True)
    season = models.CharField(max_length=40, blank=True)
    level = models.PositiveSmallIntegerField(choices=LEVELS)
    basis = models.TextField()
    review_due = models.DateField(null=True, blank=True)
    set_by = models.ForeignKey(USER, null=True, on_delete=models.SET_NULL, related_name="+")
    set_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("species_id", "iso3", "season"), name="one_rule_for_a_case"
            ),
        )

    def __str__(self) -> str:
        """Return what it is about."""
        return " ".join(filter(None, (self.species_id, self.iso3, self.season))) or "everything"


class Agreement(models.Model):
    """What the owner of a layer lets someone see: who, how finely, from when until when."""

    layer = models.ForeignKey(Layer, on_delete=models.CASCADE, related_name="agreements")
    user = models.ForeignKey(
        USER, null=True, blank=True, on_delete=models.CASCADE, related_name="agreements"
    )
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.CASCADE, related_name="agreements"
    )
    role = models.CharField(max_length=30, choices=Role.choices, blank=True)
    level = models.PositiveSmallIntegerField(choices=LEVELS[:5])
    valid_from = models.DateField(default=timezone.localdate)
    valid_to = models.DateField(null=True, blank=True)
    terms = models.TextField(blank=True)
    given_by = models.ForeignKey(USER, null=True, on_delete=models.SET_NULL, related_name="+")
    given_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=(
                    Q(user__isnull=False, organisation=None, role="")
                    | Q(user=None, organisation__isnull=False, role="")
                    | (Q(user=None, organisation=None) & ~Q(role=""))
                ),
                name="agreement_with_one_party",
            ),
        )

    def __str__(self) -> str:
        """Return with whom it is."""
        party = self.user or self.organisation or self.role
        return f"{self.layer.layer_id}: {party}"
