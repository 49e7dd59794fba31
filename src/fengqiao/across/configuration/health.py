"""How the machine is: version, room, queues, jobs, ledger, backup.

Read only; every figure says how old it is, and of what is not known it says so.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count, Min, Q, QuerySet
from django.utils.translation import gettext, ngettext

from fengqiao import __version__
from fengqiao.access.acting import acting
from fengqiao.access.doors import machine_act
from fengqiao.across.configuration import outward
from fengqiao.across.configuration.models import Change, JobState
from fengqiao.across.exchange.models import Delivery as Call
from fengqiao.across.exchange.models import Endpoint
from fengqiao.across.exchange.terms import Status
from fengqiao.audit.models import Deed
from fengqiao.base.words import Words, _
from fengqiao.cases.models import Anchor, Outbox
from fengqiao.kits.notices.models import Delivery
from fengqiao.people import queries as people

GOOD, WATCH, BAD, UNKNOWN = "good", "watch", "bad", "unknown"
BACKUP_DAYS, LEDGER_DAYS = 2, 8
FULL, NEARLY = 0.95, 0.85
STATES: dict[str, Words] = {GOOD: _("in order"), WATCH: _("look at it"), BAD: _("act now"), UNKNOWN: _("not known")}


@dataclass(frozen=True, slots=True)
class Sign:
    """One line: what, how, since when, and what to do about it."""

    title: str
    said: str
    state: str = GOOD
    at: datetime | None = None
    todo: str = ""

    @property
    def word(self) -> str:
        """Return the state in words."""
        return gettext(STATES[self.state])


def signs(at: datetime) -> list[Sign]:
    """Return all lines, read now."""
    with acting(machine_act("health", at)):
        looks: tuple[Callable[[datetime], Sign], ...] = (
            _version,
            _database,
            _disk,
            _worker,
            _outbox,
            _messages,
            _calls,
            _ledger,
            _anchor,
            _backup,
            _checked,
            _plans,
            _certificate,
        )
        return [*(look(at) for look in looks), *_ways(at)]


def _version(at: datetime) -> Sign:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), (SELECT count(*) FROM django_migrations)")
        server, steps = cursor.fetchone()
    return Sign(
        gettext("Version"),
        gettext("Fengqiao %(ours)s, PostgreSQL %(server)s, %(steps)s migrations")
        % {"ours": __version__, "server": server.split()[0], "steps": steps},
        at=at,
    )


def _database(at: datetime) -> Sign:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_database_size(current_database()), (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()),"
            " current_setting('max_connections')::int"
        )
        size, used, most = cursor.fetchone()
    said = gettext("%(size)s, %(used)s of %(most)s connections") % {"size": in_bytes(size), "used": used, "most": most}
    return Sign(gettext("Database"), said, BAD if used > most * FULL else WATCH if used > most * NEARLY else GOOD, at)


def _disk(at: datetime) -> Sign:
    place = Path(settings.FENGQIAO_FILES)
    while not place.exists() and place != place.parent:
        place = place.parent
    room = shutil.disk_usage(place)
    used = room.used / room.total
    said = gettext("%(free)s free of %(total)s where files lie") % {"free": in_bytes(room.free), "total": in_bytes(room.total)}
    return Sign(
        gettext("Disk"),
        said,
        BAD if used > FULL else WATCH if used > NEARLY else GOOD,
        at,
        gettext("Make room or add a disk before it is full.") if used > NEARLY else "",
    )


def _worker(at: datetime) -> Sign:
    rows = list(JobState.objects.all())
    if not rows:
        return Sign(
            gettext("Worker"),
            gettext("No worker has run yet: limits do not climb and nobody is told."),
            BAD,
            None,
            gettext("Start one: fengqiao worker."),
        )
    last = max(row.at for row in rows)
    failing = [row.job.rpartition(":")[2] for row in rows if row.failures and row.at > at - timedelta(days=1)]
    if at - last > timedelta(minutes=5):
        return Sign(
            gettext("Worker"), gettext("No sign of life for more than five minutes."), BAD, last, gettext("Start one: fengqiao worker.")
        )
    if failing:
        return Sign(
            gettext("Worker"),
            gettext("Failing: %(jobs)s") % {"jobs": ", ".join(failing)},
            BAD,
            last,
            gettext("The reason stands in the list of jobs below."),
        )
    return Sign(
        gettext("Worker"), ngettext("%(count)s job, all well", "%(count)s jobs, all well", len(rows)) % {"count": len(rows)}, GOOD, last
    )


def _outbox(at: datetime) -> Sign:
    return _queue(gettext("Events to be published"), at, Outbox.objects.filter(published_seq=None), "at")


def _messages(at: datetime) -> Sign:
    sign = _queue(gettext("Messages to be sent"), at, Delivery.objects.filter(status=Delivery.Status.WAITING, next_at__lte=at), "next_at")
    dead = Delivery.objects.filter(status=Delivery.Status.DEAD, made_at__gte=at - timedelta(days=7)).count()
    if not dead:
        return sign
    more = ngettext("%(count)s given up within seven days", "%(count)s given up within seven days", dead) % {"count": dead}
    return Sign(
        sign.title, f"{sign.said}; {more}", BAD if sign.state == BAD else WATCH, sign.at, gettext("Look at the gateway, then send again.")
    )


def _calls(at: datetime) -> Sign:
    sign = _queue(gettext("Calls to other systems"), at, Call.objects.filter(status=Status.WAITING, next_at__lte=at), "next_at")
    paused = Endpoint.objects.filter(paused=True).count()
    if not paused:
        return sign
    more = ngettext("%(count)s address is paused", "%(count)s addresses are paused", paused) % {"count": paused}
    return Sign(
        sign.title,
        f"{sign.said}; {more}",
        BAD if sign.state == BAD else WATCH,
        sign.at,
        gettext("Ask whoever runs the other system, then let it go on."),
    )


def _queue(title: str, at: datetime, waiting: QuerySet[Any], moment: str) -> Sign:
    found = waiting.aggregate(count=Count("pk"), oldest=Min(moment))
    count, oldest = found["count"], found["oldest"]
    if not count:
        return Sign(title, gettext("nothing waits"), GOOD, at)
    lag = (at - oldest).total_seconds()
    said = ngettext("%(count)s waits, the oldest for %(lag)s", "%(count)s wait, the oldest for %(lag)s", count) % {
        "count": count,
        "lag": in_time(lag),
    }
    return Sign(title, said, BAD if lag > 900 else WATCH if lag > 60 else GOOD, at, gettext("Is the worker running?") if lag > 60 else "")


def _ledger(at: datetime) -> Sign:
    last = _deed("ledger_verified")
    todo = gettext("Run: fengqiao verify-ledger, once a week at least.")
    if last is None:
        return Sign(gettext("Ledger verified"), gettext("never, as far as this system knows"), UNKNOWN, None, todo)
    faults, events = last.said.get("faults", 0), last.said.get("events", 0)
    if faults:
        return Sign(
            gettext("Ledger verified"),
            ngettext("%(count)s fault was found", "%(count)s faults were found", faults) % {"count": faults},
            BAD,
            last.at,
            gettext("Somebody changed what was recorded. Keep the machine as it is and call the auditor."),
        )
    old = at - last.at > timedelta(days=LEDGER_DAYS)
    return Sign(
        gettext("Ledger verified"),
        gettext("%(events)s events, nothing was changed") % {"events": events},
        WATCH if old else GOOD,
        last.at,
        todo if old else "",
    )


def _anchor(at: datetime) -> Sign:
    last = Anchor.objects.order_by("-no").first()
    # The worker exports to its own folder; a web process on another machine does not see it and must not cry.
    if last is None:
        return Sign(gettext("Last seal"), gettext("none yet; the worker seals every hour"), UNKNOWN)
    exported = (Path(settings.FENGQIAO_ANCHORS) / f"{last.no:08d}.anchor").exists()
    said = gettext("No. %(no)s over %(heads)s cases") % {"no": last.no, "heads": last.heads}
    if not exported:
        return Sign(
            gettext("Last seal"),
            f"{said}; {gettext('its exported file is missing')}",
            BAD,
            last.at,
            gettext("Copy the seals back from where you keep them, then verify the ledger."),
        )
    return Sign(gettext("Last seal"), said, GOOD, last.at)


def _backup(at: datetime) -> Sign:
    last, todo = _deed("backup_made"), gettext("Run: fengqiao backup DIR, every night.")
    if last is None:
        return Sign(gettext("Last backup"), gettext("never, as far as this system knows"), UNKNOWN, None, todo)
    old = at - last.at > timedelta(days=BACKUP_DAYS)
    said = gettext("%(parts)s parts, %(size)s") % {"parts": last.said.get("parts", "?"), "size": in_bytes(int(last.said.get("bytes", 0)))}
    return Sign(gettext("Last backup"), said, BAD if old else GOOD, last.at, todo if old else "")


def _checked(at: datetime) -> Sign:
    last, made = _deed("backup_checked"), _deed("backup_made")
    todo = gettext("Run: fengqiao backup DIR --check; and bring one back into an empty place once a month.")
    if last is None:
        return Sign(gettext("Backup checked"), gettext("never, as far as this system knows"), UNKNOWN, None, todo)
    if not last.said.get("whole"):
        return Sign(gettext("Backup checked"), gettext("a part is missing or damaged"), BAD, last.at, gettext("Make a new backup at once."))
    behind = made is not None and made.at > last.at
    return Sign(gettext("Backup checked"), gettext("whole"), WATCH if behind else GOOD, last.at, todo if behind else "")


def _plans(at: datetime) -> Sign:
    found = Change.objects.aggregate(failed=Count("pk", filter=Q(state="failed")), waiting=Count("pk", filter=Q(state="waiting")))
    if found["failed"]:
        said = ngettext("%(count)s change could not come into force", "%(count)s changes could not come into force", found["failed"])
        return Sign(
            gettext("Settings"), said % {"count": found["failed"]}, WATCH, at, gettext("Look at it in the history and set it anew.")
        )
    said = ngettext("%(count)s change waits for a second person", "%(count)s changes wait for a second person", found["waiting"])
    return Sign(gettext("Settings"), said % {"count": found["waiting"]}, GOOD, at)


def _ways(at: datetime) -> list[Sign]:
    """One line for each way out that is set up; without any, one that says so."""
    rows = outward.ways(at)
    if not rows:
        return [Sign(gettext("Ways out for messages"), gettext("none is set up: people are told on the desk only"), UNKNOWN)]
    todo = gettext("Look at the messages and at whoever runs the gateway.")
    return [
        Sign(
            gettext("Messages by “%(way)s”") % {"way": outward.way(row["name"])}, outward.way_said(row),
            BAD if row["late"] and not row["sent"] else WATCH if row["dead"] or row["late"] else GOOD,
            row["last"], todo if row["dead"] or row["late"] else "",
        )
        for row in rows
    ]  # fmt: skip


def _certificate(at: datetime) -> Sign:
    title = gettext("TLS certificate")
    until, why = outward.certificate(at)
    if until is None:
        return Sign(title, why, UNKNOWN)
    left = until - at
    said = gettext("good until %(day)s") % {"day": until.astimezone(people.zone()).strftime("%Y-%m-%d %H:%M")}
    state = BAD if why or left < outward.VERY_SOON else WATCH if left < outward.SOON else GOOD
    todo = gettext("Renew it at the proxy: without it nobody gets in.") if state != GOOD else ""
    return Sign(title, f"{said}; {why}" if why else said, state, at, todo)


def _deed(what: str) -> Deed | None:
    return Deed.objects.filter(what=what).order_by("-at").first()


def in_bytes(count: int) -> str:
    """Say a size in its unit."""
    size = float(count)
    for unit in ("B", "KB", "MB", "GB"):
        if size < 1024:
            return f"{size:.0f} {unit}"
        size /= 1024
    return f"{size:.1f} TB"


def in_time(seconds: float) -> str:
    """Say how long in its unit."""
    days, hours, minutes = int(seconds // 86_400), int(seconds // 3600), int(seconds // 60)
    if days:
        return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}
    if hours:
        return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}
    if minutes:
        return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}
    return ngettext("%(count)s second", "%(count)s seconds", int(seconds)) % {"count": int(seconds)}
