"""What is done in each state, by whom, and when: the plain way, and everything that happens to a matter beside it."""

from collections.abc import Callable
from datetime import datetime, timedelta

from fengqiao.access.acting import acting
from fengqiao.access.doors import machine, machine_act
from fengqiao.across.intake import services as intake
from fengqiao.base.act import Actor
from fengqiao.cases import family, reference, schemas
from fengqiao.cases.terms import RequestKind
from fengqiao.simulation import beside, hands, truths
from fengqiao.simulation.cast import holding_receipt, organisation
from fengqiao.simulation.play import Play


def begin(play: Play) -> None:
    """Report it, by whatever channel it comes in."""
    actor = _reporter(play)
    act = play.act(actor, play.channel)
    spot, (lon, lat) = play.spot(), play.point()
    asked = schemas.Report(
        category=play.what.category, text=play.what.text.format(spot=spot), address=spot,
        place=schemas.Place(lon=lon, lat=lat, accuracy=12),
        photos=play.photos(act, 1, mended=False) if _shows(play) else [], **(play.contact() if _known(play) else {}),
    )  # fmt: skip
    with acting(act):
        play.held = intake.report(act, asked, area=play.grid)
    play.refresh()


def _reporter(play: Play) -> Actor:
    if play.channel == "grid":
        return play.cast.of(play.grid, "grid_worker")
    if play.channel in ("window", "hotline", "police_call"):
        return play.cast.centre("intake_clerk")
    return play.cast.resident()


def _shows(play: Play) -> bool:
    return play.channel in ("grid", "snap") or (play.channel == "qr" and play.what.category[:2] != "10" and play.chance.random() < 0.5)


def _known(play: Play) -> bool:
    return (
        play.channel in ("window", "hotline", "police_call")
        or reference.category(play.what.category).confidentiality > 2
        or play.chance.random() < 0.25
    )


def step(play: Play) -> None:
    """Do what comes next."""
    if play.held is None:
        begin(play)
        return
    if not play.case.pending:
        play.asked.clear()  # what was asked of a case ends with it
    if play.asked and play.chance.random() < 0.8:
        beside.answer(play)
    elif f"stall_{play.case.state}" not in play.plan:
        STEPS[play.case.state](play)


def when(play: Play) -> datetime | None:
    """Return when the next thing happens, or nothing when the matter is over."""
    state = play.case.state
    if play.over or state in "ZMW" or f"stall_{state}" in play.plan:
        return None
    if state == "V" and play.case.children_open:
        return play.working(4)
    if state == "P":
        return max(play.case.resume_on or play.at, play.working(0.2))
    if state in "XOC":
        return _afterwards(play)
    if play.asked:
        return play.working(play.chance.uniform(0.3, 5))
    clock = {"R": "accept", "A": "triage", "T": "assign", "D": "sign", "S": "start", "H": "handle", "F": "verify", "V": "close"}[state]
    if clock == "start":
        return play.after("handle", play.chance.uniform(0.02, 0.15))
    if clock == "handle" and play.case.sla == "S0":
        return play.at + timedelta(minutes=play.chance.uniform(8, 240))
    if clock == "handle" and play.plan and play.plan[0] in beside.BESIDE:
        return play.after("handle", play.chance.uniform(0.05, 0.2))
    return play.after(clock, pace(play, clock))


def pace(play: Play, clock: str) -> float:
    """Return how much of a limit is used: a planted slow organisation uses several times as much."""
    share = play.pace(clock)
    return share * truths.dawdles(str(play.case.lead)) if clock in ("sign", "handle") and play.case.lead else share


def _afterwards(play: Play) -> datetime | None:
    if "appeal" in play.case.pending:
        return play.working(play.chance.uniform(8, 60))
    if play.case.state == "C" and {"rate", "rate_low", "reopen", "appeal"} & set(play.plan):
        return play.at + timedelta(hours=play.chance.uniform(1, 90))
    if play.case.state == "C" and "archive" not in play.plan:
        play.plan.append("archive")
        return play.at + timedelta(days=31, hours=play.chance.uniform(1, 20))
    return None


# --- taking it in ---------------------------------------------------------------------------------------------------


