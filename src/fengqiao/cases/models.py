"""What the house knows of every case, whatever its kind.

Its rows are written by one statement (``cases.ledger``) as ``fengqiao_engine`` and read through row-level security: no ``save()`` anywhere.
"""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from fengqiao.base.words import _


class Category(models.Model):
    """A kind of matter (handbook C7): class of two digits and kind of two digits; it sets the defaults at triage."""

    code = models.CharField(primary_key=True, max_length=8)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="kinds")
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)
    sla = models.CharField(max_length=2, default="S3")
    confidentiality = models.SmallIntegerField(default=1)
    spot_ok = models.BooleanField(default=False)
    physical = models.BooleanField(default=False)
    public_danger = models.BooleanField(default=False)
    loop = models.CharField(max_length=30, default="incident")
    active = models.BooleanField(default=True)

    class Meta:
        db_table = "category"
        ordering = ["code"]


class TimeLimit(models.Model):
    """How long a step may take: a row of handbook C3, or a centre's own for one category; the newest in force counts."""

    sla = models.CharField(max_length=2)
    clock = models.CharField(max_length=20)
    category = models.CharField(max_length=8, blank=True, default="")
    amount = models.PositiveIntegerField()
    unit = models.CharField(max_length=20)
    effective_from = models.DateField()
    basis = models.CharField(max_length=120, blank=True, default="DEF")

    class Meta:
        db_table = "time_limit"
        constraints = [models.UniqueConstraint(fields=["sla", "clock", "category", "effective_from"], name="one_limit_a_day")]


class Case(models.Model):
    """A matter on its way round the loop. Written only by ``cases.ledger``; read through row-level security."""

    fresh: int  # whether the act that locked it is a new one
    seen_version: int  # and what the statement that locked it saw before it waited
    seen_clocks: str | None
    data_key: bytes | None = None  # of a sealed case, while one act holds it
    resealed: tuple[uuid.UUID, ...] = ()  # events whose words this act takes under seal

    id = models.UUIDField(primary_key=True)
    number = models.CharField(max_length=24, unique=True)
    kind = models.CharField(max_length=30)
    loop_version = models.SmallIntegerField(default=1)
    state = models.CharField(max_length=1)
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True, default="")
    area = models.CharField(max_length=15, db_collation="C")
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    address = models.CharField(max_length=200, blank=True, default="")
    category = models.CharField(max_length=8, blank=True, default="")
    channel = models.CharField(max_length=20)
    level = models.CharField(max_length=10)
    sla = models.CharField(max_length=2)
    confidentiality = models.SmallIntegerField()
    compartment = models.CharField(max_length=40, blank=True, default="")
    public_danger = models.BooleanField(default=False)
    reporter = models.CharField(max_length=80, blank=True, default="")
    suggestion = models.JSONField(null=True)
    lead = models.UUIDField(null=True)
    assisting = ArrayField(models.UUIDField(), default=list)
    handler = models.UUIDField(null=True)
    held_since = models.DateTimeField()
    objections = models.SmallIntegerField(default=0)
    reworks = models.SmallIntegerField(default=0)
    reopens = models.SmallIntegerField(default=0)
    extensions = models.SmallIntegerField(default=0)
    doers = models.JSONField(default=dict)
    pending = ArrayField(models.CharField(max_length=20), default=list)
    children_open = models.SmallIntegerField(default=0)
    matter = models.UUIDField()
    version = models.IntegerField(default=1)
    last_seq = models.IntegerField(default=0)
    last_hash = models.BinaryField()
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    resume_on = models.DateTimeField(null=True)
    rating = models.SmallIntegerField(null=True)
    clock = models.CharField(max_length=20, blank=True, default="")
    due_at = models.DateTimeField(null=True)
    sort_at = models.DateTimeField()
    rung = models.SmallIntegerField(default=0)
    locked = models.BooleanField(default=False, help_text="never written: the application may lock a row, not change it")

    class Meta:
        db_table = "cases"
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=list("RATDSHPFVCZXOMW")), name="state_is_of_the_alphabet"),
            models.CheckConstraint(condition=models.Q(confidentiality__range=(0, 4)), name="confidentiality_c0_to_c4"),
            models.CheckConstraint(condition=models.Q(confidentiality__lt=4) | ~models.Q(compartment=""), name="c4_has_a_compartment"),
            models.CheckConstraint(condition=models.Q(rating__isnull=True) | models.Q(rating__range=(1, 5)), name="rating_1_to_5"),
            models.CheckConstraint(condition=models.Q(reopens__gte=0, reworks__gte=0, objections__gte=0), name="counts_not_negative"),
        ]
        indexes = [
            models.Index(fields=["state", "area", "sort_at", "id"], name="cases_state_area"),
            models.Index(fields=["area", "sort_at", "id"], name="cases_area"),
            models.Index(fields=["lead", "state", "sort_at", "id"], name="cases_lead", condition=models.Q(lead__isnull=False)),
            models.Index(fields=["state", "sort_at", "id"], name="cases_state_sort"),
            # Lists of several states, or of all: the soonest due are soon found, whatever the ground (measured: 38 ms against 0.2 ms).
            models.Index(fields=["sort_at", "id"], name="cases_due"),
            models.Index(fields=["state", "created_at", "id"], name="cases_state_newest"),
            models.Index(fields=["category", "area", "created_at"], name="cases_category"),
            models.Index(fields=["created_at", "id"], name="cases_created"),
            models.Index(fields=["reporter", "created_at"], name="cases_reporter", condition=~models.Q(reporter="")),
            models.Index(fields=["matter"], name="cases_matter"),
        ]


