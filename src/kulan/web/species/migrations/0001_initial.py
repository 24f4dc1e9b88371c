"""The first tables of species records."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AccountText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("record", models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("approved", "Approved"),
                            ("rejected", "Rejected"),
                            ("taken_back", "Taken back"),
                            ("superseded", "Superseded"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                (
                    "change",
                    models.CharField(
                        choices=[
                            ("new", "New record"),
                            ("change", "Change"),
                            ("withdrawal", "Withdrawal"),
                        ],
                        default="new",
                        max_length=10,
                    ),
                ),
                ("species_id", models.CharField(max_length=60)),
                ("reason", models.TextField(blank=True)),
                ("seeded", models.BooleanField(default=False)),
                ("proposed_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("decision_note", models.TextField(blank=True)),
                (
                    "section",
                    models.CharField(
                        choices=[
                            ("behaviour", "behaviour"),
                            ("ecology", "ecology"),
                            ("movement_needs", "movement_needs"),
                            ("habitat_needs", "habitat_needs"),
                            ("water_needs", "water_needs"),
                            ("forage_needs", "forage_needs"),
                            ("disturbance", "disturbance"),
                            ("threats", "threats"),
                            ("status", "status"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "en"), ("ru", "ru"), ("fr", "fr")], max_length=2
                    ),
                ),
                ("text", models.TextField()),
                ("source", models.TextField()),
                (
                    "confidence",
                    models.CharField(
                        choices=[
                            ("high", "high"),
                            ("medium", "medium"),
                            ("low", "low"),
                            ("unverified", "unverified"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "replaces",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replacements",
                        to="species.accounttext",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["species_id", "state", "language"],
                        name="species_acc_species_d19cb0_idx",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "approved")),
                        fields=("record",),
                        name="one_approved_account",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by", None),
                            ("proposed_by", None),
                            models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="account_decided_by_a_second_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at", None), ("decided_by", None), ("state", "proposed")
                            ),
                            models.Q(
                                models.Q(("state", "proposed"), _negated=True),
                                ("decided_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="account_decided_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("change", "new"), ("replaces", None)),
                            models.Q(
                                models.Q(("change", "new"), _negated=True),
                                ("replaces__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="account_change_replaces_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "withdrawn"), _negated=True),
                            ("change", "withdrawal"),
                            _connector="OR",
                        ),
                        name="account_withdrawn_by_a_withdrawal",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "approved"), _negated=True),
                            models.Q(("change", "withdrawal"), _negated=True),
                            _connector="OR",
                        ),
                        name="account_withdrawal_is_no_content",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "approved")),
                        fields=("species_id", "section", "language"),
                        name="one_approved_text_of_a_section",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PopulationRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("record", models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("approved", "Approved"),
                            ("rejected", "Rejected"),
                            ("taken_back", "Taken back"),
                            ("superseded", "Superseded"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                (
                    "change",
                    models.CharField(
                        choices=[
                            ("new", "New record"),
                            ("change", "Change"),
                            ("withdrawal", "Withdrawal"),
                        ],
                        default="new",
                        max_length=10,
                    ),
                ),
                ("species_id", models.CharField(max_length=60)),
                ("reason", models.TextField(blank=True)),
                ("seeded", models.BooleanField(default=False)),
                ("proposed_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("decision_note", models.TextField(blank=True)),
                ("iso3", models.CharField(max_length=3)),
                ("population", models.CharField(blank=True, max_length=120)),
                ("estimate", models.FloatField(blank=True, null=True)),
                ("low", models.FloatField(blank=True, null=True)),
                ("high", models.FloatField(blank=True, null=True)),
                (
                    "interval_kind",
                    models.CharField(
                        choices=[
                            ("confidence_95", "confidence_95"),
                            ("credible_95", "credible_95"),
                            ("expert_range", "expert_range"),
                            ("minimum_maximum", "minimum_maximum"),
                            ("none", "none"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "quantity",
                    models.CharField(
                        choices=[
                            ("individuals", "individuals"),
                            ("adults", "adults"),
                            ("mature", "mature"),
                            ("groups", "groups"),
                            ("density_per_100_km2", "density_per_100_km2"),
                        ],
                        max_length=30,
                    ),
                ),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("total_aerial_count", "total_aerial_count"),
                            ("strip_transect", "strip_transect"),
                            ("distance_sampling", "distance_sampling"),
                            ("double_observer", "double_observer"),
                            ("camera_trap_scr", "camera_trap_scr"),
                            ("genetic_scr", "genetic_scr"),
                            ("block_count", "block_count"),
                            ("vehicle_count", "vehicle_count"),
                            ("expert_estimate", "expert_estimate"),
                            ("questionnaire", "questionnaire"),
                            ("other", "other"),
                        ],
                        max_length=30,
                    ),
                ),
                ("survey_from", models.CharField(max_length=10)),
                ("survey_to", models.CharField(max_length=10)),
                (
                    "season",
                    models.CharField(
                        choices=[
                            ("spring", "spring"),
                            ("summer", "summer"),
                            ("autumn", "autumn"),
                            ("winter", "winter"),
                            ("several", "several"),
                            ("unknown", "unknown"),
                        ],
                        max_length=10,
                    ),
                ),
                ("area_covered_km2", models.FloatField(blank=True, null=True)),
                ("reference", models.TextField()),
                ("doi", models.CharField(blank=True, max_length=200)),
                ("data_source", models.CharField(max_length=300)),
                (
                    "quality",
                    models.CharField(
                        choices=[
                            ("high", "high"),
                            ("medium", "medium"),
                            ("low", "low"),
                            ("unverified", "unverified"),
                        ],
                        max_length=12,
                    ),
                ),
                ("notes", models.TextField(blank=True)),
                (
                    "readers",
                    models.CharField(
                        choices=[
                            ("public", "Everyone"),
                            ("partners", "People with a role in the programme"),
                        ],
                        default="public",
                        max_length=10,
                    ),
                ),
                ("embargo_until", models.DateField(blank=True, null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "replaces",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replacements",
                        to="species.populationrecord",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["species_id", "state", "iso3"],
                        name="species_pop_species_a826c5_idx",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "approved")),
                        fields=("record",),
                        name="one_approved_population",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by", None),
                            ("proposed_by", None),
                            models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="population_decided_by_a_second_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at", None), ("decided_by", None), ("state", "proposed")
                            ),
                            models.Q(
                                models.Q(("state", "proposed"), _negated=True),
                                ("decided_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="population_decided_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("change", "new"), ("replaces", None)),
                            models.Q(
                                models.Q(("change", "new"), _negated=True),
                                ("replaces__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="population_change_replaces_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "withdrawn"), _negated=True),
                            ("change", "withdrawal"),
                            _connector="OR",
                        ),
                        name="population_withdrawn_by_a_withdrawal",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "approved"), _negated=True),
                            models.Q(("change", "withdrawal"), _negated=True),
                            _connector="OR",
                        ),
                        name="population_withdrawal_is_no_content",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("estimate__isnull", False),
                            ("low__isnull", False),
                            ("high__isnull", False),
                            _connector="OR",
                        ),
                        name="population_has_a_figure",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("low", None),
                                ("high", None),
                                ("low__lte", models.F("high")),
                                _connector="OR",
                            ),
                            models.Q(
                                ("low", None),
                                ("estimate", None),
                                ("low__lte", models.F("estimate")),
                                _connector="OR",
                            ),
                            models.Q(
                                ("estimate", None),
                                ("high", None),
                                ("estimate__lte", models.F("high")),
                                _connector="OR",
                            ),
                        ),
                        name="population_interval_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("estimate", None), ("estimate__gte", 0), _connector="OR"),
                            models.Q(("low", None), ("low__gte", 0), _connector="OR"),
                            models.Q(("high", None), ("high__gte", 0), _connector="OR"),
                        ),
                        name="population_from_zero_up",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("high", None), ("interval_kind", "none"), ("low", None)),
                            models.Q(
                                models.Q(("interval_kind", "none"), _negated=True),
                                models.Q(
                                    ("low__isnull", False), ("high__isnull", False), _connector="OR"
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="population_interval_and_its_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("area_covered_km2", None), ("area_covered_km2__gt", 0), _connector="OR"
                        ),
                        name="population_area_above_zero",
                    ),
                ],
            },
        ),
    ]
