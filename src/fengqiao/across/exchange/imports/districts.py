"""Throwaway districts for foreign records."""

from datetime import datetime
from pathlib import Path

from fengqiao.base.errors import Invalid
from fengqiao.base.words import _
from fengqiao.people.district import Plan, read, write
from fengqiao.people.models import District
from fengqiao.people.terms import Kind, Level


class BadOutlines(Invalid):
    """The outlines cannot be used."""

    message = _("The outlines cannot be used: {why}")


def set_up_plain(code: str, name: str, name_en: str, zone: str, at: datetime) -> None:
    """Set up a district without towns, where everything waits at the desk for what has no place."""
    if not District.objects.filter(area_id=code).exists():
        whole = {
            "code": code, "level": Level.DISTRICT.value, "parent": "", "name": name, "name_en": name_en, "households": 0, "phone": "",
            "special": False, "lon": None, "lat": None,
        }  # fmt: skip
        write(Plan(code=code, name=name, name_en=name_en, zone=zone, areas={code: whole}), at)


def set_up_drawn(outlines: Path, code: str, name: str, zone: str, at: datetime, units: dict[str, str]) -> None:
    """Set up a district whose towns are the features of a file; ``units`` are the bodies that handle its matters."""
    if District.objects.filter(area_id=code).exists():
        return
    naming = {"code": code, "name": name, "name_en": name, "zone": zone, "code_property": "nc_id", "name_property": "name", "level": "town",
              "overlaps": "yes"}  # fmt: skip
    plan = read(outlines, naming)
    grave = [finding.say() for finding in plan.findings if finding.grave]
    if grave:
        raise BadOutlines(why="; ".join(grave[:3]))
    for short, title in units.items():
        plan.organisations[short] = {
            "code": short, "name": title, "name_en": title, "kind": Kind.DEPARTMENT.value, "area": code, "parent": "", "desk": "",
            "field": "", "presence": "", "phone": "", "serves": [], "opening": "",
        }  # fmt: skip
    write(plan, at)
