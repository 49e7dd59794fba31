"""Fills the benchmark's district: cases by the same bulk path as an import, and a key for a dispatcher's program."""

import hashlib
import json
import os
import random
import secrets
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fengqiao.site.settings")
django.setup()

from fengqiao.access import catalogue  # noqa: E402
from fengqiao.access.acting import acting  # noqa: E402
from fengqiao.access.doors import machine_act  # noqa: E402
from fengqiao.access.models import Token  # noqa: E402
from fengqiao.base.act import Act  # noqa: E402
from fengqiao.base.clock import now  # noqa: E402
from fengqiao.base.ids import new_id  # noqa: E402
from fengqiao.cases import schemas  # noqa: E402
from fengqiao.cases.bulk import Journey, Onward, carry_all  # noqa: E402
from fengqiao.cases.models import Case  # noqa: E402
from fengqiao.people import queries as people  # noqa: E402
from fengqiao.people.models import Person  # noqa: E402
from fengqiao.people.yunxi.staff import QINGXI  # noqa: E402
from fengqiao.simulation.cast import grids, organisation  # noqa: E402
from fengqiao.simulation.play import written  # noqa: E402

# How far the loaded cases have come, in a hundred; what has ended is most of what a district holds.
STAGES = ((10, 0), (5, 1), (5, 2), (8, 3), (4, 4), (18, 5), (50, 8))
WAY = ("accept", "triage", "assign", "sign", "start", "feed_back", "verify_pass", "close")


def journeys(count: int, at: datetime) -> Iterator[Journey]:
    """Yield cases of two years, in every town, each some way along its loop."""
    chance = random.Random(count)
    actor, checker = machine_act("import", at).actor, machine_act("checker", at).actor
    places = {town.code: (grids(town.code), organisation(town.code, "power")) for town in people.towns()}
    texts = [one for one in written() if one.category[:2] in ("02", "03", "04", "05", "06", "10")]
    for _number in range(count):
        town = QINGXI if chance.random() < 0.2 else chance.choice(list(places))
        found, lead = places[town]
        steps = chance.choices([stage for _weight, stage in STAGES], [weight for weight, _stage in STAGES])[0]
        what, kind = chance.choice(texts), "qr_suggest" if steps > 5 else "incident"
        moment = at - timedelta(minutes=chance.uniform(60, 1_000_000 if steps > 5 else 20_000))
        onward = []
        for step, name in enumerate(WAY[:steps], start=1):
            onward.append(
                Onward(
                    Act(new_id(), checker if name == "verify_pass" else actor, moment + timedelta(minutes=step), "batch"),
                    name,
                    _asked(name, what.category, lead),
                )
            )
        report = schemas.Report(category=what.category, text=what.text.format(spot=f"{chance.randint(1, 40)}幢"), area=chance.choice(found))
        yield Journey(Act(new_id(), actor, moment, "batch"), kind, report, onward=tuple(onward))


def _asked(move: str, category: str, lead: str) -> schemas.Asked | None:
    said = {
        "triage": lambda: schemas.Triage(category=category),
        "assign": lambda: schemas.Assign(lead=lead),
        "start": lambda: schemas.Start(contact="called"),
        "feed_back": lambda: schemas.Evidence(outcome="answered", text="已办。"),
        "verify_pass": lambda: schemas.VerifyPass(statement="已看过。"),
    }
    return said[move]() if move in said else None


def token(at: datetime) -> str:
    """Make a key with the reach of a town's dispatcher; returns the secret."""
    secret = secrets.token_urlsafe(24)
    Token.objects.create(
        id=new_id(), name="bench", digest=hashlib.sha256(secret.encode()).hexdigest(), area=QINGXI, made_at=at,
        scopes=sorted(catalogue.post("town_dispatcher").permissions), made_by=Person.objects.get(username="dispatcher"),
        expires_at=at + timedelta(days=1),
    )  # fmt: skip
    return secret


def main() -> None:
    """Load up to so many cases; print the key, some points, and how long it took."""
    wanted, at = int(sys.argv[1]), now()
    act = machine_act("import", at)
    with acting(act):
        there = Case.objects.count()
    began, opened, events = time.perf_counter(), 0, 0
    for carried in carry_all(act, journeys(max(0, wanted - there), at)):
        if carried.refused:
            raise SystemExit(f"{carried.refused[0][0].kind}: {carried.refused[0][1]}")
        opened, events = opened + carried.opened, events + carried.events
    took = time.perf_counter() - began
    points = [(area.lon, area.lat) for area in map(people.area, grids(QINGXI)) if area and area.lon]
    json.dump({"token": token(at), "points": points, "opened": opened, "events": events, "took": took, "cases": there + opened}, sys.stdout)


if __name__ == "__main__":
    main()
