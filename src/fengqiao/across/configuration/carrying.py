"""All settings as one file, from the test system to the live one: written out, compared before anything counts, taken over as changes."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext

from fengqiao import __version__
from fengqiao.across.configuration import policies, services
from fengqiao.across.configuration.models import Change
from fengqiao.across.configuration.subjects import SUBJECTS, Facts
from fengqiao.audit.services import note_deed
from fengqiao.base.act import Act
from fengqiao.base.errors import FengqiaoError, Invalid
from fengqiao.base.words import _
from fengqiao.people import queries as people

FORMAT = "fengqiao-settings"
MOST = 5_000_000


class NotOurFile(Invalid):
    """The file is not one that this page wrote."""

    message = _("This is no file of settings from here. Save one on the other system under “Settings as a file” and choose it.")


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that the file says otherwise, or that this house has alone."""

    subject: str
    about: str
    called: str
    before: Facts | None
    after: Facts
    why: str = ""
    second: bool = False


@dataclass(frozen=True, slots=True)
class Compared:
    """What taking over a file would do."""

    made_at: str
    district: str
    same: int
    changed: tuple[Difference, ...]
    refused: tuple[Difference, ...]
    only_here: int

    @property
    def wanted(self) -> dict[str, dict[str, Facts]]:
        """Return what is to be proposed."""
        found: dict[str, dict[str, Facts]] = {}
        for one in self.changed:
            found.setdefault(one.subject, {})[one.about] = one.after
        return found


def write_out(act: Act) -> str:
    """Return all settings as one file."""
    policies.check(act)
    day = services.today(act)
    body = {
        "format": FORMAT, "version": __version__, "made_at": act.at.isoformat(), "district": people.district().area,
        "settings": {key: subject.every(day) for key, subject in SUBJECTS.items()},
    }  # fmt: skip
    note_deed(act, "settings_written_out")
    return json.dumps(body, ensure_ascii=False, indent=1)


def compare(act: Act, text: str) -> Compared:
    """Compare a file with what counts here; nothing is written."""
    policies.check(act)
    body = _read(text)
    day = services.today(act)
    same, changed, refused, only_here = 0, [], [], 0
    for key, subject in SUBJECTS.items():
        here, there = subject.every(day), body["settings"].get(key, {})
        only_here += len(set(here) - set(there)) if there else 0
        for about, facts in there.items():
            before = here.get(about) or subject.now(about, day)
            if before == facts:
                same += 1
                continue
            try:
                after = subject.checked(about, facts, day)
            except FengqiaoError as error:
                refused.append(Difference(key, about, about, before, facts, error.say(gettext)))
                continue
            if after == before:
                same += 1
            else:
                changed.append(
                    Difference(key, about, subject.called(about), before, after, second=subject.needs_second(about, before, after))
                )
    return Compared(body["made_at"], body["district"], same, tuple(changed), tuple(refused), only_here)


def take_over(act: Act, text: str, since: date) -> list[Change]:
    """Propose everything that a file says otherwise, all or none."""
    found = compare(act, text)
    if found.refused:
        raise Invalid(fields={"text": found.refused[0].why})
    return services.take_over(act, found.wanted, since=since, reason=gettext("Taken over from a file of settings"))


def _read(text: str) -> dict[str, Any]:
    try:
        body: Any = json.loads(text.lstrip("\ufeff")) if len(text) <= MOST else None
        sound = body["format"] == FORMAT and all(isinstance(rows, dict) for rows in body["settings"].values())
        datetime.fromisoformat(body["made_at"]), str(body["district"])
        sound = sound and all(isinstance(facts, dict) for rows in body["settings"].values() for facts in rows.values())
    except (ValueError, KeyError, TypeError, AttributeError):
        raise NotOurFile from None
    if not sound:
        raise NotOurFile
    return dict(body)
