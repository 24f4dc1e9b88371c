"""The first tables."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Event",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=60)),
                ("by_id", models.BigIntegerField(null=True)),
                ("by_name", models.CharField(blank=True, max_length=150)),
                ("subject_kind", models.CharField(max_length=40)),
                ("subject_id", models.CharField(max_length=80)),
                ("subject_title", models.CharField(blank=True, max_length=300)),
                ("details", models.JSONField(blank=True, default=dict)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["subject_kind", "subject_id", "-at"],
                        name="events_even_subject_a4a4e8_idx",
                    ),
                    models.Index(fields=["by_id", "-at"], name="events_even_by_id_9021cb_idx"),
                    models.Index(fields=["-at"], name="events_even_at_176929_idx"),
                ],
            },
        ),
    ]