class Reporter(models.Model):
    """Who reported, kept apart from the case so that lists never meet it; erasable on request (L9 §47)."""

    case = models.OneToOneField(Case, primary_key=True, db_constraint=False, on_delete=models.DO_NOTHING, related_name="told")
    name = models.CharField(max_length=60, blank=True, default="")
    phone = models.CharField(max_length=30, blank=True, default="")
    person = models.CharField(max_length=64, blank=True, default="")
    anonymous = models.BooleanField(default=True)
    language = models.CharField(max_length=10, default="zh-hans")
    consent = models.CharField(max_length=60, blank=True, default="", help_text="version of the privacy notice that was shown")

    class Meta:
        db_table = "case_reporter"


class CaseEvent(models.Model):
    """One thing that happened to a case; append-only, and each row carries the hash of the one before in its case."""

    id = models.UUIDField(primary_key=True)
    case_id = models.UUIDField()
    seq = models.IntegerField()
    act_id = models.UUIDField()
    at = models.DateTimeField()
    occurred_at = models.DateTimeField(null=True)
    actor_kind = models.CharField(max_length=10)
    actor = models.CharField(max_length=80)
    post = models.CharField(max_length=40, blank=True, default="")
    org = models.UUIDField(null=True)
    move = models.CharField(max_length=30)
    source = models.CharField(max_length=1, blank=True, default="")
    target = models.CharField(max_length=1)
    canonical = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        db_table = "case_event"
        ordering = ["case_id", "seq"]
        constraints = [models.UniqueConstraint(fields=["case_id", "seq"], name="one_event_a_seq")]
        indexes = [
            models.Index(fields=["at"], name="case_event_at"),
            models.Index(fields=["actor", "at"], name="case_event_actor"),
            models.Index(fields=["act_id"], name="case_event_act"),
        ]


class Payload(models.Model):
    """What was said with an event; erasable by the retention role, leaving a tombstone that verification accepts."""

    event = models.OneToOneField(CaseEvent, primary_key=True, db_constraint=False, on_delete=models.DO_NOTHING, related_name="said")
    case_id = models.UUIDField()
    salt = models.BinaryField()
    body = models.BinaryField(null=True)
    sealed = models.BooleanField(default=False)
    erased_at = models.DateTimeField(null=True)
    erased_why = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        db_table = "case_payload"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(body__isnull=False, erased_at__isnull=True) | models.Q(body__isnull=True, erased_at__isnull=False),
                name="said_or_erased",
            )
        ]


class Clock(models.Model):
    """A running limit of a case (decision 12); ``org`` is the nil uuid for the clocks of the case as a whole."""

    pk = models.CompositePrimaryKey("case_id", "name", "org")
    case_id = models.UUIDField()
    name = models.CharField(max_length=20)
    org = models.UUIDField()
    calendar = models.CharField(max_length=10)
    budget = models.IntegerField(help_text="seconds of that calendar")
    consumed = models.IntegerField(default=0)
    running_since = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    next_rung_at = models.DateTimeField(null=True)
    rung = models.SmallIntegerField(default=0)
    round = models.SmallIntegerField(default=1)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "case_clock"
        indexes = [models.Index(fields=["next_rung_at"], name="case_clock_next", condition=models.Q(next_rung_at__isnull=False))]


class Rung(models.Model):
    """A step of the ladder that was climbed: never twice for one round of a clock."""

    id = models.UUIDField(primary_key=True)
    case_id = models.UUIDField()
    clock = models.CharField(max_length=20)
    org = models.UUIDField()
    round = models.SmallIntegerField()
    rung = models.SmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        db_table = "case_rung"
        constraints = [models.UniqueConstraint(fields=["case_id", "clock", "org", "round", "rung"], name="one_rung_a_round")]


class SideRequest(models.Model):
    """Something asked beside the main state (decision 7): it has an asker, an approver and an outcome, never a state."""

    class Status(models.TextChoices):
        PENDING = "pending", _("Waiting for an answer")
        GRANTED = "granted", _("Granted")
        REFUSED = "refused", _("Refused")
        ENDED = "ended", _("Ended")

    id = models.UUIDField(primary_key=True)
    case = models.ForeignKey(Case, db_constraint=False, on_delete=models.DO_NOTHING, related_name="requests")
    kind = models.CharField(max_length=20)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PENDING)
    asked_by = models.CharField(max_length=80)
    asked_org = models.UUIDField(null=True)
    asked_at = models.DateTimeField()
    asked = models.JSONField(default=dict)
    to_org = models.UUIDField(null=True)
    due_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=80, blank=True, default="")
    answered_org = models.UUIDField(null=True)
    answered_at = models.DateTimeField(null=True)
    answer = models.JSONField(null=True)

    class Meta:
        db_table = "case_request"
        indexes = [
            models.Index(fields=["case", "status"], name="case_request_case"),
            models.Index(fields=["status", "due_at"], name="case_request_due"),
        ]


