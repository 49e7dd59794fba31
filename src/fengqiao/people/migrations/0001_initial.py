"""Persons, areas, organisations, appointments, rosters, calendars; overlaps are refused by the database."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models

import fengqiao.base.ids
import fengqiao.people.expressions


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        BtreeGistExtension(),
        migrations.CreateModel(
            name="Person",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("id", models.UUIDField(default=fengqiao.base.ids.new_id, primary_key=True, serialize=False)),
                ("username", models.CharField(max_length=60, unique=True)),
                ("name", models.CharField(max_length=60)),
                ("name_en", models.CharField(blank=True, default="", max_length=80)),
                ("masked_phone", models.CharField(blank=True, default="", max_length=30)),
                ("language", models.CharField(default="zh-hans", max_length=10)),
                ("big_type", models.BooleanField(default=False)),
                ("is_active", models.BooleanField(default=True)),
                ("demo", models.BooleanField(default=False)),
                ("joined_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["username"],
            },
        ),
        migrations.CreateModel(
            name="Appointment",
            fields=[
                ("id", models.UUIDField(default=fengqiao.base.ids.new_id, primary_key=True, serialize=False)),
                ("post", models.CharField(max_length=40)),
                ("since", models.DateField()),
                ("until", models.DateField(blank=True, null=True)),
                ("temporary", models.BooleanField(default=False)),
                ("order", models.SmallIntegerField(default=0, help_text="which post is offered first after signing in")),
            ],
            options={
                "ordering": ["order", "since", "id"],
            },
        ),
        migrations.CreateModel(
            name="Area",
            fields=[
                ("code", models.CharField(db_collation="C", max_length=20, primary_key=True, serialize=False)),
                ("level", models.CharField(max_length=10)),
                ("name", models.CharField(max_length=80)),
                ("name_en", models.CharField(blank=True, default="", max_length=120)),
                ("polygon", models.JSONField(blank=True, help_text="GeoJSON geometry in WGS 84", null=True)),
                ("lon", models.FloatField(blank=True, null=True)),
                ("lat", models.FloatField(blank=True, null=True)),
                (
                    "bbox",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.FloatField(), blank=True, help_text="west, south, east, north", null=True, size=4
                    ),
                ),
                ("special", models.BooleanField(default=False, help_text="a market, park or campus with a grid of its own")),
                ("households", models.PositiveIntegerField(default=0)),
                ("phone", models.CharField(blank=True, default="", help_text="posted publicly (L28 §6)", max_length=30)),
                ("retired", models.BooleanField(default=False, help_text="merged or redrawn; old cases still point here")),
            ],
            options={
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="CalendarDay",
            fields=[
                ("date", models.DateField(primary_key=True, serialize=False)),
                ("working", models.BooleanField()),
                ("note", models.CharField(blank=True, default="", max_length=80)),
            ],
            options={
                "ordering": ["date"],
            },
        ),
        migrations.CreateModel(
            name="District",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("zone", models.CharField(default="Asia/Shanghai", max_length=40)),
                ("desk_scheme", models.CharField(default="v2021", max_length=10)),
                (
                    "demo",
                    models.BooleanField(default=False, help_text="invented: demo accounts may sign in with the demo password"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Edition",
            fields=[
                ("name", models.CharField(max_length=30, primary_key=True, serialize=False)),
                ("number", models.BigIntegerField(default=1)),
            ],
            options={
                "db_table": "people_edition",
            },
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                ("id", models.UUIDField(default=fengqiao.base.ids.new_id, primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=40, unique=True)),
                ("name", models.CharField(max_length=80)),
                ("name_en", models.CharField(blank=True, default="", max_length=120)),
                ("kind", models.CharField(max_length=20)),
                (
                    "desk",
                    models.CharField(blank=True, default="", help_text="which of the four desks it is, or answers to", max_length=20),
                ),
                (
                    "field",
                    models.CharField(blank=True, default="", help_text="its trade: power, fire, market, justice ...", max_length=20),
                ),
                ("presence", models.CharField(blank=True, default="", max_length=10)),
                ("phone", models.CharField(blank=True, default="", help_text="the office's own, public", max_length=30)),
                ("active", models.BooleanField(default=True)),
            ],
            options={
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="PoliceGrid",
            fields=[
                ("code", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80)),
            ],
            options={
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="Shift",
            fields=[
                ("id", models.UUIDField(default=fengqiao.base.ids.new_id, primary_key=True, serialize=False)),
                ("post", models.CharField(max_length=40)),
                ("starts", models.DateTimeField()),
                ("ends", models.DateTimeField()),
            ],
            options={
                "ordering": ["starts", "id"],
            },
        ),
        migrations.CreateModel(
            name="WorkingHours",
            fields=[
                ("opens", models.TimeField(primary_key=True, serialize=False)),
                ("closes", models.TimeField()),
            ],
            options={
                "ordering": ["opens"],
            },
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="contact",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("phone", models.CharField(blank=True, default="", max_length=30)),
                ("email", models.EmailField(blank=True, default="", max_length=254)),
            ],
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower("username"), name="username_once_in_any_case"),
        ),
        migrations.AddField(
            model_name="appointment",
            name="person",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="appointments", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name="area",
            name="parent",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="parts", to="people.area"
            ),
        ),
        migrations.AddField(
            model_name="appointment",
            name="area",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="appointments", to="people.area"),
        ),
        migrations.AddField(
            model_name="district",
            name="area",
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="district", to="people.area"),
        ),
        migrations.AddField(
            model_name="organisation",
            name="area",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="organisations", to="people.area"),
        ),
        migrations.AddField(
            model_name="organisation",
            name="parent",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="branches",
                to="people.organisation",
            ),
        ),
        migrations.AddField(
            model_name="organisation",
            name="serves",
            field=models.ManyToManyField(blank=True, related_name="served_by", to="people.area"),
        ),
        migrations.AddField(
            model_name="appointment",
            name="organisation",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="appointments", to="people.organisation"),
        ),
        migrations.AddField(
            model_name="policegrid",
            name="grids",
            field=models.ManyToManyField(related_name="police_grids", to="people.area"),
        ),
        migrations.AddField(
            model_name="policegrid",
            name="station",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="police_grids", to="people.organisation"),
        ),
        migrations.AddField(
            model_name="shift",
            name="organisation",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="shifts", to="people.organisation"),
        ),
        migrations.AddField(
            model_name="shift",
            name="person",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="shifts", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name="shift",
            name="substitute",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="stood_in",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="workinghours",
            constraint=models.CheckConstraint(condition=models.Q(("closes__gt", models.F("opens"))), name="hours_close_after_opening"),
        ),
        migrations.AddIndex(
            model_name="area",
            index=models.Index(fields=["level", "code"], name="area_by_level"),
        ),
        migrations.AddConstraint(
            model_name="area",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__in", ["province", "city", "district", "town", "village", "grid", "microgrid", "building"])),
                name="area_level_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="area",
            constraint=models.CheckConstraint(
                condition=fengqiao.people.expressions.StartsWith("code", models.F("parent")), name="area_code_begins_with_parent"
            ),
        ),
        migrations.AddConstraint(
            model_name="area",
            constraint=models.CheckConstraint(
                condition=models.Q(("code", models.F("parent")), _negated=True), name="area_not_its_own_parent"
            ),
        ),
        migrations.AddConstraint(
            model_name="area",
            constraint=models.CheckConstraint(condition=models.Q(("code__regex", "^[0-9A-Za-z]+$")), name="area_code_plain"),
        ),
        migrations.AddConstraint(
            model_name="area",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("lat__isnull", True), ("lon__isnull", True)),
                    models.Q(("lat__range", (-90, 90)), ("lon__range", (-180, 180))),
                    _connector="OR",
                ),
                name="area_point_on_earth",
            ),
        ),
        migrations.AddConstraint(
            model_name="district",
            constraint=models.CheckConstraint(condition=models.Q(("id", 1)), name="one_district_a_database"),
        ),
        migrations.AddConstraint(
            model_name="district",
            constraint=models.CheckConstraint(condition=models.Q(("desk_scheme__in", ["v2016", "v2021"])), name="desk_scheme_known"),
        ),
        migrations.AddIndex(
            model_name="organisation",
            index=models.Index(fields=["area", "kind"], name="organisation_by_area"),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(("id", models.F("parent")), _negated=True), name="organisation_not_its_own_parent"
            ),
        ),
        migrations.AddIndex(
            model_name="appointment",
            index=models.Index(fields=["organisation", "post"], name="appointment_by_post"),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(("until__isnull", True), ("until__gt", models.F("since")), _connector="OR"),
                name="appointment_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(("temporary", False), ("until__isnull", False), _connector="OR"), name="temporary_has_an_end"
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("person", "="),
                    ("post", "="),
                    ("organisation", "="),
                    ("area", "="),
                    (fengqiao.people.expressions.Daterange("since", "until"), "&&"),
                ],
                name="appointed_once_at_a_time",
            ),
        ),
        migrations.AddIndex(
            model_name="shift",
            index=models.Index(fields=["organisation", "post", "starts"], name="shift_by_post"),
        ),
        migrations.AddConstraint(
            model_name="shift",
            constraint=models.CheckConstraint(condition=models.Q(("ends__gt", models.F("starts"))), name="shift_ends_after_start"),
        ),
        migrations.AddConstraint(
            model_name="shift",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("substitute__isnull", True), models.Q(("substitute", models.F("person")), _negated=True), _connector="OR"
                ),
                name="nobody_replaces_oneself",
            ),
        ),
        migrations.AddConstraint(
            model_name="shift",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[("person", "="), (fengqiao.people.expressions.Timerange("starts", "ends"), "&&")],
                name="one_shift_at_a_time",
            ),
        ),
    ]
