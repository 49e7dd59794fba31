"""A small HTTP client that measures: keep-alive connections, prepared requests, nothing that takes the server's processor."""

import asyncio
import itertools
import json
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

BOXES = ("to_accept", "in_hand", "to_assign", "all", "to_sign")
FILTERS = ("", "&category=05", "&colour=on_time", "&kind=incident", "&sort=newest")
Request = tuple[bytes, int]
APART = 0.01
"""Seconds between two clients' coming."""


@dataclass(slots=True)
class Taken:
    """What one phase measured."""

    latencies: list[float] = field(default_factory=list)
    sent: int = 0
    wrong: int = 0
    first_wrong: str = ""
    ids: list[tuple[str, int]] = field(default_factory=list)


@dataclass(slots=True)
class Target:
    """Where to send, and as whom: each town has a key of its own, and what it is asked about."""

    port: int
    towns: list[dict[str, Any]]
    words: list[str]
    session: str

    def get(self, path: str, town: int) -> Request:
        head = f"GET {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {self.towns[town]['token']}\r\n"
        return f"{head}Accept: application/json\r\n\r\n".encode(), town

    def post(self, path: str, body: object, town: int, more: str = "") -> Request:
        data = json.dumps(body, ensure_ascii=False).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {self.towns[town]['token']}\r\nAccept: application/json\r\n"
            f"Content-Type: application/json\r\nIdempotency-Key: {uuid4().hex}\r\n{more}Content-Length: {len(data)}\r\n\r\n"
        )
        return head.encode() + data, town


def creating(target: Target) -> Iterator[Request]:
    """Yield reports without end, in every town: a town has 99,999 numbers for a day."""
    chance = random.Random(time.time_ns())
    for number in itertools.count():
        town = chance.randrange(len(target.towns))
        lon, lat = chance.choice(target.towns[town]["points"])
        asked = {
            "text": f"路灯不亮，编号 {number}。晚上接孩子回来一片黑。",
            "category": "0505",
            "place": {"lon": lon, "lat": lat, "accuracy": 10},
        }
        yield target.post("/api/cases", {"kind": "incident", "asked": asked}, town)


def moving(target: Target, ids: list[tuple[str, int]]) -> Iterator[Request]:
    """Yield an acceptance for every case; whoever moves many wants no page back (RFC 7240)."""
    while ids:
        case, town = ids.pop()
        yield target.post(f"/api/cases/{case}/moves/accept", {"asked": {}}, town, "Prefer: return=minimal\r\n")


def moving_and_seeing(target: Target, ids: list[tuple[str, int]]) -> Iterator[Request]:
    """Yield the same, with the whole case as the answer: what the desk does."""
    while ids:
        case, town = ids.pop()
        yield target.post(f"/api/cases/{case}/moves/accept", {"asked": {}}, town)


def listing(target: Target) -> Iterator[Request]:
    """Yield filtered pages of fifty; every third of the largest town, which holds a fifth of all cases."""
    for number, (box, extra) in enumerate(itertools.cycle(itertools.product(BOXES, FILTERS))):
        town = 0 if number % 3 == 0 else number % len(target.towns)
        yield target.get(f"/api/cases?box={box}&area={target.towns[town]['area']}&limit=50{extra}", town)


def searching_text(target: Target) -> Iterator[Request]:
    """Yield words of two and of four characters, as they stand in the texts: the commonest ones too."""
    for number, word in enumerate(itertools.cycle(target.words)):
        yield target.get(f"/api/cases?box=all&q={quote(word)}&limit=50", number % len(target.towns))


def searching_number(target: Target) -> Iterator[Request]:
    """Yield case numbers."""
    for number in itertools.count():
        town = number % len(target.towns)
        yield target.get(f"/api/cases?q={target.towns[town]['numbers'][number % len(target.towns[town]['numbers'])]}", town)


def searching_place(target: Target) -> Iterator[Request]:
    """Yield grids: the newest cases of one grid."""
    for number in itertools.count():
        town = number % len(target.towns)
        grid = target.towns[town]["grids"][number % len(target.towns[town]["grids"])]
        yield target.get(f"/api/cases?box=all&area={grid}&sort=newest&limit=50", town)


def opening_day(target: Target) -> Iterator[Request]:
    """Yield the day page of the district's director, as a browser asks for it."""
    asked = f"GET /day/ HTTP/1.1\r\nHost: bench\r\nCookie: sessionid={target.session}\r\nAccept: text/html\r\n\r\n"
    while True:
        yield asked.encode(), 0


