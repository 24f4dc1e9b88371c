"""The first tables."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import kulan.web.catalogue.models
import kulan.web.geometry.field
import kulan.web.geometry.index


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Layer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("layer_id", models.SlugField(max_length=80, unique=True)),
                (
                    "theme",
                    models.CharField(
                        choices=[
                            ("distribution", "Distribution by species and state"),
                            ("key_areas", "Key areas"),
                            ("corridors", "Corridors and connectivity"),
                            ("barriers", "Barriers, existing and planned"),
                            ("mitigation", "Mitigation structures"),
                            ("telemetry", "Telemetry products"),
                            ("incidents", "Incidents"),
                            ("gaps", "Knowledge gaps"),
                            ("base", "Base map"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("public", "Everyone"),
                            ("partners", "People with a role in the programme"),
                            ("named", "Only those with an agreement"),
                        ],
                        default="public",
                        max_length=10,
                    ),
                ),
                ("embargo_until", models.DateField(blank=True, null=True)),
                ("minimum_count", models.PositiveSmallIntegerField(default=1)),
                (
                    "names_key",
                    models.CharField(
                        default=kulan.web.catalogue.models.names_key, editable=False, max_length=64
                    ),
                ),
                ("open_reason", models.TextField(blank=True)),
                ("sort", models.PositiveSmallIntegerField(default=100)),
                ("shown_at_first", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="layers",
                        to="people.organisation",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="layers",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("sort", "layer_id"),
            },
        ),
        migrations.CreateModel(
            name="LayerVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("number", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("in_review", "In review"),
                            ("released", "Released"),
                            ("superseded", "Superseded"),
                            ("rejected", "Sent back"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="draft",
                        max_length=12,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("vector", "Features"), ("raster", "Grid"), ("table", "Table")],
                        max_length=10,
                    ),
                ),
                ("title", models.JSONField(default=dict)),
                ("abstract", models.JSONField(blank=True, default=dict)),
                ("label", models.JSONField(blank=True, default=dict)),
                ("note", models.TextField(blank=True)),
                ("species", models.JSONField(blank=True, default=list)),
                ("states", models.JSONField(blank=True, default=list)),
                ("months", models.JSONField(blank=True, default=list)),
                ("method", models.TextField(blank=True)),
                (
                    "confidence",
                    models.CharField(
                        choices=[
                            ("high", "High"),
                            ("medium", "Medium"),
                            ("low", "Low"),
                            ("unverified", "Unverified"),
                        ],
                        default="unverified",
                        max_length=12,
                    ),
                ),
                ("source", models.TextField(blank=True)),
                ("licence", models.CharField(blank=True, max_length=200)),
                ("attribution", models.TextField(blank=True)),
                ("citation", models.TextField(blank=True)),
                ("valid_from", models.CharField(blank=True, max_length=10)),
                ("valid_to", models.CharField(blank=True, max_length=10)),
                ("resolution_m", models.PositiveIntegerField(default=0)),
                ("recipe", models.JSONField(blank=True, default=dict)),
                ("columns", models.JSONField(blank=True, default=dict)),
                ("layer_terms", models.JSONField(blank=True, default=dict)),
                ("sensitivity_reset", models.TextField(blank=True)),
                ("file_name", models.CharField(blank=True, max_length=200)),
                ("file_sha256", models.CharField(blank=True, max_length=64)),
                ("file_extension", models.CharField(blank=True, max_length=10)),
                ("file_bytes", models.PositiveBigIntegerField(default=0)),
                ("feature_count", models.PositiveIntegerField(default=0)),
                ("checks", models.JSONField(blank=True, default=list)),
                ("losses", models.JSONField(blank=True, default=list)),
                ("bounds", models.JSONField(blank=True, default=list)),
                ("edition", models.PositiveIntegerField(default=0)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("submitted_at", models.DateTimeField(blank=True, null=True)),
                ("reviewed_at", models.DateTimeField(blank=True, null=True)),
                ("review_note", models.TextField(blank=True)),
                ("released_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_reason", models.TextField(blank=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "layer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="catalogue.layer",
                    ),
                ),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("layer", "-number"),
            },
        ),
        migrations.CreateModel(
            name="Rendition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("geometry", kulan.web.geometry.field.GeometryField()),
                ("west", models.FloatField(editable=False)),
                ("south", models.FloatField(editable=False)),
                ("east", models.FloatField(editable=False)),
                ("north", models.FloatField(editable=False)),
                ("uid", models.CharField(max_length=24)),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "exact"),
                            (1, "0.001"),
                            (2, "0.01"),
                            (3, "0.1"),
                            (4, "1"),
                            (5, "withheld"),
                        ]
                    ),
                ),
                (
                    "default_level",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "exact"),
                            (1, "0.001"),
                            (2, "0.01"),
                            (3, "0.1"),
                            (4, "1"),
                            (5, "withheld"),
                        ]
                    ),
                ),
                ("species_id", models.CharField(blank=True, max_length=60)),
                ("iso3", models.CharField(blank=True, max_length=3)),
                ("season", models.CharField(blank=True, max_length=40)),
                ("date_from", models.CharField(blank=True, max_length=10)),
                ("date_to", models.CharField(blank=True, max_length=10)),
                ("months", models.PositiveIntegerField(default=0)),
                ("extent_deg", models.FloatField(default=0)),
                ("uncertainty_m", models.FloatField(blank=True, null=True)),
                ("generalised", models.CharField(blank=True, max_length=300)),
                ("withheld", models.CharField(blank=True, max_length=300)),
                ("name", models.CharField(blank=True, max_length=300)),
                ("properties", models.JSONField(default=dict)),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="renditions",
                        to="catalogue.layerversion",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SensitivityRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("species_id", models.CharField(blank=True, max_length=60)),
                ("iso3", models.CharField(blank=True, max_length=3)),
                ("season", models.CharField(blank=True, max_length=40)),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "exact"),
                            (1, "0.001"),
                            (2, "0.01"),
                            (3, "0.1"),
                            (4, "1"),
                            (5, "withheld"),
                        ]
                    ),
                ),
                ("basis", models.TextField()),
                ("review_due", models.DateField(blank=True, null=True)),
                ("set_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "set_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Agreement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("partner", "Partner"),
                            ("scientist", "Scientist"),
                            ("focal_point", "State focal point"),
                            ("species_coordinator", "Species coordinator"),
                            ("secretariat", "Secretariat"),
                            ("administrator", "Administrator"),
                        ],
                        max_length=30,
                    ),
                ),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "exact"), (1, "0.001"), (2, "0.01"), (3, "0.1"), (4, "1")]
                    ),
                ),
                ("valid_from", models.DateField(default=django.utils.timezone.localdate)),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("terms", models.TextField(blank=True)),
                ("given_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "given_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="agreements",
                        to="people.organisation",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="agreements",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "layer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="agreements",
                        to="catalogue.layer",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("organisation", None), ("role", ""), ("user__isnull", False)),
                            models.Q(("organisation__isnull", False), ("role", ""), ("user", None)),
                            models.Q(
                                ("organisation", None),
                                ("user", None),
                                models.Q(("role", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="agreement_with_one_party",
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="layerversion",
            constraint=models.UniqueConstraint(
                fields=("layer", "number"), name="one_version_of_a_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="layerversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "released")),
                fields=("layer",),
                name="one_released_version_of_a_layer",
            ),
        ),
        migrations.AddConstraint(
            model_name="layerversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("created_by", None),
                    ("reviewed_by", None),
                    models.Q(("reviewed_by", models.F("created_by")), _negated=True),
                    _connector="OR",
                ),
                name="reviewed_by_a_second_person",
            ),
        ),
        migrations.AddIndex(
            model_name="rendition",
            index=models.Index(
                fields=["version", "level", "uid"], name="catalogue_r_version_037f91_idx"
            ),
        ),
        migrations.AddConstraint(
            model_name="rendition",
            constraint=models.UniqueConstraint(
                fields=("version", "uid", "level"), name="one_rendition_at_a_level"
            ),
        ),
        migrations.AddConstraint(
            model_name="sensitivityrule",
            constraint=models.UniqueConstraint(
                fields=("species_id", "iso3", "season"), name="one_rule_for_a_case"
            ),
        ),
        kulan.web.geometry.index.SpatialIndex("rendition"),
    ]
