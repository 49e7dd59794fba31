"""Fills the benchmark's district: cases by the same bulk path as an import; and makes the keys that its clients come with."""

import hashlib
import json
import os
import random
import re
import secrets
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

import django
import psycopg
from multiply import COPIES, multiply

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fengqiao.site.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.db import connection  # noqa: E402

from fengqiao.access import catalogue  # noqa: E402
from fengqiao.access.acting import acting  # noqa: E402
from fengqiao.access.doors import machine_act  # noqa: E402
from fengqiao.access.models import Token  # noqa: E402
from fengqiao.across.cockpit import jobs as counts  # noqa: E402
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

BY_BULK = 100_000
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


def load(wanted: int, at: datetime) -> dict[str, float]:
    """Load up to so many cases by the bulk path, beyond that by copying; and have them counted before anybody measures."""
    act = machine_act("import", at)
    with acting(act):
        there = Case.objects.count()
    began, opened, events = time.perf_counter(), 0, 0
    for carried in carry_all(act, journeys(max(0, min(wanted, BY_BULK) - there), at)):
        if carried.refused:
            raise SystemExit(f"{carried.refused[0][0].kind}: {carried.refused[0][1]}")
        opened, events = opened + carried.opened, events + carried.events
    took, made = time.perf_counter() - began, 0
    connection.close()
    fold()
    if there + opened < wanted:
        made = multiply(os.environ["BENCH_OWNER_URL"], wanted)
        with psycopg.connect(os.environ["BENCH_OWNER_URL"]) as owner:
            owner.execute(counts.TOTALS_DIFFER)
    with psycopg.connect(os.environ["BENCH_OWNER_URL"]) as owner:
        row = owner.execute(COPIES).fetchone()
    return {"opened": opened, "events": events, "took": took, "made": made, "copied": row[0] if row else 0}


def fold() -> dict[str, int]:
    """Do for the counts of the day what the worker does all the time: stamp what happened, and fold it in."""
    with psycopg.connect(os.environ["BENCH_OWNER_URL"]) as owner:
        owner.execute("UPDATE case_outbox SET published_seq = nextval('case_published_seq') WHERE published_seq IS NULL")
    folded = 0
    while some := counts.fold(now()):
        folded += some
    connection.close()
    return {"folded": folded}


def keys(at: datetime) -> dict[str, object]:
    """Make what the clients come with: for each town a key with its dispatcher's reach, and a session of the district's director."""
    targets = []
    for town in people.towns():
        secret = secrets.token_urlsafe(24)
        Token.objects.create(
            id=new_id(), name="bench", digest=hashlib.sha256(secret.encode()).hexdigest(), area=town.code, made_at=at,
            scopes=sorted(catalogue.post("town_dispatcher").permissions), made_by=Person.objects.get(username="dispatcher"),
            expires_at=at + timedelta(days=1),
        )  # fmt: skip
        found = grids(town.code)
        with acting(machine_act("import", at)):
            numbers = list(Case.objects.filter(area__gte=town.code, area__lt=f"{town.code}~").values_list("number", flat=True)[:200])
        points = [(area.lon, area.lat) for area in map(people.area, found) if area and area.lon]
        targets.append({"token": secret, "area": town.code, "grids": found, "points": points, "numbers": numbers})
    texts = [text for one in written() for text in re.findall("[\u4e00-\u9fff]{4,}", one.text.split("{spot}")[-1])]
    return {"targets": targets, "words": sorted({text[:length] for text in texts for length in (2, 4)}), "session": _session()}


def _session() -> str:
    director = Person.objects.get(username="director")
    session = SessionStore()
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(director.pk), director.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session.create()
    return str(session.session_key)


def main() -> None:
    """Do one of the three, and say what came of it."""
    told = load(int(sys.argv[2]), now()) if sys.argv[1] == "cases" else fold() if sys.argv[1] == "fold" else keys(now())
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