async def measure(target: Target, clients: int, seconds: float, requests: Iterator[Request], keep_ids: bool = False) -> tuple[Taken, float]:
    """Let so many clients ask for so long; returns what was measured and how long it took.

    They come one after another: of clients that all knock in the same instant, one web process takes nearly all. The clock
    begins when the last has come.
    """
    taken, since = Taken(), time.perf_counter() + clients * APART
    comings = (_one(target.port, requests, number * APART, (since, since + seconds), taken, keep_ids) for number in range(clients))
    await asyncio.gather(*comings)
    return taken, time.perf_counter() - since


async def _one(port: int, requests: Iterator[Request], comes: float, span: tuple[float, float], taken: Taken, keep_ids: bool) -> None:
    await asyncio.sleep(comes)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for request, town in requests:
        began = time.perf_counter()
        if began >= span[1]:
            break
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        status, body = int(head[9:12]), await _body(reader, head)
        taken.sent += 1
        if began >= span[0]:
            taken.latencies.append(time.perf_counter() - began)
        if status >= 300:
            taken.wrong += 1
            taken.first_wrong = taken.first_wrong or body[:300].decode(errors="replace")
        elif keep_ids:
            at = body.index(b'"id":"') + 6
            taken.ids.append((body[at : at + 36].decode(), town))
    writer.close()


async def _body(reader: asyncio.StreamReader, head: bytes) -> bytes:
    low = head.lower()
    at = low.find(b"content-length:")
    if at >= 0:
        return await reader.readexactly(int(low[at + 15 : low.index(b"\r", at)]))
    whole = b""
    while size := int(await reader.readline(), 16):
        whole += await reader.readexactly(size)
        await reader.readline()
    await reader.readline()
    return whole


def processor_seconds(roots: list[int]) -> float:
    """Return the processor time that these processes and their descendants have used: what the neighbours do does not count."""
    parents, used = {}, {}
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = place.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        pid = int(place.parent.name)
        parents[pid], used[pid] = int(fields[1]), (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    total = 0.0
    for pid, seconds in used.items():
        above = pid
        while above and above not in roots:
            above = parents.get(above, 0)
        total += seconds if above else 0
    return total


def main() -> None:
    """Measure one round: read the plan from standard input, write the figures to standard output."""
    plan = json.load(sys.stdin)
    target = Target(plan["port"], plan["targets"], plan["words"], plan["session"])
    found = []
    for clients in plan["clients"]:
        ids: list[tuple[str, int]] = []
        phases: list[tuple[str, int, Callable[[], Iterator[Request]], bool]] = []
        if clients == plan["clients"][0]:
            # Before anybody writes: no worker runs here, and the day's page counts by hand what no worker has folded in.
            phases += [
                ("day page", 1, lambda: opening_day(target), False),
                ("search: text", clients, lambda: searching_text(target), False),
                ("search: number", clients, lambda: searching_number(target), False),
                ("search: place", clients, lambda: searching_place(target), False),
            ]
        phases += [
            ("create", clients, lambda: creating(target), True),
            ("move", clients, lambda ids=ids: moving(target, ids), False),  # type: ignore[misc]
            ("create", clients, lambda: creating(target), True),
            ("move and see", clients, lambda ids=ids: moving_and_seeing(target, ids), False),  # type: ignore[misc]
            ("list", clients, lambda: listing(target), False),
        ]
        for name, many, requests, keep in phases:
            before = processor_seconds(plan["roots"])
            taken, took = asyncio.run(measure(target, many, plan["seconds"], requests(), keep))
            ids += taken.ids
            latencies = sorted(taken.latencies)
            if not latencies:
                raise SystemExit(f"Nothing was answered well while measuring “{name}”: {taken.first_wrong}")
            cost = (processor_seconds(plan["roots"]) - before) * 1000 / taken.sent
            found.append(
                {
                    "name": name,
                    "clients": many,
                    "rate": len(latencies) / took,
                    "cost": cost,
                    "wrong": taken.wrong,
                    "first_wrong": taken.first_wrong,
                    "p50": latencies[len(latencies) // 2] * 1000,
                    "p95": latencies[int(len(latencies) * 0.95)] * 1000,
                }
            )
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
