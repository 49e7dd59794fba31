"""Everything duty tells people, by the names under which a centre finds it on the settings desk."""

from fengqiao.across.duty import services, shifts, telling
from fengqiao.kits.notices import events

TO_OFFICERS = {
    "reminder": telling.REMIND, "yellow_card": telling.YELLOW_CARD, "red_card": telling.RED_CARD, "twice_the_limit": telling.TWICE,
    "pressed": telling.PRESSED, "assigned": telling.ASSIGNED, "assists": telling.ASSISTS, "emergency": telling.AT_ONCE,
    "whistle": telling.WHISTLED, "help": telling.HELP, "answer_due": telling.ANSWER_DUE, "asked": telling.ASKED,
    "appealed": telling.APPEALED, "granted": telling.GRANTED, "refused": telling.REFUSED, "whistle_comes": telling.COMES,
    "whistle_stays": telling.STAYS, "replied": telling.REPLIED, "no_reply": telling.NO_REPLY, "sent_back": telling.SENT_BACK,
    "handed_back": telling.HANDED_BACK, "again": telling.AGAIN, "passed_up": telling.PASSED_UP, "glass_broken": telling.BROKEN,
    "sealed": telling.SEALED, "all_away": telling.ALL_AWAY, "nobody_left": telling.NOBODY_LEFT, "interview": services.INTERVIEW,
    "invited": services.INVITED, "handover": shifts.HANDED, "roster_changed": shifts.CHANGED,
}  # fmt: skip


def register() -> None:
    """Name them all."""
    events.register(events.OFFICER, TO_OFFICERS)
    events.register(events.REPORTER, {f"reporter_{move}": sentence for move, sentence in telling.TO_REPORTER.items()})
    events.register(events.REPORTER, {"reporter_close_shared": telling.SHARED["close"]})
