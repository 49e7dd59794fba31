"""The benchmark (issue "The house and the loop", Speed): a district of its own, real HTTP, rights applied, durable commits.

./run bench                     100,000 cases, 8 and 64 clients, medians of 3 rounds; writes bench/RESULTS.md
./run bench --million           the same again with 1,000,000 cases, and how flat it is
./run bench --cases 1000000     one size only
./run bench --quick             1 short round with 5,000 cases, to see that it works
./run bench --start             how long a fresh clone, a first and a second start take, and how much memory (bench/start.py)
python bench/screens.py         what people wait for, in a browser at a running demo: bytes, first paint, first rows

Loaded cases are kept (`.fengqiao/bench-<cases>`), and each run measures a copy of them: so it always begins with so many
cases, and with all numbers of the day. The first run of a size has to load it, which for a million takes a while.
"""

import argparse
import json
import os
import platform
import secrets
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from fengqiao.base.clock import now
from fengqiao.site import launcher

HERE = Path(__file__).parent
AIMS = {"create": 500, "move": 500, "list": 300}
SLOWEST = {"list": 100, "search: text": 100, "search: number": 100, "search: place": 100, "day page": 200}
KEPT, COPY = "fengqiao", "fengqiao_bench"
FLAT = 1.2


def main(arguments: list[str] | None = None) -> int:
    """Measure and write down."""
    asked = _asked(arguments)
    if asked.start:
        subprocess.run([sys.executable, str(HERE / "start.py")], check=True)
        return 0
    told = [_one_size(asked, size) for size in ((asked.cases, 1_000_000) if asked.million else (asked.cases,))]
    text = _report(asked, told)
    sys.stdout.write(text)
    if not asked.quick:
        (HERE / "RESULTS.md").write_text(text, encoding="utf-8")
    return 0


def _asked(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench", description="Measure how fast a district is.")
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--million", action="store_true", help="measure again with a million cases, and how flat it is")
    parser.add_argument("--quick", action="store_true", help="one short round, to see that it works")
    parser.add_argument("--start", action="store_true", help="measure how it starts instead")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3.0, help="how long each figure is measured in each round")
    parser.add_argument("--clients", type=int, nargs="+", default=[8, 64])
    parser.add_argument("--workers", type=int, default=2, help="web processes")
    parser.add_argument("--server", choices=("uvicorn", "granian"), default="uvicorn")
    parser.add_argument("--data", default=".fengqiao/bench", help="where loaded districts are kept, one for each size")
    asked = parser.parse_args(arguments)
    if asked.quick:
        asked.cases, asked.rounds, asked.seconds = 5_000, 1, 1.5
    return asked


def _environment(data: Path, server: launcher.Server, name: str = KEPT) -> dict[str, str]:
    key = data / "secret-key"
    if not key.exists():
        key.write_text(secrets.token_urlsafe(48), encoding="ascii")
        key.chmod(0o600)
    return {
        **os.environ, "FENGQIAO_MODE": "demo", "FENGQIAO_LIFE": "no", "FENGQIAO_DATA": str(data), "FENGQIAO_POOL": "12", "PYTHONUTF8": "1",
        "DJANGO_SETTINGS_MODULE": "fengqiao.site.settings", "DATABASE_URL": server.app_url(name),
        "DATABASE_OWNER_URL": server.owner_url("postgres"),
    }  # fmt: skip


