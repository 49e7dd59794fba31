"""What an administrator writes of organisations one by one; a whole district comes from files (``people.district``)."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from fengqiao.base.act import Act
from fengqiao.base.errors import NotFound
from fengqiao.base.ids import derived_id
from fengqiao.base.words import _
from fengqiao.people import models
from fengqiao.people.services import SETTINGS, NotYoursToSet, bump

FIELDS = ("name", "name_en", "kind", "area", "desk", "field", "presence", "phone", "opening", "active")


class NoSuchArea(NotFound):
    """The code names no ground."""

    message = _("There is no area with the code “{code}”.")


@transaction.atomic
def write_organisation(act: Act, code: str, facts: Mapping[str, Any]) -> models.Organisation:
    """Add an organisation, or change what is known of it; cases that lie with it stay there."""
    if not act.actor.may(SETTINGS):
        raise NotYoursToSet
    if not models.Area.objects.filter(pk=facts["area"]).exists():
        raise NoSuchArea(code=facts["area"])
    told = {name: facts[name] for name in FIELDS if name in facts and name != "area"}
    written, _fresh = models.Organisation.objects.update_or_create(
        code=code,
        defaults={**told, "area_id": facts["area"]},
        create_defaults={**told, "area_id": facts["area"], "id": derived_id("organisation", code)},
    )
    bump()
    return written
