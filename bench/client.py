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
from uuid import uuid4

AREA = "990101001"
BOXES = ("to_accept", "in_hand", "to_assign", "all", "to_sign")
FILTERS = ("", "&category=05", "&colour=on_time", "&kind=incident", "&sort=newest")


@dataclass(slots=True)
class Taken:
    """What one phase measured."""

    latencies: list[float] = field(default_factory=list)
    wrong: int = 0
    first_wrong: str = ""
    ids: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Target:
    """Where to send, and as whom."""

    port: int
    token: str
    points: list[tuple[float, float]]


def creating(target: Target) -> Iterator[bytes]:
    """Yield reports without end."""
    chance = random.Random(time.time_ns())
    for number in itertools.count():
        lon, lat = chance.choice(target.points)
        asked = {
            "text": f"路灯不亮，编号 {number}。晚上接孩子回来一片黑。",
            "category": "0505",
            "place": {"lon": lon, "lat": lat, "accuracy": 10},
        }
        yield _post(target, "/api/cases", {"kind": "incident", "asked": asked})


def moving(target: Target, ids: list[str]) -> Iterator[bytes]:
    """Yield an acceptance for every case; whoever moves many wants no page back (RFC 7240)."""
    while ids:
        yield _post(target, f"/api/cases/{ids.pop()}/moves/accept", {"asked": {}}, "Prefer: return=minimal\r\n")


def moving_and_seeing(target: Target, ids: list[str]) -> Iterator[bytes]:
    """Yield the same, with the whole case as the answer: what the desk does."""
    while ids:
        yield _post(target, f"/api/cases/{ids.pop()}/moves/accept", {"asked": {}})


def listing(target: Target) -> Iterator[bytes]:
    """Yield filtered pages of fifty."""
    for box, extra in itertools.cycle(itertools.product(BOXES, FILTERS)):
        path = f"/api/cases?box={box}&area={AREA}&limit=50{extra}"
        yield f"GET {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {target.token}\r\nAccept: application/json\r\n\r\n".encode()


def _post(target: Target, path: str, body: object, more: str = "") -> bytes:
    data = json.dumps(body, ensure_ascii=False).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {target.token}\r\nContent-Type: application/json\r\n"
        f"Accept: application/json\r\nIdempotency-Key: {uuid4().hex}\r\n{more}Content-Length: {len(data)}\r\n\r\n"
    )
    return head.encode() + data


async def measure(target: Target, clients: int, seconds: float, requests: Iterator[bytes], keep_ids: bool = False) -> tuple[Taken, float]:
    """Let so many clients ask for so long; returns what was measured and how long it took."""
    taken, began = Taken(), time.perf_counter()
    until = began + seconds
    await asyncio.gather(*(_one(target.port, requests, until, taken, keep_ids) for _client in range(clients)))
    return taken, time.perf_counter() - began


async def _one(port: int, requests: Iterator[bytes], until: float, taken: Taken, keep_ids: bool) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for request in requests:
        began = time.perf_counter()
        if began >= until:
            break
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        status, body = int(head[9:12]), await _body(reader, head)
        taken.latencies.append(time.perf_counter() - began)
        if status >= 300:
            taken.wrong += 1
            taken.first_wrong = taken.first_wrong or body[:300].decode(errors="replace")
        elif keep_ids:
            at = body.index(b'"id":"') + 6
            taken.ids.append(body[at : at + 36].decode())
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
    target = Target(plan["port"], plan["token"], [(lon, lat) for lon, lat in plan["points"]])
    found = []
    for clients in plan["clients"]:
        ids: list[str] = []
        phases: list[tuple[str, Callable[[], Iterator[bytes]], bool]] = [
            ("create", lambda: creating(target), True),
            ("move", lambda ids=ids: moving(target, ids), False),  # type: ignore[misc]
            ("create", lambda: creating(target), True),
            ("move and see", lambda ids=ids: moving_and_seeing(target, ids), False),  # type: ignore[misc]
            ("list", lambda: listing(target), False),
        ]
        for name, requests, keep in phases:
            before = processor_seconds(plan["roots"])
            taken, took = asyncio.run(measure(target, clients, plan["seconds"], requests(), keep))
            ids += taken.ids
            latencies = sorted(taken.latencies)
            if not latencies:
                raise SystemExit(f"Nothing was answered well while measuring “{name}”: {taken.first_wrong}")
            cost = (processor_seconds(plan["roots"]) - before) * 1000 / len(latencies)
            found.append(
                {
                    "name": name,
                    "clients": clients,
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