def _one_size(asked: argparse.Namespace, size: int) -> dict[str, Any]:
    data = Path(f"{asked.data}-{size}").resolve()
    data.mkdir(parents=True, exist_ok=True)
    server = launcher.start(data)
    try:
        sys.stderr.write(f"Loading up to {size:,} cases ...\n")
        environment = {**_environment(data, server), "FENGQIAO_POOL": "0"}
        subprocess.run([sys.executable, "-m", "fengqiao", "prepare", "--demo"], env=environment, check=True)
        loaded = _told({**environment, "BENCH_OWNER_URL": server.owner_url(KEPT)}, "cases", str(size))
        with psycopg.connect(server.owner_url(KEPT), autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE" if loaded["opened"] or loaded["made"] else "ANALYZE")
        with _copied(server.owner_url("postgres")):
            return {"size": size, "loaded": loaded, **_measured(asked, data, server)}
    finally:
        launcher.stop(server)


def _measured(asked: argparse.Namespace, data: Path, server: launcher.Server) -> dict[str, Any]:
    environment = _environment(data, server, COPY)
    targets = _told({**environment, "FENGQIAO_POOL": "0"}, "keys")
    with psycopg.connect(server.app_url(COPY), autocommit=True) as connection:
        said = connection.execute(
            "SELECT current_user, current_setting('synchronous_commit'), current_setting('server_version')"
        ).fetchone()
    postmaster = int((data / "postgres" / "base" / "postmaster.pid").read_text().split()[0])
    rounds = []
    with _serving(asked, environment) as (port, process):
        plan = {"port": port, "roots": [process, postmaster], "clients": asked.clients, "seconds": 1.5, **targets}
        _client(plan)  # warm: statements prepared, memories filled
        for number in range(asked.rounds):
            sys.stderr.write(f"Round {number + 1} of {asked.rounds} ...\n")
            _told({**environment, "FENGQIAO_POOL": "0", "BENCH_OWNER_URL": server.owner_url(COPY)}, "fold")
            rounds.append(_client({**plan, "seconds": asked.seconds}))
    assert said is not None
    return {"rounds": rounds, "role": said[0], "durable": said[1], "postgres": said[2], "load": os.getloadavg()[0]}


def _told(environment: dict[str, str], *arguments: str) -> dict[str, Any]:
    done = subprocess.run([sys.executable, str(HERE / "load.py"), *arguments], env=environment, check=True, stdout=subprocess.PIPE)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


@contextmanager
def _copied(owner: str) -> Iterator[None]:
    """Measure a copy, so that the next run finds as many cases as this one."""
    drop, copy = f"DROP DATABASE IF EXISTS {COPY} WITH (FORCE)", f"CREATE DATABASE {COPY} TEMPLATE {KEPT} STRATEGY FILE_COPY"
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute(drop)
        connection.execute(copy)
    try:
        yield
    finally:
        with psycopg.connect(owner, autocommit=True) as connection:
            connection.execute(drop)


@contextmanager
def _serving(asked: argparse.Namespace, environment: dict[str, str]) -> Iterator[tuple[int, int]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    told = {name: value for name, value in environment.items() if name != "DATABASE_OWNER_URL"}
    if asked.server == "granian":
        command = [
            "granian",
            "--interface",
            "asgi",
            "--port",
            str(port),
            "--workers",
            str(asked.workers),
            "--no-access-log",
            "fengqiao.site.asgi:app",
        ]
    else:
        command = [
            "uvicorn",
            "fengqiao.site.asgi:app",
            "--port",
            str(port),
            "--workers",
            str(asked.workers),
            "--no-access-log",
            "--log-level",
            "warning",
        ]
    process = subprocess.Popen([sys.executable, "-m", *command], env=told)
    try:
        began = time.monotonic()
        while time.monotonic() - began < 60:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.2)
        time.sleep(2)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(20)


def _client(plan: dict[str, Any]) -> list[dict[str, Any]]:
    done = subprocess.run([sys.executable, str(HERE / "client.py")], input=json.dumps(plan), text=True, check=True, stdout=subprocess.PIPE)
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def _additions() -> float:
    """Return how long a core takes for a fixed piece of work: hired machines are twice as fast at some hours as at others."""
    begun, total = time.process_time(), 0
    for number in range(20_000_000):
        total += number
    return time.process_time() - begun


def _report(asked: argparse.Namespace, told: list[dict[str, Any]]) -> str:
    cpu = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")), "?"
    )
    lines = [
        "# How fast", "",
        f"Measured {now():%Y-%m-%d %H:%M} UTC by `./run bench{' --million' if asked.million else ''}`: {os.cpu_count()} cores of {cpu}, "
        f"Python {platform.python_version()}, PostgreSQL {told[0]['postgres']}, {asked.workers} web processes ({asked.server}), "
        f"client on the same machine, `synchronous_commit={told[0]['durable']}`, database role `{told[0]['role']}` (no superuser, "
        f"row-level security on), medians of {asked.rounds} interleaved rounds of {asked.seconds:g} s. "
        f"Load of the machine at the end, one minute: {', '.join(format(one['load'], '.1f') for one in told)}. "
        f"How fast this machine was just then: twenty million additions in Python took {_additions():.1f} s.", "",
        "| cases | what | clients | requests/s (least to most) | p50 ms | p95 ms | processor ms a request | wrong | aim |",
        "|---|---|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    for size in told:
        lines += [_line(size["size"], *key, found) for key, found in _by_kind(size).items()]
    lines += [
        "", "*Processor ms a request* is what web processes and database used for one request, whatever else ran on the machine: a quiet "
        f"machine of {os.cpu_count()} cores gives about {os.cpu_count()}000 divided by it, less what the client needs.",
    ]  # fmt: skip
    for size in told:
        loaded = size["loaded"]
        if loaded["opened"]:
            lines += ["", f"Loaded {loaded['opened']:,} cases with {loaded['events']:,} events in {loaded['took']:.0f} s: "
                      f"{loaded['opened'] / loaded['took']:,.0f} cases/s, {loaded['events'] / loaded['took']:,.0f} events/s."]  # fmt: skip
        if loaded["copied"]:
            lines += ["", f"{loaded['copied']:,} of the {size['size']:,} cases are copies of loaded ones (`bench/multiply.py`)."]
    if len(told) > 1:
        lines += _flatness(told[0], told[-1])
    return "\n".join(lines) + "\n"


def _by_kind(size: dict[str, Any]) -> dict[tuple[str, int], list[dict[str, Any]]]:
    kinds: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for one in (one for every in size["rounds"] for one in every):
        kinds.setdefault((one["name"], one["clients"]), []).append(one)
    return kinds


def _flatness(few: dict[str, Any], many: dict[str, Any]) -> list[str]:
    """Say how much more a request costs with ten times as many cases (aim: a fifth more at most)."""
    lines = [
        "",
        f"What a request costs the processor with {many['size']:,} cases instead of {few['size']:,} (aim: at most {FLAT:.1f}):",
        "",
    ]
    lines += ["| what | clients | times as much | |", "|---|---|---|---|"]
    costs = [{key: statistics.median(one["cost"] for one in found) for key, found in _by_kind(size).items()} for size in (few, many)]
    for (name, clients), cost in costs[0].items():
        times = costs[1][name, clients] / cost
        lines.append(f"| {name} | {clients} | {times:.2f} | {'flat' if times <= FLAT else 'not flat'} |")
    return lines


def _line(size: int, name: str, clients: int, rounds: list[dict[str, Any]]) -> str:
    rates = [one["rate"] for one in rounds]
    rate, p50, p95, cost = (statistics.median(one[figure] for one in rounds) for figure in ("rate", "p50", "p95", "cost"))
    aim, slowest = AIMS.get(name), SLOWEST.get(name)
    said = [f"{aim}/s"] if aim else []
    said += [f"p95 < {slowest} ms"] if slowest else []
    met = (aim is None or rate >= aim) and (slowest is None or p95 < slowest)
    wanted = f"{', '.join(said)}: {'met' if met else 'not met'}" if said else ""
    wrong = sum(one["wrong"] for one in rounds)
    note = f" ({next(one['first_wrong'] for one in rounds if one['first_wrong'])[:80]})" if wrong else ""
    return (
        f"| {size:,} | {name} | {clients} | {rate:,.0f} ({min(rates):,.0f} to {max(rates):,.0f}) | {p50:.1f} | {p95:.1f} | {cost:.2f} "
        f"| {wrong}{note} | {wanted} |"
    )


if __name__ == "__main__":
    raise SystemExit(main())
