"""Every post, every move, inside and outside its scope: what the seed table says is what happens, and nothing else does.

The oracle reads ``posts.csv`` by itself and knows of hands only what the handbook's table of transitions says.
"""

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.db import transaction

import fengqiao.access
from fengqiao.access.acting import acting
from fengqiao.access.doors import machine
from fengqiao.base.act import Act, Actor, ActorKind
from fengqiao.base.errors import FengqiaoError, NotAllowed
from fengqiao.base.ids import new_id
from fengqiao.cases import forms, registry
from fengqiao.cases import services as cases
from fengqiao.cases.claims import UnknownCase
from fengqiao.cases.schemas import Report
from fengqiao.loop.alphabet import EVERY_MOVE, Hand
from fengqiao.people import queries as people

MORNING = datetime.fromisoformat("2026-11-23T09:00:00+08:00")
TOWN, OTHER_TOWN, GRID = "990101001", "990101002", "990101001001001"
REPORTER = str(uuid4())
FILES = [str(new_id()), str(new_id())]
WAY = ("accept", "triage", "assign", "sign", "start", "feed_back", "verify_pass", "close")
STATES = dict(zip("RATDSHFVC", range(9), strict=True))


def table() -> list[dict[str, str]]:
    """The seed table, read by the oracle's own eyes."""
    with (Path(fengqiao.access.__file__).parent / "posts.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


POSTS = {row["post"]: row for row in table()}


class Stage:
    """One town with an incident in every state, made by the import."""

    def __init__(self) -> None:
        town = [row for row in people.organisations(area=TOWN) if row.area == TOWN]
        self.lead, self.other = town[0].id, town[1].id
        self.master = self._open()
        self.cases = {state: self._moved(self._open(), WAY[:done]) for state, done in STATES.items()}
        self.cases["P"] = self._moved(self._open(), (*WAY[:5], "pause"))

    def said(self, move: str) -> dict[str, object]:
        """What a form must hold so that nothing but permission can stand against the move."""
        later = MORNING + timedelta(days=5)
        return {
            "triage": {"category": "0503"},
            "assign": {"lead": self.lead},
            "start": {"contact": "called"},
            "feed_back": {"outcome": "fixed", "text": "清走了", "files": FILES},
            "verify_pass": {"files": FILES, "statement": "已清走"},
            "verify_fail": {"reason": "还在原处"},
            "reject": {"reason": "other_area", "remedy": "请向邻区反映"},
            "merge": {"master": self.master},
            "settle_on_spot": {"text": "清走了", "files": FILES},
            "object": {"reason": "不归我们管理"},
            "extend": {"amount": 1, "unit": "working_day", "reason": "材料未到，需要时间"},
            "pause": {"reason": "appraisal", "resume_on": later},
            "upgrade": {"reason": "街道无法解决"},
            "transfer": {"body": "市水务集团", "follow_up_on": later},
            "withdraw": {"reason": "已经好了"},
            "rate": {"rating": 2},
            "reopen": {"reason": "又出现了", "recurrence": True},
            "pre_check": {"finding": "true"},
            "note": {"text": "记一笔"},
            "appeal": {"text": "不服"},
            "outcome": {"kind": "settled", "text": "已由集团修复"},
            "contact": {"how": "called"},
            "fill_in": {"category": "0503"},
            "emergency": {"sla": "S0"},
        }.get(move, {})

    def asked(self, move: str) -> object:
        asks = forms.asks_of(registry.loop("incident"), move)
        return asks(**self.said(move)) if asks else None

    def _open(self) -> UUID:
        actor = Actor(
            ActorKind.PERSON, REPORTER, REPORTER, "resident", grantees=(f"person:{REPORTER}",), permissions=frozenset({"*:report"})
        )
        act = Act(new_id(), actor, MORNING, "qr")
        with acting(act):
            return cases.open_case(act, "incident", Report(text="楼道口有垃圾", category="0503", area=GRID)).id

    def _moved(self, case: UUID, moves: tuple[str, ...]) -> UUID:
        for move in moves:
            act = Act(new_id(), replace(machine("import"), id=f"machine:{move}"), MORNING, "batch")
            with acting(act):
                cases.dispatch(act, case, move, self.asked(move))
        return case


@pytest.fixture
def stage(db: None, monkeypatch: pytest.MonkeyPatch) -> Stage:
    from fengqiao.kits.files import services as files

    kept = [{"id": one, "name": "p.jpg", "type": "image/jpeg", "size": 1, "sha256": "0" * 64} for one in FILES]
    monkeypatch.setattr(files, "bind", lambda act, ids, case_id: kept)
    return Stage()


def actor_of(post: str, inside: bool, stage: Stage) -> Actor:
    """Somebody who holds a post, whose reach the case lies in or not."""
    row = POSTS[post]
    allowed = frozenset(row["permissions"].split())
    if post in ("machine", "import"):
        return replace(machine(post), id=f"machine:another-{post}")
    me = REPORTER if row["scope"] == "own" and inside else str(uuid4())
    area = TOWN if inside else OTHER_TOWN
    make = partial(Actor, ActorKind.PERSON, me, me, post, permissions=allowed, level="town")
    if row["scope"] == "area":
        return make(org=stage.other, ranges=((area, area + "~"),), grantees=(f"person:{me}", f"org:{stage.other}"))
    if row["scope"] == "organisation":
        org = stage.lead if inside else stage.other
        return make(org=org, grantees=(f"person:{me}", f"org:{org}"))
    return make(grantees=(f"person:{me}",))


def allowed(post: str, move: str, state: str, inside: bool) -> bool:
    """What the handbook says, from the seed table and the hands of the transition."""
    row = POSTS[post]
    if not {f"*:{move}", f"incident:{move}"} & set(row["permissions"].split()):
        return False
    if post in ("machine", "import"):
        return True
    led = state in "DSHPFVC"  # from the assignment on there is a lead
    if not inside or (row["scope"] == "organisation" and not led):
        return False
    fact = EVERY_MOVE[move]
    in_area = row["scope"] == "area"
    hands = {
        Hand.ANYONE: True, Hand.AREA: in_area, Hand.VERIFIER: in_area, Hand.REPORTER: row["scope"] == "own", Hand.MACHINE: False,
        Hand.LEAD: row["scope"] == "organisation" if led else in_area, Hand.HANDLER: row["scope"] == "organisation" if led else in_area,
    }  # fmt: skip
    return any(hands[hand] for hand in fact.hands)


class Undone(Exception):
    """The move was made and is taken back, so that the next finds the case as it was."""


def attempt(stage: Stage, post: str, move: str, state: str, inside: bool) -> FengqiaoError | None:
    """Make a move and take it back; return what stood against it."""
    actor = actor_of(post, inside, stage)
    act = Act(new_id(), actor, MORNING + timedelta(hours=1))
    try:
        with transaction.atomic(), acting(act):
            cases.kind_of(stage.cases[state])
            cases.dispatch(act, stage.cases[state], move, stage.asked(move))
            raise Undone
    except Undone:
        return None
    except FengqiaoError as error:
        return error


def tries(every: bool) -> Iterator[tuple[str, str]]:
    """Every move, from the state furthest round the loop from which it can be made, or from every such state."""
    for move in registry.loop("incident").every_move:
        states = [state for state in "RATDSHPFVC" if state in {str(one) for one in EVERY_MOVE[move].sources}]
        yield from [(move, state) for state in (states if every else states[-1:])]


def mismatches(stage: Stage, every: bool) -> tuple[list[str], int]:
    wrong, made = [], 0
    for move, state in tries(every):
        for post in POSTS:
            for inside in (True, False):
                expected = allowed(post, move, state, inside)
                refused = attempt(stage, post, move, state, inside)
                made += refused is None
                if isinstance(refused, NotAllowed | UnknownCase) == expected:
                    wrong.append(f"{post} {move} from {state} {'inside' if inside else 'outside'}: {refused!r}, expected {expected}")
    return wrong, made


@pytest.mark.timeout(300)
def test_the_matrix_of_posts_and_moves_is_the_seed_table(stage):
    wrong, made = mismatches(stage, every=False)
    assert wrong == []
    assert made > 100


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_matrix_of_posts_and_moves_and_states_is_the_seed_table(stage):
    wrong, made = mismatches(stage, every=True)
    assert wrong == []
    assert made > 300
