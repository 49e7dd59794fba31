"""Web, worker and database are killed at random while people work: nothing that was acknowledged is lost, doubled or half done.

A house of its own is set up: an embedded database, a web server and a worker, each started again when it is dead. Clients
report and move cases, and send again, with the same key, whatever was not acknowledged; old cases climb the ladder meanwhile.
"""

import contextlib
import hashlib
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest

from fengqiao.access import catalogue
from fengqiao.access.doors import machine, machine_act
from fengqiao.base.act import Act
from fengqiao.base.clock import now
from fengqiao.base.ids import derived_id, new_id
from fengqiao.cases import bulk, numbers, verifying
from fengqiao.cases.schemas import Report
from fengqiao.people import reference
from fengqiao.site import database, launcher
from fengqiao.testing import GROUND

SECONDS = int(os.environ.get("KILLS", "40"))
CLIENTS = 5
VICTIMS = ("one", "worker", "backend", "other", "backend", "worker", "database", "one")
OLD = 120
GRID = "990101001001001"
SECRET = "fq_" + "k" * 32


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class House:
    """A database, two web servers and a worker that somebody keeps alive."""

    def __init__(self, data: Path) -> None:
        self.data, self.over = data, threading.Event()
        self.server = launcher.start(data)
        self.owner_url, self.app_url = self.server.owner_url("kill"), self.server.app_url("kill")
        database.prepare(self.server.owner_url("postgres"), self.app_url, demo=True)
        self.ports = [free_port(), free_port()]
        told = {
            "FENGQIAO_MODE": "demo",
            "FENGQIAO_DATA": str(data),
            "DATABASE_URL": self.app_url,
            "FENGQIAO_POOL": "4",
            "FENGQIAO_LOG": "ERROR",
        }
        self.told = {**os.environ, **told, "FENGQIAO_SECRET_KEY": "for-tests-only", "FENGQIAO_TICK": "no"}
        self.told.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
        web = ["uvicorn", "fengqiao.site.asgi:app", "--log-level", "critical", "--no-access-log", "--port"]
        self.commands = {"one": [*web, str(self.ports[0])], "other": [*web, str(self.ports[1])], "worker": ["fengqiao", "worker"]}
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.deaths: Counter[str] = Counter()
        self.keeper = threading.Thread(target=self._keep, daemon=True)

    def open(self) -> None:
        self.keeper.start()

    def _keep(self) -> None:
        while not self.over.is_set():
            for name, command in self.commands.items():
                process = self.running.get(name)
                if process is None or process.poll() is not None:
                    self.running[name] = self._started(command)
            with contextlib.suppress(launcher.CannotStart):
                if not self._postmaster():
                    launcher.start(self.data).held.close()
            self.over.wait(0.2)

    def _started(self, command: list[str]) -> subprocess.Popen[bytes]:
        with (self.data / "log").open("ab") as log:
            return subprocess.Popen([sys.executable, "-m", *command], env=self.told, stderr=log, stdout=log)

    def said(self) -> str:
        """What the processes said last."""
        return (self.data / "log").read_text(encoding="utf-8", errors="replace")[-4_000:]

    def _postmaster(self) -> int:
        try:
            pid = int((self.server.home / "base" / "postmaster.pid").read_text().split()[0])
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (OSError, ValueError, IndexError):
            return 0
        return 0 if state == "Z" else pid

    def kill(self, what: str) -> None:
        """Kill -9 a process; of the database either the whole or one of those that serve."""
        pid = 0
        if what in self.running:
            pid = self.running[what].pid
        elif what == "database":
            pid = self._postmaster()
        elif what == "backend":
            with contextlib.suppress(psycopg.Error), psycopg.connect(self.owner_url, connect_timeout=2) as owner:
                row = owner.execute(
                    "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() "
                    "ORDER BY random() LIMIT 1"
                ).fetchone()
                pid = row[0] if row else 0
        if pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                self.deaths[what] += 1

    def close(self) -> None:
        self.over.set()
        if self.keeper.is_alive():
            self.keeper.join(60)
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(15)
            process.kill()