def _reported(play: Play) -> None:
    special = play.take("precheck", "reject", "withdraw", "merge", "spot", "convert", "pass_on")
    if play.case.kind == "qr_suggest":
        _asked_something(play, special)
    elif play.case.sla == "S0":
        _emergency(play)
    elif special == "spot":
        worker = play.cast.of(play.grid, "grid_worker")
        play.move(worker, "settle_on_spot", pictures=2, text=play.what.done)
    elif special in _FIRST:
        _FIRST[special](play)
    else:
        _accept(play)


def _accept(play: Play) -> None:
    if play.channel == "window" and play.chance.random() < 0.6:
        play.move(play.cast.centre("intake_clerk"), "accept")
    elif play.chance.random() < 0.4:
        play.move(hands.dispatcher(play), "send_out", category=play.case.category, lead=hands.lead(play), note=hands.order(play))
    else:
        play.move(hands.dispatcher(play), "accept", note="")


def _precheck(play: Play) -> None:
    physical = reference.category(play.case.category).physical
    if play.case.sla in ("S0", "S1") or play.channel not in ("qr", "snap", "hotline") or not physical:
        _accept(play)
        return
    worker = play.cast.of(play.grid, "grid_worker")
    play.move(worker, "pre_check", pictures=1, mended=False, finding="true", note="现场看过，情况属实。")


def _reject(play: Play) -> None:
    reason, remedy = play.chance.choice(_REJECTED)
    play.move(hands.dispatcher(play), "reject", reason=reason, remedy=remedy)


def _withdraw(play: Play) -> None:
    if play.case.public_danger:
        _accept(play)
        return
    play.move(holding_receipt(play.case), "withdraw", reason=play.chance.choice(("已经自己解决了，谢谢。", "记错地方了，重新报过。")))


def _merge(play: Play) -> None:
    master = play.master.held if play.master else None
    if master is None or master.state not in "RATDSHPFV" or master.confidentiality != play.case.confidentiality:
        _accept(play)
        return
    play.move(hands.dispatcher(play), "merge", master=master.id, reason="同一地点同一问题")
    if play.master is not None:
        play.master.refresh()


_FIRST: dict[str, Callable[[Play], None]] = {"precheck": _precheck, "reject": _reject, "withdraw": _withdraw, "merge": _merge}
_REJECTED = (
    ("in_procedure", "此事已在法院审理中，请通过承办法官反映；需要法律援助可到综合窗口三号。"),
    ("repeat", "您上周已经报过，正在办理，可用原编号查询进度。"),
    ("not_competent", "属于合同价格约定，请与对方协商或到市场监管所申请调解。"),
    ("unclear", "没有写清位置，也没有留下电话。请写明小区和楼号后重新报一次。"),
)


def _emergency(play: Play) -> None:
    leader = play.cast.room(play.town, "town_duty_leader")
    play.move(leader, "emergency", lead=hands.lead(play), note="先到先处，到场后报告。")


def _asked_something(play: Play, special: str) -> None:
    clerk = play.cast.of(play.village, "village_clerk")
    if special == "convert":
        play.move(clerk, "convert", kind="incident", category="0503", reason="反映的是环境卫生问题，按事件办理。")
    elif special == "pass_on":
        play.move(clerk, "pass_on", reason="涉及街道统筹，社区评估后上报。")
    else:
        play.move(clerk, "answer", category=play.case.category, text=play.what.done)


# --- sending it on --------------------------------------------------------------------------------------------------


def _accepted(play: Play) -> None:
    play.move(hands.dispatcher(play), "triage", category=play.case.category)


def _triaged(play: Play) -> None:
    helpers = [organisation(play.town, "enforcement")] if play.take("assisted") else []
    lead = hands.lead(play)
    play.move(hands.dispatcher(play), "assign", lead=lead, assisting=[one for one in helpers if one != lead], note=hands.order(play))


def _assigned(play: Play) -> None:
    if play.take("object") and play.case.objections < 2:
        play.move(
            hands.handler(play),
            "object",
            reason=play.chance.choice(("现场管线属于区属单位，不在我所维护范围。", "该路段尚未移交，责任单位应为建设方。")),
        )
        return
    if play.case.objections == 2 and play.take("third"):
        beside.ask(play, RequestKind.OBJECTION, hands.handler(play), reason="两次退回后仍派给我所，请区里裁定责任单位。")
    play.move(hands.handler(play), "sign")


