"""The first tables of the newsletter."""

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
            name="NewsletterIssue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(unique=True)),
                ("species_id", models.CharField(blank=True, max_length=60)),
                ("since", models.DateField()),
                ("until", models.DateField()),
                ("title", models.JSONField(blank=True, default=dict)),
                ("introduction", models.JSONField(blank=True, default=dict)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-number",),
            },
        ),
        migrations.CreateModel(
            name="NewsletterItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("order", models.PositiveIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("layer", "layer"),
                            ("protocol", "protocol"),
                            ("survey", "survey"),
                            ("agreement", "agreement"),
                            ("training", "training"),
                            ("working_group", "working_group"),
                            ("meeting", "meeting"),
                            ("commitment", "commitment"),
                            ("disbursement", "disbursement"),
                            ("law", "law"),
                            ("plan", "plan"),
                            ("publication", "publication"),
                            ("report", "report"),
                            ("monitoring", "monitoring"),
                            ("equipment", "equipment"),
                            ("species_record", "species_record"),
                            ("population_record", "population_record"),
                            ("species_text", "species_text"),
                            ("report_due", "report_due"),
                            ("call_closing", "call_closing"),
                            ("species_day", "species_day"),
                            ("meeting_ahead", "meeting_ahead"),
                        ],
                        max_length=30,
                    ),
                ),
                ("title", models.JSONField(default=dict)),
                ("text", models.JSONField(blank=True, default=dict)),
                ("link", models.CharField(blank=True, max_length=500)),
                ("day", models.DateField()),
                ("species", models.JSONField(blank=True, default=list)),
                ("states", models.JSONField(blank=True, default=list)),
                ("keys", models.JSONField(default=list)),
                ("late", models.BooleanField(default=False)),
                ("chosen", models.BooleanField(default=True)),
                ("reason", models.CharField(blank=True, max_length=20)),
                (
                    "issue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="programme_newsletter.newsletterissue",
                    ),
                ),
            ],
            options={
                "ordering": ("issue", "order"),
            },
        ),
        migrations.AddConstraint(
            model_name="newsletterissue",
            constraint=models.CheckConstraint(
                condition=models.Q(("until__gt", models.F("since"))),
                name="newsletter_of_at_least_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="newsletteritem",
            constraint=models.UniqueConstraint(
                fields=("issue", "order"), name="one_item_at_a_place"
            ),
        ),
        migrations.CreateModel(
            name="Subscriber",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("email", models.EmailField(max_length=254, unique=True)),
                ("language", models.CharField(max_length=5)),
                ("token", models.CharField(max_length=64, unique=True)),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="SentLetter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("language", models.CharField(max_length=5)),
                (
                    "state",
                    models.CharField(
                        choices=[("begun", "Begun"), ("sent", "Sent"), ("refused", "Refused")],
                        default="begun",
                        max_length=8,
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "issue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="letters",
                        to="programme_newsletter.newsletterissue",
                    ),
                ),
                (
                    "subscriber",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to="programme_newsletter.subscriber",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("issue", "subscriber"), name="an_issue_goes_to_an_address_once"
                    ),
                ],
            },
        ),
    ]
