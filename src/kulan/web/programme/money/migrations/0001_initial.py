"""The first tables of the programme's money."""

import datetime
import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import kulan.web.programme.money.models
from kulan.web.programme.money.append_only import AppendOnly


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LedgerAccount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=20, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=12)),
            ],
            options={
                "ordering": ("code",),
            },
        ),
        migrations.CreateModel(
            name="LedgerFund",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=30, unique=True)),
                ("name", models.CharField(max_length=200)),
            ],
            options={
                "ordering": ("code",),
            },
        ),
        migrations.CreateModel(
            name="Donor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("edition", models.PositiveIntegerField(default=1)),
                ("added_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("name", models.CharField(max_length=200, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("government", "government"),
                            ("local_government", "local_government"),
                            ("other_public", "other_public"),
                            ("international_ngo", "international_ngo"),
                            ("national_ngo", "national_ngo"),
                            ("intergovernmental", "intergovernmental"),
                            ("foundation", "foundation"),
                            ("private_sector", "private_sector"),
                            ("research", "research"),
                            ("community", "community"),
                            ("other", "other"),
                        ],
                        max_length=20,
                    ),
                ),
                ("url", models.URLField(blank=True, max_length=500)),
                ("iati_ref", models.CharField(blank=True, max_length=100)),
                ("notes", models.TextField(blank=True)),
                ("source", models.CharField(max_length=500)),
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
                    "champion",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("name",),
            },
        ),
        migrations.CreateModel(
            name="IatiFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("sha256", models.CharField(max_length=64)),
                ("content", models.TextField()),
                ("seen", models.JSONField(default=dict)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("applied_at", models.DateTimeField(blank=True, null=True)),
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
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.organisation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="JournalRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("entry", "Entry"), ("closing", "Closing of a period")],
                        max_length=8,
                    ),
                ),
                ("day", models.DateField()),
                ("text", models.CharField(blank=True, max_length=500)),
                ("document", models.CharField(blank=True, max_length=300)),
                ("lines", models.JSONField(default=list)),
                ("reverses", models.PositiveIntegerField(default=0)),
                ("entered_by", models.CharField(max_length=40)),
                ("approved_by", models.CharField(max_length=40)),
                ("posted_at", models.CharField(max_length=40)),
                ("previous", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
            ],
            options={
                "ordering": ("number",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("entered_by", models.F("approved_by")), _negated=True),
                        name="posted_by_two_persons",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("reverses", 0), _negated=True),
                        fields=("reverses",),
                        name="reversed_once",
                    ),
                    models.UniqueConstraint(fields=("previous",), name="one_chain_of_records"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Need",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("edition", models.PositiveIntegerField(default=1)),
                ("added_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("action", models.CharField(db_index=True, max_length=100)),
                ("part", models.CharField(blank=True, max_length=200)),
                (
                    "low",
                    models.CharField(
                        max_length=26, validators=[kulan.web.programme.money.models.check_digits]
                    ),
                ),
                (
                    "high",
                    models.CharField(
                        max_length=26, validators=[kulan.web.programme.money.models.check_digits]
                    ),
                ),
                (
                    "currency",
                    models.CharField(
                        max_length=3, validators=[kulan.web.programme.money.models.check_currency]
                    ),
                ),
                ("day", models.DateField(default=datetime.date.today)),
                ("states", models.JSONField(blank=True, default=list)),
                ("species", models.JSONField(blank=True, default=list)),
                ("landscapes", models.JSONField(blank=True, default=list)),
                ("source", models.CharField(max_length=500)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("ended_reason", models.CharField(blank=True, max_length=500)),
                (
                    "added_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("action", "pk"),
            },
        ),
        migrations.CreateModel(
            name="Project",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("edition", models.PositiveIntegerField(default=1)),
                ("added_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("title", models.CharField(max_length=300)),
                ("summary", models.TextField()),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("pipeline", "pipeline"),
                            ("running", "running"),
                            ("ending", "ending"),
                            ("closed", "closed"),
                            ("cancelled", "cancelled"),
                            ("suspended", "suspended"),
                        ],
                        default="running",
                        max_length=12,
                    ),
                ),
                ("begins", models.DateField()),
                ("ends", models.DateField(blank=True, null=True)),
                ("iati_identifier", models.CharField(blank=True, max_length=200)),
                ("iati_original", models.TextField(blank=True)),
                ("url", models.URLField(blank=True, max_length=500)),
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="projects",
                        to="people.organisation",
                    ),
                ),
                (
                    "part_of",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="parts",
                        to="programme_money.project",
                    ),
                ),
            ],
            options={
                "ordering": ("title", "pk"),
            },
        ),
        migrations.CreateModel(
            name="Flow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("budget", "budget"),
                            ("planned", "planned"),
                            ("pledge", "pledge"),
                            ("commitment", "commitment"),
                            ("commitment_in", "commitment_in"),
                            ("cofinance", "cofinance"),
                            ("incoming", "incoming"),
                            ("disbursement", "disbursement"),
                            ("expenditure", "expenditure"),
                        ],
                        max_length=14,
                    ),
                ),
                (
                    "amount",
                    models.CharField(
                        max_length=26, validators=[kulan.web.programme.money.models.check_digits]
                    ),
                ),
                (
                    "currency",
                    models.CharField(
                        max_length=3, validators=[kulan.web.programme.money.models.check_currency]
                    ),
                ),
                ("day", models.DateField()),
                ("last_day", models.DateField(blank=True, null=True)),
                ("provider", models.CharField(blank=True, max_length=200)),
                ("receiver", models.CharField(blank=True, max_length=200)),
                ("description", models.CharField(blank=True, max_length=500)),
                ("reference", models.CharField(blank=True, max_length=200)),
                ("confidential", models.BooleanField(default=False)),
                ("added_at", models.DateTimeField(default=django.utils.timezone.now)),
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
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="flows",
                        to="programme_money.project",
                    ),
                ),
            ],
            options={
                "ordering": ("day", "pk"),
            },
        ),
        migrations.CreateModel(
            name="Publisher",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("iati_ref", models.CharField(max_length=100, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("government", "government"),
                            ("local_government", "local_government"),
                            ("other_public", "other_public"),
                            ("international_ngo", "international_ngo"),
                            ("national_ngo", "national_ngo"),
                            ("intergovernmental", "intergovernmental"),
                            ("foundation", "foundation"),
                            ("private_sector", "private_sector"),
                            ("research", "research"),
                            ("community", "community"),
                            ("other", "other"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "organisation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="publisher",
                        to="people.organisation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Share",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "dimension",
                    models.CharField(
                        choices=[
                            ("action", "Action"),
                            ("state", "State"),
                            ("species", "Species"),
                            ("landscape", "Landscape"),
                        ],
                        max_length=10,
                    ),
                ),
                ("code", models.CharField(max_length=100)),
                ("share", models.CharField(blank=True, max_length=30)),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="shares",
                        to="programme_money.project",
                    ),
                ),
            ],
            options={
                "ordering": ("dimension", "pk"),
            },
        ),
        migrations.CreateModel(
            name="Call",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("edition", models.PositiveIntegerField(default=1)),
                ("added_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("title", models.CharField(max_length=300)),
                ("programme", models.CharField(blank=True, max_length=200)),
                ("url", models.URLField(blank=True, max_length=500)),
                ("opens", models.DateField(blank=True, null=True)),
                ("closes", models.DateField(blank=True, null=True)),
                ("states", models.JSONField(blank=True, default=list)),
                ("species", models.JSONField(blank=True, default=list)),
                ("themes", models.JSONField(blank=True, default=list)),
                ("organisation_kinds", models.JSONField(blank=True, default=list)),
                (
                    "smallest",
                    models.CharField(
                        blank=True,
                        max_length=26,
                        validators=[kulan.web.programme.money.models.check_digits],
                    ),
                ),
                (
                    "largest",
                    models.CharField(
                        blank=True,
                        max_length=26,
                        validators=[kulan.web.programme.money.models.check_digits],
                    ),
                ),
                (
                    "currency",
                    models.CharField(
                        blank=True,
                        max_length=3,
                        validators=[kulan.web.programme.money.models.check_currency],
                    ),
                ),
                ("cofinance_percent", models.PositiveSmallIntegerField(default=0)),
                ("source", models.CharField(max_length=500)),
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
                    "donor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="calls",
                        to="programme_money.donor",
                    ),
                ),
            ],
            options={
                "ordering": ("closes", "title"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("opens", None),
                            ("closes", None),
                            ("opens__lte", models.F("closes")),
                            _connector="OR",
                        ),
                        name="call_opens_before_it_closes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("largest", ""), ("smallest", "")),
                            models.Q(("currency", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="call_amounts_have_a_currency",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("entry", "Entry"), ("closing", "Closing of a period")],
                        default="entry",
                        max_length=8,
                    ),
                ),
                ("day", models.DateField()),
                ("text", models.CharField(blank=True, max_length=500)),
                ("document", models.CharField(blank=True, max_length=300)),
                ("lines", models.JSONField(default=list)),
                ("reverses", models.PositiveIntegerField(default=0)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waits for a second person"),
                            ("posted", "Posted"),
                            ("refused", "Refused"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("entered_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("note", models.CharField(blank=True, max_length=500)),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-entered_at",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by", None),
                            models.Q(("decided_by", models.F("entered_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="books_take_two_persons",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            models.Q(("reverses", 0), _negated=True),
                            models.Q(("state", "refused"), _negated=True),
                        ),
                        fields=("reverses",),
                        name="an_entry_is_reversed_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExchangeRate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "of",
                    models.CharField(
                        max_length=3, validators=[kulan.web.programme.money.models.check_currency]
                    ),
                ),
                (
                    "to",
                    models.CharField(
                        max_length=3, validators=[kulan.web.programme.money.models.check_currency]
                    ),
                ),
                (
                    "rate",
                    models.CharField(
                        max_length=26, validators=[kulan.web.programme.money.models.check_digits]
                    ),
                ),
                ("first", models.DateField()),
                ("last", models.DateField()),
                ("source", models.CharField(max_length=500)),
                ("added_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "added_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("of", "to", "-first"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("of", "to", "first", "last"), name="one_rate_for_some_days"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("first__lte", models.F("last"))),
                        name="rate_days_in_order",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.UniqueConstraint(
                condition=models.Q(("iati_identifier", ""), _negated=True),
                fields=("iati_identifier",),
                name="one_project_of_an_iati_identifier",
            ),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends", None), ("begins__lte", models.F("ends")), _connector="OR"
                ),
                name="project_begins_before_end",
            ),
        ),
        migrations.AddConstraint(
            model_name="flow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("last_day", None), ("day__lte", models.F("last_day")), _connector="OR"
                ),
                name="flow_days_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="share",
            constraint=models.UniqueConstraint(
                fields=("project", "dimension", "code"), name="one_share_of_a_project"
            ),
        ),
        AppendOnly("JournalRecord", unique=("number", "previous")),
    ]
