"""What we know of people and places. Facts the database can guard are constraints."""

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from fengqiao.base.ids import new_id
from fengqiao.people.expressions import Daterange, StartsWith, Timerange
from fengqiao.people.terms import DeskScheme, Level


class Area(models.Model):
    """A piece of ground; its code begins with its parent's, so that a subtree is a range of codes."""

    code = models.CharField(primary_key=True, max_length=20, db_collation="C")
    level = models.CharField(max_length=10)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts")
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True, default="")
    polygon = models.JSONField(null=True, blank=True, help_text="GeoJSON geometry in WGS 84")
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    bbox = ArrayField(models.FloatField(), size=4, null=True, blank=True, help_text="west, south, east, north")
    special = models.BooleanField(default=False, help_text="a market, park or campus with a grid of its own")
    households = models.PositiveIntegerField(default=0)
    phone = models.CharField(max_length=30, blank=True, default="", help_text="posted publicly (L28 §6)")
    retired = models.BooleanField(default=False, help_text="merged or redrawn; old cases still point here")

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(level__in=[level.value for level in Level]), name="area_level_known"),
            models.CheckConstraint(condition=StartsWith("code", F("parent")), name="area_code_begins_with_parent"),
            models.CheckConstraint(condition=~Q(code=F("parent")), name="area_not_its_own_parent"),
            models.CheckConstraint(condition=Q(code__regex=r"^[0-9A-Za-z]+$"), name="area_code_plain"),
            models.CheckConstraint(
                condition=Q(lon__isnull=True, lat__isnull=True) | Q(lon__range=(-180, 180), lat__range=(-90, 90)),
                name="area_point_on_earth",
            ),
        ]
        indexes = [models.Index(fields=["level", "code"], name="area_by_level")]

    def __str__(self) -> str:
        return self.name


class District(models.Model):
    """The one district of this database: its ground, its zone, the names of its desks."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    area = models.OneToOneField(Area, on_delete=models.PROTECT, related_name="district")
    zone = models.CharField(max_length=40, default="Asia/Shanghai")
    desk_scheme = models.CharField(max_length=10, default=DeskScheme.V2021.value)
    demo = models.BooleanField(default=False, help_text="invented: demo accounts may sign in with the demo password")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="one_district_a_database"),
            models.CheckConstraint(condition=Q(desk_scheme__in=[scheme.value for scheme in DeskScheme]), name="desk_scheme_known"),
        ]


class Organisation(models.Model):
    """A body that handles matters, on some ground."""

    id = models.UUIDField(primary_key=True, default=new_id)
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True, default="")
    kind = models.CharField(max_length=20)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="organisations")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="branches")
    desk = models.CharField(max_length=20, blank=True, default="", help_text="which of the four desks it is, or answers to")
    field = models.CharField(max_length=20, blank=True, default="", help_text="its trade: power, fire, market, justice ...")
    presence = models.CharField(max_length=10, blank=True, default="")
    phone = models.CharField(max_length=30, blank=True, default="", help_text="the office's own, public")
    opening = models.CharField(max_length=300, blank=True, default="", help_text="when it is open, as ``people.opening`` keeps it")
    serves = models.ManyToManyField(Area, blank=True, related_name="served_by")
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=~Q(id=F("parent")), name="organisation_not_its_own_parent"),
        ]
        indexes = [models.Index(fields=["area", "kind"], name="organisation_by_area")]

    def __str__(self) -> str:
        return self.name


class Person(AbstractBaseUser):
    """Somebody with an account. What one may do comes from appointments, never from the person."""

    id = models.UUIDField(primary_key=True, default=new_id)
    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80, blank=True, default="")
    masked_phone = models.CharField(max_length=30, blank=True, default="")
    language = models.CharField(max_length=10, default="zh-hans")
    big_type = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    demo = models.BooleanField(default=False)
    joined_at = models.DateTimeField(null=True, blank=True)

    objects = BaseUserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["username"]
        constraints = [models.UniqueConstraint(Lower("username"), name="username_once_in_any_case")]

    def __str__(self) -> str:
        return self.name

    def check_password(self, raw_password: str | None) -> bool:
        # The demo's password is printed in the manual: nobody gets in with it where people work in earnest.
        return (settings.FENGQIAO_DEMO_ACCOUNTS or not self.demo) and super().check_password(raw_password)

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class Contact(models.Model):
    """How to reach a person; apart from the person, so that no list meets it by accident."""

    person = models.OneToOneField(Person, primary_key=True, on_delete=models.CASCADE, related_name="contact")
    phone = models.CharField(max_length=30, blank=True, default="")
    email = models.EmailField(blank=True, default="")
    account = models.CharField(max_length=80, blank=True, default="", help_text="in the office system; empty: as they sign in here")


class Appointment(models.Model):
    """A person holds a post in an organisation, for a piece of ground, from a day until (not including) another."""

    id = models.UUIDField(primary_key=True, default=new_id)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="appointments")
    post = models.CharField(max_length=40)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="appointments")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="appointments")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    temporary = models.BooleanField(default=False)
    order = models.SmallIntegerField(default=0, help_text="which post is offered first after signing in")

    class Meta:
        ordering = ["order", "since", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gt=F("since")), name="appointment_ends_after_start"),
            models.CheckConstraint(condition=Q(temporary=False) | Q(until__isnull=False), name="temporary_has_an_end"),
            ExclusionConstraint(
                name="appointed_once_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("post", RangeOperators.EQUAL),
                    ("organisation", RangeOperators.EQUAL),
                    ("area", RangeOperators.EQUAL),
                    (Daterange("since", "until"), RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes = [models.Index(fields=["organisation", "post"], name="appointment_by_post")]


class Shift(models.Model):
    """A turn of duty in a post; whoever stands in is the substitute."""

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="shifts")
    post = models.CharField(max_length=40)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="shifts")
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    substitute = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="stood_in")

    class Meta:
        ordering = ["starts", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="shift_ends_after_start"),
            models.CheckConstraint(condition=Q(substitute__isnull=True) | ~Q(substitute=F("person")), name="nobody_replaces_oneself"),
            ExclusionConstraint(
                name="one_shift_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    (Timerange("starts", "ends"), RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes = [models.Index(fields=["organisation", "post", "starts"], name="shift_by_post")]


class PoliceGrid(models.Model):
    """The police's own layer over the grids (handbook B5): many grids to one police grid, n to m at the edges."""

    code = models.CharField(primary_key=True, max_length=20)
    name = models.CharField(max_length=80)
    station = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="police_grids")
    grids = models.ManyToManyField(Area, related_name="police_grids")

    class Meta:
        ordering = ["code"]


class CalendarDay(models.Model):
    """A day that differs from its weekday: a holiday, or a weekend day that is worked."""

    date = models.DateField(primary_key=True)
    working = models.BooleanField()
    note = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        ordering = ["date"]


class WorkingHours(models.Model):
    """One window of a working day; the windows of a day do not meet."""

    opens = models.TimeField(primary_key=True)
    closes = models.TimeField()

    class Meta:
        ordering = ["opens"]
        constraints = [
            models.CheckConstraint(condition=Q(closes__gt=F("opens")), name="hours_close_after_opening"),
        ]


class Edition(models.Model):
    """How often a body of reference data has changed; processes compare it with what they remember."""

    name = models.CharField(primary_key=True, max_length=30)
    number = models.BigIntegerField(default=1)

    class Meta:
        db_table = "people_edition"