class Link(models.Model):
    """How one case belongs to another (decision 9)."""

    class Relation(models.TextChoices):
        MERGED_INTO = "merged_into", _("Merged into")
        CHILD_OF = "child_of", _("Part of")
        CONVERTED_FROM = "converted_from", _("Converted from")
        SPLIT_FROM = "split_from", _("Split from")
        RECURRENCE_OF = "recurrence_of", _("Happened again after")
        CONCERNS = "concerns", _("Asks about the data of")

    id = models.UUIDField(primary_key=True)
    case = models.ForeignKey(Case, db_constraint=False, on_delete=models.DO_NOTHING, related_name="links")
    other = models.ForeignKey(Case, db_constraint=False, on_delete=models.DO_NOTHING, related_name="linked_by")
    relation = models.CharField(max_length=20, choices=Relation.choices)
    required = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        db_table = "case_link"
        constraints = [
            models.UniqueConstraint(fields=["case", "other", "relation"], name="one_link_of_a_kind"),
            models.CheckConstraint(condition=~models.Q(case=models.F("other")), name="not_linked_to_itself"),
        ]
        indexes = [models.Index(fields=["other", "relation"], name="case_link_other")]


class Grant(models.Model):
    """Who may see a case besides those whose area holds it: organisations, persons, receipts, links."""

    pk = models.CompositePrimaryKey("case_id", "grantee")
    case_id = models.UUIDField()
    grantee = models.CharField(max_length=100)
    why = models.CharField(max_length=20)

    class Meta:
        db_table = "case_grant"
        indexes = [models.Index(fields=["grantee", "case_id"], name="case_grant_grantee")]


class Outbox(models.Model):
    """An event waiting to be published; the one relay stamps ``published_seq`` as it claims rows. Ids only."""

    id = models.UUIDField(primary_key=True)
    at = models.DateTimeField()
    topic = models.CharField(max_length=60)
    case_id = models.UUIDField()
    event_id = models.UUIDField()
    area = models.CharField(max_length=15, db_collation="C")
    published_seq = models.BigIntegerField(null=True, unique=True)

    class Meta:
        db_table = "case_outbox"
        indexes = [models.Index(fields=["id"], name="case_outbox_waiting", condition=models.Q(published_seq__isnull=True))]


class ActKey(models.Model):
    """An idempotency key that was used: the same key with the same body gets the same answer (decision 3)."""

    pk = models.CompositePrimaryKey("scope", "key")
    scope = models.CharField(max_length=80)
    key = models.CharField(max_length=80)
    request_hash = models.BinaryField()
    act_id = models.UUIDField()
    case_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        db_table = "case_act"
        indexes = [models.Index(fields=["at"], name="case_act_at")]


class SerialBlock(models.Model):
    """Serial numbers handed to one process at once, so that commits do not queue; the record explains the gaps."""

    id = models.UUIDField(primary_key=True)
    town = models.CharField(max_length=9)
    day = models.DateField()
    first = models.IntegerField()
    last = models.IntegerField()
    granted_at = models.DateTimeField()
    process = models.CharField(max_length=80)

    class Meta:
        db_table = "case_serial_block"
        constraints = [models.UniqueConstraint(fields=["town", "day", "first"], name="serials_given_once")]


class Anchor(models.Model):
    """A seal over the heads of all cases that changed since the seal before; exported outside the database."""

    no = models.IntegerField(primary_key=True)
    at = models.DateTimeField()
    heads = models.IntegerField()
    digest = models.BinaryField()
    previous = models.BinaryField()

    class Meta:
        db_table = "case_anchor"


class Head(models.Model):
    """The last sealed head of a case's chain."""

    case_id = models.UUIDField(primary_key=True)
    seq = models.IntegerField()
    hash = models.BinaryField()
    anchor = models.IntegerField()

    class Meta:
        db_table = "case_head"


class SearchEntry(models.Model):
    """What may be found of a case: C0 and C1 text and masked C2, as bigrams (decision 20). No policy, no direct access."""

    case_id = models.UUIDField(primary_key=True)
    area = models.CharField(max_length=15, db_collation="C")
    compartment = models.CharField(max_length=40, blank=True, default="")
    words = SearchVectorField()

    class Meta:
        db_table = "case_search"
        indexes = [GinIndex(fields=["words"], name="case_search_words")]


class CaseKey(models.Model):
    """The data key of a sealed case, wrapped by its compartment's key; destroying the row is erasure (decision 23)."""

    case_id = models.UUIDField(primary_key=True)
    compartment = models.CharField(max_length=40)
    wrapped = models.BinaryField()

    class Meta:
        db_table = "case_key"