def _signed(play: Play) -> None:
    handler = hands.handler(play)
    if play.take("on_site"):
        play.move(handler, "arrive", guarded=play.case.public_danger, note="已到现场。")
    contact = play.chance.choice(("called", "arrived"))
    play.move(handler, "start", contact=contact, note="已联系报告人，约好时间。" if contact == "called" else "到现场查看，先设警示。")


# --- handling -------------------------------------------------------------------------------------------------------


def _handling(play: Play) -> None:
    special = play.take(*beside.BESIDE)
    if special:
        beside.BESIDE[special](play)
        return
    if play.case.sla == "S0" and play.take("fill_in"):
        play.move(hands.dispatcher(play), "fill_in", category=play.case.category)
        return
    handler = hands.handler(play)
    words = play.what.category[:2] in ("09", "10", "11")
    outcome = "answered" if words else play.chance.choices(("fixed", "cannot", "not_found"), (90, 5, 5))[0]
    text = play.what.done if outcome in ("fixed", "answered") else _HONEST[outcome]
    play.move(handler, "feed_back", pictures=0 if play.case.kind == "qr_suggest" else 1, outcome=outcome, text=text)


_HONEST = {
    "cannot": "产权单位已注销，目前无法修复；已围护并列入明年改造计划。",
    "not_found": "两次到场均未发现所报情况，已联系报告人说明。",
}


def _resumed(play: Play) -> None:
    play.move(hands.handler(play), "resume", note="鉴定报告已到，继续办理。")


# --- ending ---------------------------------------------------------------------------------------------------------


def _fed_back(play: Play) -> None:
    if play.case.kind == "qr_suggest":
        play.move(play.cast.of(play.village, "village_clerk"), "deliver", review="答复清楚，可以回给居民。")
        return
    checker = _checker(play)
    if play.take("rework"):
        play.move(checker, "verify_fail", reason="到场看过，还有一处没有处理干净。")
        return
    place = schemas.Place(lon=play.case.lon, lat=play.case.lat, accuracy=15) if play.case.lon and play.case.lat else None
    play.move(
        checker,
        "verify_pass",
        pictures=int(play.chance.random() < 0.35),
        place=place,
        statement="报告人说已经处理好了。",
        note="现场核实，已办结。",
    )


def _checker(play: Play) -> Actor:
    if play.case.confidentiality >= 3:
        return play.cast.centre("district_dispatcher")
    settled = play.case.doers.get("settle_on_spot")
    if settled:
        return play.cast.of(play.grid, "grid_assistant", but=settled[-1][0])
    return play.cast.of(play.grid, "grid_worker")


def _verified(play: Play) -> None:
    if play.case.children_open:
        return
    play.move(hands.dispatcher(play), "close", message=f"您反映的问题已办结：{play.what.done}")
    if play.parent is not None:
        # What the relay's reaction does in earnest; counted anew, so that doing it twice is doing it once.
        act = machine_act("family", play.at)
        with acting(act):
            family.part_ended(act, play.case.id)
        play.parent.refresh()


def _closed(play: Play) -> None:
    holder = holding_receipt(play.case)
    if play.take("rate"):
        stars = play.chance.choices((5, 4, 3), (60, 30, 10))[0]
        play.move(holder, "rate", rating=stars, text=play.chance.choice(("很快，谢谢。", "处理得很好。", "满意，工作人员态度好。", "")))
    elif play.take("rate_low"):
        play.move(holder, "rate", rating=play.chance.choice((1, 2)), text="只是应付了一下，问题还在。")
    elif play.take("reopen"):
        play.move(holder, "reopen", reason="下雨之后又坏了，和原来一样。")
    elif play.take("appeal"):
        beside.appeal(play, holder)
    elif play.take("archive"):
        play.move(machine("clock"), "archive")
        play.over = True


STEPS: dict[str, Callable[[Play], None]] = {
    "R": _reported, "A": _accepted, "T": _triaged, "D": _assigned, "S": _signed, "H": _handling, "P": _resumed, "F": _fed_back,
    "V": _verified, "C": _closed,
}  # fmt: skip
