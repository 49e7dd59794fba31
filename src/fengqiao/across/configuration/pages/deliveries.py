"""What left the house, what waits and why, and what could not be sent: found, taken away as a table, sent again."""

from contextlib import suppress
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from fengqiao.access.acting import acting
from fengqiao.access.doors import machine_act
from fengqiao.across.configuration import queries
from fengqiao.across.configuration.outward import WAYS, way
from fengqiao.across.configuration.pages.desk import act_of
from fengqiao.audit.services import note_deed
from fengqiao.base.act import Act
from fengqiao.base.errors import FengqiaoError
from fengqiao.base.words import Words, _
from fengqiao.kits.notices import chats, gateways, holding, services
from fengqiao.kits.notices import queries as notices
from fengqiao.kits.notices.models import Delivery
from fengqiao.kits.web.tables import taken_away
from fengqiao.people import queries as people

DAYS, MOST_ROWS, MOST_AGAIN = 30, 10_000, 500
HELD: dict[str, Words] = {
    holding.QUIET: _("Quiet hours"), holding.FLOOD: _("Many at once: goes out as one digest"), holding.DAY: _("Enough for one day"),
}  # fmt: skip
COLUMNS = (_("Made"), _("State"), _("Way out"), _("To whom"), _("Text"), _("Tries"), _("Next try"), _("Sent at"), _("Reason"), _("Receipt"))


def _wanted(request: HttpRequest, act: Act) -> notices.Wanted:
    asked = request.GET if request.method in ("GET", "HEAD") else request.POST
    zone = people.zone()
    day = act.at.astimezone(zone).date() - timedelta(days=DAYS)
    status = asked.get("status", "")
    with suppress(ValueError):  # what is no day is as if nothing had been said; the page shows from when it reads
        day = datetime.fromisoformat(asked["since"]).date() if asked.get("since") else day
    return notices.Wanted(
        status if status in Delivery.Status.values else "", asked.get("channel", ""), asked.get("q", "")[:80],
        datetime.combine(day, time(), zone),
    )  # fmt: skip


@never_cache
@login_required
@require_safe
def deliveries(request: HttpRequest) -> HttpResponse:
    """List messages."""
    act = act_of(request)
    wanted = _wanted(request, act)
    with acting(machine_act("settings", act.at)):
        found = notices.deliveries(act, wanted)
        page = queries.paged(found, found.count(), queries.whole(request.GET.get("page", "")))
        rows = [_row(delivery) for delivery in page.rows]
        dead = found.filter(status=Delivery.Status.DEAD).count()
    channels = dict.fromkeys((*WAYS, *(group.name for group in chats.configured())))
    set_up = [channel.name for channel in (*gateways.configured(), *chats.configured())]
    context = {
        "rows": rows, "found": page, "wanted": wanted, "since": f"{wanted.since:%Y-%m-%d}" if wanted.since else "", "dead": dead,
        "states": [(value, gettext(label)) for value, label in Delivery.Status.choices],
        "ways": [(name, way(name)) for name in channels], "none_set": not set_up, "set_up": [(name, way(name)) for name in set_up],
        "keep": _keep(wanted), "page_keep": urlencode(_keep(wanted)),
    }  # fmt: skip
    return render(request, "configuration/deliveries.html", context)


def _keep(wanted: notices.Wanted) -> dict[str, str]:
    return {"status": wanted.status, "channel": wanted.channel, "q": wanted.q, "since": f"{wanted.since:%Y-%m-%d}" if wanted.since else ""}


def _row(delivery: Delivery) -> dict[str, Any]:
    tongue = get_language() or ""
    what = delivery.notice or delivery.told
    going = delivery.status in (Delivery.Status.SENT, Delivery.Status.WAITING, Delivery.Status.DEAD)
    folded: int = delivery.folded_in if going else 0  # type: ignore[attr-defined]
    text = notices.said_outside(delivery, tongue)
    if folded:
        text = ngettext("Digest of %(count)s message", "Digest of %(count)s messages", folded + 1) % {"count": folded + 1}
    return {
        "id": delivery.id, "made_at": delivery.made_at, "state": delivery.status, "said": gettext(delivery.get_status_display()),
        "way": way(delivery.channel), "whom": _whom(delivery, tongue), "text": text, "tries": delivery.tries,
        "next_at": delivery.next_at if delivery.status in (Delivery.Status.WAITING, Delivery.Status.HELD) else None,
        "sent_at": delivery.sent_at, "reason": _reason(delivery), "receipt": delivery.receipt, "wakes": what is not None and what.wakes,
    }  # fmt: skip


def _reason(delivery: Delivery) -> str:
    if delivery.status == Delivery.Status.HELD and delivery.held in HELD:
        return gettext(HELD[delivery.held])
    if delivery.status == Delivery.Status.WAITING and not delivery.trouble:
        return gettext("Waits its turn")
    return delivery.trouble


def _whom(delivery: Delivery, tongue: str) -> str:
    if delivery.channel.startswith(chats.PREFIX):
        return way(delivery.channel)
    if delivery.notice is not None:
        person = delivery.notice.person
        return (person.name_en if tongue.startswith("en") else "") or person.name
    return gettext("Whoever reported")


@never_cache
@login_required
@require_safe
def table(request: HttpRequest) -> HttpResponse:
    """Give what was found as CSV; that it was taken away is on the record."""
    act = act_of(request)
    wanted = _wanted(request, act)
    with acting(machine_act("settings", act.at)):
        rows = [_row(delivery) for delivery in notices.deliveries(act, wanted)[:MOST_ROWS]]
    with acting(act):
        note_deed(act, "messages_taken_away", rows=len(rows))
    zone, lines = people.zone(), [tuple(gettext(column) for column in COLUMNS)]
    for row in rows:
        made, next_at, sent = (_moment(row[name], zone) for name in ("made_at", "next_at", "sent_at"))
        told = (row["said"], row["way"], row["whom"], row["text"], row["tries"])
        lines.append((made, *told, next_at, sent, row["reason"], row["receipt"]))
    return taken_away(lines, f"messages-{act.at.astimezone(zone):%Y-%m-%d}.csv")


def _moment(at: datetime | None, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S") if at else ""


@never_cache
@login_required
@require_POST
def try_way(request: HttpRequest) -> HttpResponse:
    """Send whoever looks after it a test; what became of it stands in the list."""
    act = act_of(request)
    try:
        services.try_way(act, request.POST.get("way", ""))
        messages.success(request, gettext("A test is on its way. Look at the list in a few seconds."))
    except FengqiaoError as error:
        messages.error(request, error.say(gettext))
    return redirect("settings_deliveries")


@never_cache
@login_required
@require_POST
def again(request: HttpRequest) -> HttpResponse:
    """Send again what was given up: one message, or all that are shown."""
    act = act_of(request)
    wanted = _wanted(request, act)
    try:
        one = [UUID(request.POST["id"])] if request.POST.get("id") else []
    except ValueError:
        one = []
    with acting(machine_act("settings", act.at)):
        ids = one or list(notices.deliveries(act, wanted).filter(status=Delivery.Status.DEAD).values_list("id", flat=True)[:MOST_AGAIN])
    done = 0
    for id in ids:
        try:
            services.send_again(act, id)
            done += 1
        except FengqiaoError as error:
            messages.error(request, error.say(gettext))
            break
    if done:
        told = ngettext("%(count)s message will be tried again.", "%(count)s messages will be tried again.", done) % {"count": done}
        messages.success(request, told)
    return redirect(reverse("settings_deliveries", query=_keep(wanted)))