class Client(threading.Thread):
    """Somebody who reports and moves cases, and does not give up."""

    def __init__(self, house: House, until: float) -> None:
        super().__init__(daemon=True)
        self.house, self.until = house, until
        self.port = random.choice(house.ports)
        self.opened: dict[str, str] = {}
        self.moved: dict[str, tuple[str, str]] = {}
        self.strange: list[str] = []
        self.again = 0

    def run(self) -> None:
        while time.monotonic() < self.until:
            key = uuid4().hex
            body = {"kind": "incident", "asked": {"text": f"路灯不亮 {key[:6]}", "category": "0505", "area": GRID}}
            case = self._insist("/cases", body, key, 201)
            self.opened[key] = case["id"]
            for move, asked in (("accept", {}), ("triage", {"category": "0505"}), ("note", {"text": "在路上"})):
                key = uuid4().hex
                self._insist(f"/cases/{case['id']}/moves/{move}", {"asked": asked}, key, 200)
                self.moved[key] = (case["id"], move)

    def _insist(self, path: str, body: Any, key: str, expected: int) -> Any:
        """Send until it is acknowledged; one time in four send once more what was acknowledged already."""
        answers: list[Any] = []
        headers = {"Authorization": f"Bearer {SECRET}", "Idempotency-Key": key}
        more = 2 if random.random() < 0.25 else 1
        while len(answers) < more:
            try:
                answer = httpx.post(f"http://127.0.0.1:{self.port}/api{path}", json=body, headers=headers, timeout=10)
            except httpx.HTTPError:
                self.again += 1
                self.port = random.choice(self.house.ports)
                time.sleep(0.3)
                continue
            if answer.status_code == expected:
                answers.append(answer.json())
            elif answer.status_code >= 500:
                self.again += 1
                time.sleep(0.3)
            else:
                self.strange.append(f"{path}: {answer.status_code} {answer.text[:200]}")
                return answers[0] if answers else {"id": "0"}
        if len({one["id"] for one in answers}) != 1:
            self.strange.append(f"{path}: two answers to one key")
        return answers[0]


@pytest.fixture
def house(django_db_blocker: Any) -> Iterator[House]:
    data = GROUND / f"kill-{os.getpid()}"
    with django_db_blocker.unblock():
        made = House(data)
        try:
            yield made
        finally:
            made.close()
            launcher.stop(launcher.start(data))
            shutil.rmtree(made.server.home, ignore_errors=True)
            shutil.rmtree(data, ignore_errors=True)
            numbers.forget()
            reference.forget()


def furnish(house: House) -> UUID:
    """A key for the clients, and old cases whose every limit is long over; returns the key's id."""
    from fengqiao.access.models import Token
    from fengqiao.people.models import Person

    with database.connected_as(house.app_url):
        reference.forget()
        numbers.forget()
        scopes = sorted(catalogue.post("district_dispatcher").permissions)
        token = Token.objects.create(
            id=new_id(), name="tests", digest=hashlib.sha256(SECRET.encode()).hexdigest(), scopes=scopes, area="990101",
            made_by=Person.objects.order_by("username")[0], made_at=now(), expires_at=now() + timedelta(days=1),
        )  # fmt: skip
        long_ago = now() - timedelta(days=30)
        report = Report(text="很久以前的一件事", category="0505", area=GRID)
        journeys = [
            bulk.Journey(Act(new_id(), machine("import"), long_ago, "batch", key=f"old{n}"), "incident", report) for n in range(OLD)
        ]
        assert bulk.carry(machine_act("import", now()), journeys).opened == OLD
        numbers.forget()
        return token.id


def wait_until(what: str, sql: str, house: House, patience: float) -> None:
    began = time.monotonic()
    while time.monotonic() - began < patience:
        with contextlib.suppress(psycopg.Error), psycopg.connect(house.owner_url, connect_timeout=3) as owner:
            if owner.execute(sql).fetchone()[0]:  # type: ignore[call-overload, index]
                return
        time.sleep(0.5)
    raise AssertionError(f"not within {patience:.0f} s: {what}\n{house.said()}")


@pytest.mark.slow
@pytest.mark.timeout(420)
def test_whatever_is_killed_nothing_acknowledged_is_lost_doubled_or_half_done(house):
    token = furnish(house)
    house.open()
    began = time.monotonic()
    while time.monotonic() - began < 40:
        with contextlib.suppress(httpx.HTTPError):
            if all(httpx.get(f"http://127.0.0.1:{port}/api/openapi.json", timeout=5).status_code == 200 for port in house.ports):
                break
        time.sleep(0.2)
    chance, until = random.Random(), time.monotonic() + SECONDS
    clients = [Client(house, until) for _each in range(CLIENTS)]
    for client in clients:
        client.start()
    while time.monotonic() < until:
        for what in chance.sample(VICTIMS, len(VICTIMS)):
            time.sleep(chance.uniform(2, 5))
            house.kill(what)
    for client in clients:
        client.join(90)
        assert not client.is_alive(), "a client still waits for its answer"
    climbed = "SELECT count(*) = 0 FROM case_clock WHERE next_rung_at <= now()"
    wait_until("every ladder is climbed", climbed, house, 90)
    # Last, for climbing is an event too; and only what has waited a while, for the house goes on living.
    published = f"SELECT count(*) = 0 FROM case_outbox WHERE {UNPUBLISHED}"
    wait_until("every event is published", published, house, 120)
    house.close()
    opened = {key: case for client in clients for key, case in client.opened.items()}
    moved = {key: move for client in clients for key, move in client.moved.items()}
    told = f"{len(opened)} opened, {len(moved)} moved, {sum(client.again for client in clients)} sent again, deaths {dict(house.deaths)}"
    print(told)  # noqa: T201
    assert [one for client in clients for one in client.strange] == []
    assert len(opened) > 2 * CLIENTS, told
    assert sum(house.deaths.values()) >= SECONDS / 8, told
    with contextlib.suppress(launcher.CannotStart):
        launcher.start(house.data).held.close()
    check_acts(house, f"token:{token}", opened, moved)
    check_rows(house)
    check_ladder(house)
    with database.connected_as(house.app_url):
        reference.forget()
        found = verifying.verify(house.data / "anchors")
    assert found.faults == []
    assert found.events > len(opened) + len(moved)


