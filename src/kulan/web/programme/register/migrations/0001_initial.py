"""The first tables of the register."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("jobs", "0001_initial"),
        ("people", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ImportedEdition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("edition_id", models.SlugField(max_length=60, unique=True)),
                ("plan", models.SlugField(max_length=60)),
                ("title", models.JSONField(blank=True, default=dict)),
                (
                    "status",
                    models.CharField(
                        choices=[("draft", "Draft"), ("in_force", "In force"), ("past", "Past")],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("first_year", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("last_year", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("sections", models.JSONField(blank=True, default=list)),
            ],
            options={
                "ordering": ("plan", "edition_id"),
            },
        ),
        migrations.CreateModel(
            name="Crosswalk",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("before", models.SlugField(max_length=60)),
                ("after", models.SlugField(max_length=60)),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "en"), ("ru", "ru"), ("fr", "fr")], max_length=2
                    ),
                ),
                ("proposed_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "proposed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("before", "after"),
            },
        ),
        migrations.CreateModel(
            name="CrosswalkPair",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.PositiveIntegerField(default=0)),
                ("before", models.JSONField(blank=True, default=list)),
                ("after", models.JSONField(blank=True, default=list)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("same", "Same number and words"),
                            ("renumbered", "Other number"),
                            ("reworded", "Other words"),
                            ("split", "Split in two"),
                            ("merged", "Two made one"),
                            ("new", "New"),
                            ("dropped", "Dropped"),
                        ],
                        max_length=10,
                    ),
                ),
                ("score", models.FloatField(default=0.0)),
                ("reasons", models.JSONField(blank=True, default=list)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("confirmed", "Confirmed"),
                            ("refused", "Refused"),
                        ],
                        db_index=True,
                        default="proposed",
                        max_length=10,
                    ),
                ),
                ("why", models.TextField(blank=True)),
                ("at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "crosswalk",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pairs",
                        to="programme_register.crosswalk",
                    ),
                ),
            ],
            options={
                "ordering": ("place", "pk"),
            },
        ),
        migrations.CreateModel(
            name="EvidenceItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("kind", models.CharField(max_length=20)),
                ("reference", models.CharField(max_length=500)),
                ("title", models.CharField(max_length=300)),
                ("note", models.TextField(blank=True)),
                ("day", models.DateField()),
                ("states", models.JSONField(blank=True, default=list)),
                ("species", models.JSONField(blank=True, default=list)),
                ("actions", models.JSONField(default=list)),
                ("amount", models.FloatField(default=1.0)),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("public", "Everyone"),
                            ("partners", "People with a role in the programme"),
                            ("government", "Focal points and the secretariat"),
                        ],
                        default="public",
                        max_length=10,
                    ),
                ),
                ("added_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.TextField(blank=True)),
                (
                    "added_by",
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
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="people.organisation",
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-day", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="ImportedAction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("action_id", models.CharField(max_length=40)),
                ("section_id", models.CharField(max_length=20)),
                ("parent_id", models.CharField(blank=True, max_length=40)),
                ("printed", models.CharField(blank=True, max_length=40)),
                ("order", models.PositiveIntegerField(default=0)),
                ("priority_low", models.CharField(blank=True, max_length=10)),
                ("priority_high", models.CharField(blank=True, max_length=10)),
                ("leads", models.JSONField(blank=True, default=list)),
                ("species", models.JSONField(blank=True, default=list)),
                ("landscapes", models.JSONField(blank=True, default=list)),
                ("states", models.JSONField(blank=True, default=list)),
                ("see_also", models.JSONField(blank=True, default=list)),
                ("targets", models.JSONField(blank=True, default=list)),
                ("title", models.JSONField(blank=True, default=dict)),
                ("text", models.JSONField(blank=True, default=dict)),
                ("priority_printed", models.JSONField(blank=True, default=dict)),
                ("leads_printed", models.JSONField(blank=True, default=dict)),
                ("would_count", models.JSONField(blank=True, default=list)),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="actions",
                        to="programme_register.importededition",
                    ),
                ),
            ],
            options={
                "ordering": ("edition", "order"),
            },
        ),
        migrations.CreateModel(
            name="Override",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("action", models.CharField(max_length=100)),
                ("iso3", models.CharField(blank=True, max_length=3)),
                (
                    "sets",
                    models.CharField(
                        choices=[
                            ("status", "Status"),
                            ("due", "Day by which it is due"),
                            ("overtaken", "Overtaken by events"),
                        ],
                        default="status",
                        max_length=10,
                    ),
                ),
                ("status", models.CharField(blank=True, max_length=30)),
                ("due", models.DateField(blank=True, null=True)),
                ("reason", models.TextField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("ended_reason", models.TextField(blank=True)),
                ("ended_with_pair", models.BooleanField(default=False)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "carried_from",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="carried",
                        to="programme_register.override",
                    ),
                ),
                (
                    "ended_by",
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
            name="TextSource",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "en"), ("ru", "ru"), ("fr", "fr")], max_length=2
                    ),
                ),
                ("file_name", models.CharField(max_length=200)),
                ("sha256", models.CharField(max_length=64)),
                ("losses", models.JSONField(blank=True, default=list)),
                ("imported_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sources",
                        to="programme_register.importededition",
                    ),
                ),
                (
                    "imported_by",
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
            name="TextUpload",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("edition_id", models.SlugField(max_length=60)),
                ("plan", models.SlugField(max_length=60)),
                ("title", models.JSONField(blank=True, default=dict)),
                ("first_year", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("last_year", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("language", models.CharField(blank=True, max_length=2)),
                ("file_name", models.CharField(max_length=200)),
                ("content", models.BinaryField(blank=True, default=bytes)),
                ("found", models.JSONField(blank=True, default=dict)),
                ("losses", models.JSONField(blank=True, default=list)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("stored_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "job",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="jobs.job",
                    ),
                ),
            ],
            options={
                "ordering": ("-at",),
            },
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("action", models.CharField(db_index=True, max_length=100)),
                (
                    "field",
                    models.CharField(
                        choices=[
                            ("printed", "Number"),
                            ("priority", "Priority"),
                            ("leads", "Who leads"),
                            ("see_also", "Cross-references"),
                            ("species", "Species"),
                            ("states", "States"),
                            ("text", "Text"),
                            ("title", "Title"),
                        ],
                        max_length=12,
                    ),
                ),
                ("printed", models.TextField(blank=True)),
                ("corrected", models.TextField()),
                ("reason", models.TextField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("action", "field", "printed"),
                        name="one_correction_of_a_word",
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="crosswalk",
            constraint=models.UniqueConstraint(
                fields=("before", "after"), name="one_crosswalk_of_two"
            ),
        ),
        migrations.AddConstraint(
            model_name="crosswalk",
            constraint=models.CheckConstraint(
                condition=models.Q(("before", models.F("after")), _negated=True),
                name="crosswalk_of_two_editions",
            ),
        ),
        migrations.AddConstraint(
            model_name="crosswalkpair",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "proposed"), models.Q(("why", ""), _negated=True), _connector="OR"
                ),
                name="pair_decided_with_a_reason",
            ),
        ),
        migrations.AddIndex(
            model_name="evidenceitem",
            index=models.Index(
                fields=["withdrawn_at", "audience"], name="programme_r_withdra_109393_idx"
            ),
        ),
        migrations.AddConstraint(
            model_name="evidenceitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("withdrawn_at", None), models.Q(("reason", ""), _negated=True), _connector="OR"
                ),
                name="evidence_withdrawn_with_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="importedaction",
            constraint=models.UniqueConstraint(
                fields=("edition", "action_id"), name="one_action_of_a_number"
            ),
        ),
        migrations.AddIndex(
            model_name="override",
            index=models.Index(fields=["action", "ended_at"], name="programme_r_action_f69691_idx"),
        ),
        migrations.AddConstraint(
            model_name="override",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)),
                fields=("action", "iso3", "sets"),
                name="one_override_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="override",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("due", None), ("sets", "status"), models.Q(("status", ""), _negated=True)
                    ),
                    models.Q(("due__isnull", False), ("sets", "due"), ("status", "")),
                    models.Q(("due", None), ("sets", "overtaken"), ("status", "")),
                    _connector="OR",
                ),
                name="override_sets_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="override",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="override_with_a_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="textsource",
            constraint=models.UniqueConstraint(
                fields=("edition", "language"), name="one_text_source_of_a_language"
            ),
        ),
    ]
