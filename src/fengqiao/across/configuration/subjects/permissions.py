"""What each post may do. Whatever opens sealed cases, or hands out such keys, needs a second person."""

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext, gettext_lazy, ngettext

from fengqiao.access import catalogue, services
from fengqiao.access.models import PostPermission
from fengqiao.access.seeds import table
from fengqiao.across.configuration.subjects.base import Facts, NotFit, Row, Subject
from fengqiao.base.act import Act
from fengqiao.base.words import _
from fengqiao.cases import registry
from fengqiao.loop.alphabet import EVERY_MOVE
from fengqiao.people.models import Appointment

OPENS_SEALED = re.compile(
    r"^(case:read_c[234]|glass:break|audit:read|people:edit|settings:edit|tokens:make|retention:run|consents:see|.+:lower_confidentiality)$"
)
"""What widens who reads C2 and above, or lets somebody give themselves more."""

WORDS = {
    "desk:use": _("Open the desk"), "case:read": _("Read cases up to C1"), "case:read_own": _("Read the cases one reported oneself"),
    "case:read_c2": _("Read C2"), "case:read_c3": _("Read C3, for a stated purpose"), "case:read_c4": _("Read C4 in one's compartments"),
    "glass:break": _("Open a sealed case for half an hour"), "requests:ask": _("Ask for extensions, pauses, help"),
    "requests:answer": _("Decide on requests"), "codes:make": _("Make and revoke QR codes"), "import:run": _("Bring in cases from files"),
    "duty:edit": _("Keep rosters"), "people:edit": _("Write persons and appointments"), "settings:edit": _("Change settings"),
    "tokens:make": _("Make keys for programs"), "webhooks:edit": _("Say which systems are told"),
    "connectors:edit": _("Set up links to other systems"),
    "cockpit:see": _("See the figures of the area"), "consents:see": _("Answer requests about personal information"),
    "audit:read": _("Read who read and changed what"), "retention:run": _("Delete by the retention schedule"),
}  # fmt: skip
EVERY_KIND = _("every kind of case")
MOVE_OF = _("{move} ({kind})")


def known() -> set[str]:
    """Return every permission that means something: those of the table, and each move of each kind."""
    moves = {f"{kind}:{move}" for kind in ("*", *registry.kinds()) for move in EVERY_MOVE}
    return {permission for post in table() for permission in post.permissions} | set(WORDS) | moves


def in_words(permission: str) -> str:
    """Say a permission in the reader's language."""
    if permission in WORDS:
        return gettext(WORDS[permission])
    kind, _colon, move = permission.partition(":")
    if move not in EVERY_MOVE:
        return permission
    which = gettext(EVERY_KIND) if kind == "*" else gettext(registry.loop(kind).title) if kind in registry.kinds() else kind
    return MOVE_OF.say(gettext, {"move": gettext(EVERY_MOVE[move].title), "kind": which})


class PermissionForm(forms.Form):
    """Given or not."""

    granted = forms.BooleanField(label=gettext_lazy("The post may do this"), required=False)

    def __init__(self, *args: Any, about: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class Permissions(Subject):
    """Permissions by post: ``auditor/audit:read``."""

    key = "permission"
    title = _("Posts and what they may do")
    meaning = _("Each post is a bundle of permissions. Whatever opens sealed matters needs a second person.")
    columns = (_("Post"), _("Permission"), _("In words"))
    fields = {"granted": _("The post may do this")}
    form = PermissionForm
    adds = False

    def rows(self, on: date) -> list[Row]:
        """Return what posts carry, and what was taken from them."""
        titles = {key: post.title_in(get_language() or "") for key, post in catalogue.posts().items()}
        found = PostPermission.objects.order_by("post_id", "permission")
        return [
            Row(f"{row.post_id}/{row.permission}", (titles[row.post_id], row.permission, in_words(row.permission)), not row.granted)
            for row in found
        ]

    def every(self, on: date) -> dict[str, Facts]:
        """Return what posts carry as facts."""
        return {
            f"{row.post_id}/{row.permission}": {"granted": row.granted} for row in PostPermission.objects.order_by("post_id", "permission")
        }

    def now(self, about: str, on: date) -> Facts | None:
        """Return whether a post carries a permission; of one that means nothing there is nothing."""
        post, _slash, permission = about.partition("/")
        if post not in catalogue.posts() or permission not in known():
            return None
        return {"granted": permission in catalogue.post(post).permissions}

    def called(self, about: str) -> str:
        """Return post and permission in words."""
        post, _slash, permission = about.partition("/")
        return f"{catalogue.post(post).title_in(get_language() or '')} · {in_words(permission)}"

    def from_form(self, said: dict[str, Any]) -> tuple[str, Facts]:
        """Return whether it is given."""
        return "", {"granted": said["granted"]}

    def checked(self, about: str, facts: Facts, on: date) -> Facts:
        """Refuse to take the key of the settings from the last post that has it."""
        clean = super().checked(about, facts, on)
        post, _slash, permission = about.partition("/")
        others = [key for key, entry in catalogue.posts().items() if key != post and permission in entry.permissions]
        if permission == "settings:edit" and not clean["granted"] and not Appointment.objects.filter(post__in=others, until=None).exists():
            why = gettext("Nobody else could change settings any more. Give it to another post first.")
            raise NotFit(what=about, why=why, fields={"granted": why})
        return clean

    def touches(self, act: Act, about: str, before: Facts | None, after: Facts, since: date) -> list[str]:
        """Say how many people hold the post, and whether a second person is needed."""
        post = about.partition("/")[0]
        holders = len(
            {
                str(row)
                for row in Appointment.objects.filter(post=post, since__lte=since)
                .exclude(until__lte=since)
                .values_list("person_id", flat=True)
            }
        )
        told = [
            ngettext(
                "%(count)s person holds this post; it counts with their next act.",
                "%(count)s people hold this post; it counts with their next act.",
                holders,
            )
            % {"count": holders}
        ]
        if self.needs_second(about, before, after):
            told.append(
                gettext("This opens sealed matters or hands out such keys: a second person who may change settings must confirm it.")
            )
        return told

    def needs_second(self, about: str, before: Facts | None, after: Facts) -> bool:
        """What opens sealed doors is given by two."""
        return bool(after["granted"]) and OPENS_SEALED.match(about.partition("/")[2]) is not None

    def write(self, act: Act, about: str, after: Facts, since: date) -> None:
        """Give it, or take it."""
        post, _slash, permission = about.partition("/")
        services.set_permission(act, post, permission, granted=after["granted"])