def check_acts(house: House, actor: str, opened: dict[str, str], moved: dict[str, tuple[str, str]]) -> None:
    """Every acknowledged act is there, once, where it was said to be; and no act is there twice."""
    with psycopg.connect(house.owner_url) as owner:
        events: dict[str, list[tuple[str, str]]] = {}
        for act, case, move in owner.execute("SELECT act_id::text, case_id::text, move FROM case_event").fetchall():
            events.setdefault(act, []).append((case, move))
        keys = dict(owner.execute("SELECT key, case_id::text FROM case_act").fetchall())
    for key, case in opened.items():
        assert keys.get(key) == case, f"lost: {key}"
        assert events.get(str(derived_id(actor, key))) == [(case, "report")]
    for key, (case, move) in moved.items():
        assert events.get(str(derived_id(actor, key))) == [(case, move)], f"lost or doubled: {move} of {case}"
    reports = Counter(case for made in events.values() for case, move in made if move == "report")
    assert set(reports.values()) == {1}


UNPUBLISHED = "published_seq IS NULL AND at < now() - interval '20 seconds'"
HALF_DONE = {
    "events and the row's count differ": "SELECT c.id FROM cases c WHERE c.last_seq <> "
    "(SELECT count(*) FROM case_event e WHERE e.case_id = c.id)",
    "an event without outbox row": "SELECT e.id FROM case_event e LEFT JOIN case_outbox o ON o.event_id = e.id WHERE o.id IS NULL",
    "an outbox row without event": "SELECT o.id FROM case_outbox o LEFT JOIN case_event e ON e.id = o.event_id WHERE e.id IS NULL",
    "an event without what was said": "SELECT e.id FROM case_event e "
    "LEFT JOIN case_payload p ON p.event_id = e.id WHERE p.event_id IS NULL",
    "an open case without a clock that runs": "SELECT c.id FROM cases c WHERE c.state IN ('R', 'A', 'T') AND NOT EXISTS "
    "(SELECT 1 FROM case_clock k WHERE k.case_id = c.id AND k.ended_at IS NULL AND k.running_since IS NOT NULL)",
    "more than one of a state's clocks runs": "SELECT case_id FROM case_clock WHERE ended_at IS NULL AND running_since IS NOT NULL "
    "GROUP BY case_id HAVING count(*) > 1",
    "a case nobody can find": "SELECT c.id FROM cases c LEFT JOIN case_search s ON s.case_id = c.id WHERE s.case_id IS NULL",
    "a case without receipt": "SELECT c.id FROM cases c WHERE NOT EXISTS "
    "(SELECT 1 FROM case_grant g WHERE g.case_id = c.id AND g.why = 'receipt')",
    "a case without reporter": "SELECT c.id FROM cases c LEFT JOIN case_reporter r ON r.case_id = c.id WHERE r.case_id IS NULL",
    "a number given twice": "SELECT number FROM cases GROUP BY number HAVING count(*) > 1",
    "an event published twice or never": "SELECT published_seq FROM case_outbox GROUP BY published_seq "
    f"HAVING count(*) > 1 AND published_seq IS NOT NULL OR bool_or({UNPUBLISHED})",
}


def check_rows(house: House) -> None:
    """No act left half of its rows behind."""
    with psycopg.connect(house.owner_url) as owner:
        half = {name: owner.execute(sql).fetchall() for name, sql in HALF_DONE.items()}  # type: ignore[call-overload]
    assert {name: rows[:5] for name, rows in half.items() if rows} == {}


def check_ladder(house: House) -> None:
    """Every old case climbed every rung once, and every rung is an event of its own."""
    with psycopg.connect(house.owner_url) as owner:
        rungs = owner.execute(
            "SELECT r.case_id, r.clock, r.round, array_agg(r.rung ORDER BY r.rung) FROM case_rung r "
            "JOIN case_act a ON a.case_id = r.case_id "
            "WHERE a.key LIKE 'old%' GROUP BY 1, 2, 3"
        ).fetchall()
        (noted,) = owner.execute("SELECT count(*) FROM case_event WHERE move = 'supervise'").fetchone()  # type: ignore[misc]
        (climbed,) = owner.execute("SELECT count(*) FROM case_rung").fetchone()  # type: ignore[misc]
    assert len({row[0] for row in rungs}) == OLD
    assert {tuple(row[3]) for row in rungs} == {(1, 2, 3, 4)}
    assert noted == climbed
