"""Words of the trade: levels of the land, kinds of organisations, the four desks, and the posts people hold."""

from enum import StrEnum
from typing import Final

from fengqiao.base.words import Words, _


class Level(StrEnum):
    """The levels of the land by handbook C9, widest first."""

    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"
    TOWN = "town"
    VILLAGE = "village"
    GRID = "grid"
    MICROGRID = "microgrid"
    BUILDING = "building"

    @property
    def label(self) -> Words:
        return LEVEL_TITLES[self]


LEVEL_TITLES: Final = {
    Level.PROVINCE: _("Province"),
    Level.CITY: _("City"),
    Level.DISTRICT: _("District"),
    Level.TOWN: _("Town or street"),
    Level.VILLAGE: _("Village or community"),
    Level.GRID: _("Grid"),
    Level.MICROGRID: _("Micro-grid"),
    Level.BUILDING: _("Building"),
}

# How many digits a code of that level has (handbook C9). A district of another country need not follow it.
DIGITS: Final = {
    Level.PROVINCE: 2,
    Level.CITY: 4,
    Level.DISTRICT: 6,
    Level.TOWN: 9,
    Level.VILLAGE: 12,
    Level.GRID: 15,
    Level.MICROGRID: 17,
    Level.BUILDING: 20,
}

# Rows are protected down to the grid only: micro-grids and buildings share prefixes that mean nothing (decision 18).
PLACED: Final = (Level.TOWN, Level.VILLAGE, Level.GRID)


class Kind(StrEnum):
    """What an organisation is."""

    GOVERNANCE_CENTRE = "governance_centre"
    SUB_CENTRE = "sub_centre"
    COMMAND_ROOM = "command_room"
    DESK = "desk"
    TOWN_OFFICE = "town_office"
    STATION = "station"
    DEPARTMENT = "department"
    VILLAGE_COMMITTEE = "village_committee"
    POLICE_STATION = "police_station"
    MEDIATION = "mediation"
    COURT = "court"
    SCHOOL = "school"
    UNLOCATED = "unlocated"
    OUTSIDE = "outside"

    @property
    def label(self) -> Words:
        return KIND_TITLES[self]


KIND_TITLES: Final = {
    Kind.GOVERNANCE_CENTRE: _("Governance centre"),
    Kind.SUB_CENTRE: _("Sub-centre"),
    Kind.COMMAND_ROOM: _("Command room"),
    Kind.DESK: _("Desk of a town"),
    Kind.TOWN_OFFICE: _("Town office"),
    Kind.STATION: _("Station"),
    Kind.DEPARTMENT: _("Department"),
    Kind.VILLAGE_COMMITTEE: _("Village or community committee"),
    Kind.POLICE_STATION: _("Police station"),
    Kind.MEDIATION: _("Mediation organisation"),
    Kind.COURT: _("Court"),
    Kind.SCHOOL: _("School"),
    Kind.UNLOCATED: _("Desk for what has no place"),
    Kind.OUTSIDE: _("Outside body"),
}


class Presence(StrEnum):
    """How an organisation is present in a governance centre (handbook B7)."""

    RESIDENT = "resident"
    ROTATING = "rotating"
    ON_CALL = "on_call"
    NONE = ""


class DeskScheme(StrEnum):
    """Which set of names the four desks of a town carry (handbook B1)."""

    V2016 = "v2016"
    V2021 = "v2021"


# The four desks of a town, in order, by scheme: (code, Chinese, English). Changing the scheme turns the market desk
# into the emergency desk and back; the other three keep their code and change their name.
DESKS: Final[dict[DeskScheme, tuple[tuple[str, str, str], ...]]] = {
    DeskScheme.V2016: (
        ("governance", "综治工作平台", "Comprehensive governance desk"),
        ("enforcement", "综合执法平台", "Comprehensive enforcement desk"),
        ("market", "市场监管平台", "Market supervision desk"),
        ("service", "便民服务平台", "Convenience service desk"),
    ),
    DeskScheme.V2021: (
        ("governance", "综治工作平台", "Governance desk"),
        ("enforcement", "监管执法平台", "Supervision and enforcement desk"),
        ("emergency", "应急管理平台", "Emergency desk"),
        ("service", "公共服务平台", "Public service desk"),
    ),
}
