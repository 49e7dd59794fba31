"""Words of the trade that loops are written in: confidentiality, service class, level, and closed lists of reasons."""

from enum import IntEnum, StrEnum

from fengqiao.base.words import Words, _


class Confidentiality(IntEnum):
    """How far a case may be seen; C3 and above are sealed."""

    C0 = 0
    C1 = 1
    C2 = 2
    C3 = 3
    C4 = 4


C0, C1, C2, C3, C4 = Confidentiality


class Sla(StrEnum):
    """The service class, which decides the limits."""

    S0 = "S0"
    S1 = "S1"
    S2 = "S2"
    S3 = "S3"
    S4 = "S4"
    S5 = "S5"


S0, S1, S2, S3, S4, S5 = Sla

SLA_TITLES: dict[Sla, Words] = {
    S0: _("Life, crowd, alarm, crisis"),
    S1: _("Urgent hazard"),
    S2: _("Quick"),
    S3: _("Ordinary"),
    S4: _("Complex, enforcement"),
    S5: _("By law"),
}


class Level(StrEnum):
    """Levels of the district, lowest first."""

    MICROGRID = "microgrid"
    GRID = "grid"
    VILLAGE = "village"
    TOWN = "town"
    DISTRICT = "district"
    CITY = "city"


def level_above(level: str) -> Level | None:
    """Return the next level up, or nothing above the city."""
    ladder = list(Level)
    place = ladder.index(Level(level)) + 1
    return ladder[place] if place < len(ladder) else None


class PauseReason(StrEnum):
    """The only reasons for which a clock may stop."""

    APPRAISAL = "appraisal"
    PARTY_MATERIALS = "party_materials"
    FORCE_MAJEURE = "force_majeure"
    COURT_TIME = "court_time"


PAUSE_REASONS: dict[PauseReason, Words] = {
    PauseReason.APPRAISAL: _("Waiting for an appraisal"),
    PauseReason.PARTY_MATERIALS: _("Waiting for a party's papers"),
    PauseReason.FORCE_MAJEURE: _("Force majeure"),
    PauseReason.COURT_TIME: _("Time with the court"),
}


class ResultCode(StrEnum):
    """What a handler may report as the result, where a module has no list of its own."""

    RESOLVED = "resolved"
    PARTLY_RESOLVED = "partly_resolved"
    EXPLAINED = "explained"
    NOT_FOUND_ON_SITE = "not_found_on_site"
    NOT_RESOLVED = "not_resolved"


RESULT_CODES: dict[ResultCode, Words] = {
    ResultCode.RESOLVED: _("Resolved"),
    ResultCode.PARTLY_RESOLVED: _("Partly resolved"),
    ResultCode.EXPLAINED: _("Answered and explained"),
    ResultCode.NOT_FOUND_ON_SITE: _("Nothing found on site"),
    ResultCode.NOT_RESOLVED: _("Not resolved, reason given"),
}
