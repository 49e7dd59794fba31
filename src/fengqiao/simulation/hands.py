"""In whose hands a matter of the simulation lies."""

from fengqiao.base.act import Actor
from fengqiao.simulation.cast import organisation
from fengqiao.simulation.play import Play

DISTRICT_LEVELS = ("district", "city")


def dispatcher(play: Play) -> Actor:
    """Return whoever decides: the clerk of a village matter, the town's room, or the district."""
    if play.case.kind == "qr_suggest" and play.case.level == "village":
        return play.cast.of(play.village, "village_clerk")
    if play.case.level in DISTRICT_LEVELS:
        return play.cast.centre("district_dispatcher")
    return play.cast.room(play.town, "town_dispatcher")


def handler(play: Play) -> Actor:
    """Return somebody of the lead organisation."""
    found = play.cast.handler(str(play.case.lead)) if play.case.lead else None
    if found is None:
        raise LookupError(f"Nobody handles cases at {play.case.lead}.")
    return found


def lead(play: Play) -> str:
    """Return who should lead: what routing proposed, else the trade of the class."""
    suggested = (play.case.suggestion or {}).get("organisation") or ""
    if suggested and suggested != str(play.case.lead) and play.cast.handler(suggested):
        return str(suggested)
    trade = {"11": "justice", "12": "enforcement", "10": "municipal"}.get(play.case.category[:2], "municipal")
    return organisation(play.town, trade)


def order(play: Play) -> str:
    """Return what stands on the order."""
    return play.chance.choice(("", "请尽快到现场，办结后拍照反馈。", "注意与报告人联系，涉及老人请上门。", "按时限办理。"))
