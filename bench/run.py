"""The benchmark (issue "The house and the loop", Speed): a district of its own, real HTTP, rights applied, durable commits.

./run bench                 100,000 cases, 8 and 64 clients, medians of 5 rounds; writes bench/RESULTS.md
./run bench --million       the same again with 1,000,000 cases, and how flat it is
./run bench --quick         1 short round with 5,000 cases, to see that it works
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
TARGETS = {"create": 500, "move": 500, "list": 300}
EVERY = ("create", "move", "move and see", "list")


def main(arguments: list[str] | None = None) -> int:
    """Measure and write down."""
    asked = _asked(arguments)
    data = Path(asked.data).resolve()
    data.mkdir(parents=True, exist_ok=True)
    server = launcher.start(data)
    try:
        environment = _environment(data, server)
        subprocess.run([sys.executable, "-m", "fengqiao", "prepare", "--demo"], env={**environment, "FENGQIAO_POOL": "0"}, check=True)
        told: list[dict[str, Any]] = []
        for size in (asked.cases, 1_000_000) if asked.million else (asked.cases,):
            told.append(_one_size(asked, environment, server.owner_url("fengqiao"), size))
        text = _report(asked, told)
        sys.stdout.write(text)
        if not asked.quick:
            (HERE / "RESULTS.md").write_text(text, encoding="utf-8")
    finally:
        launcher.stop(server)
    return 0


def _asked(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench", description="Measure how fast a district is.")
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--million", action="store_true", help="measure again with a million cases")
    parser.add_argument("--quick", action="store_true", help="one short round, to see that it works")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=5.0, help="how long each figure is measured in each round")
    parser.add_argument("--clients", type=int, nargs="+", default=[8, 64])
    parser.add_argument("--workers", type=int, default=2, help="web processes")
    parser.add_argument("--server", choices=("uvicorn", "granian"), default="uvicorn")
    parser.add_argument("--data", default=".fengqiao/bench")
    asked = parser.parse_args(arguments)
    if asked.quick:
        asked.cases, asked.rounds, asked.seconds = 5_000, 1, 2.0
    return asked


def _environment(data: Path, server: launcher.Server) -> dict[str, str]:
    key = data / "secret-key"
    if not key.exists():
        key.write_text(secrets.token_urlsafe(48), encoding="ascii")
        key.chmod(0o600)
    return {
        **os.environ, "FENGQIAO_MODE": "demo", "FENGQIAO_LIFE": "no", "FENGQIAO_DATA": str(data), "FENGQIAO_POOL": "8", "PYTHONUTF8": "1",
        "DJANGO_SETTINGS_MODULE": "fengqiao.site.settings", "DATABASE_URL": server.app_url("fengqiao"),
        "DATABASE_OWNER_URL": server.owner_url("postgres"),
    }  # fmt: skip


def _one_size(asked: argparse.Namespace, environment: dict[str, str], owner: str, size: int) -> dict[str, Any]:
    sys.stderr.write(f"Loading up to {size:,} cases ...\n")
    loaded = json.loads(
        subprocess.run([sys.executable, str(HERE / "load.py"), str(size)], env=environment, check=True, stdout=subprocess.PIPE).stdout
    )
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
        durable = connection.execute("SHOW synchronous_commit").fetchone()
        role = environment["DATABASE_URL"].split("//")[1].split(":")[0]
        version = connection.execute("SHOW server_version").fetchone()
    rounds = []
    postmaster = int((Path(asked.data).resolve() / "postgres" / "base" / "postmaster.pid").read_text().split()[0])
    with _serving(asked, environment) as (port, process):
        plan = {
            "port": port,
            "roots": [process, postmaster],
            "token": loaded["token"],
            "points": loaded["points"],
            "clients": asked.clients,
            "seconds": 1.5,
        }
        _client(plan)  # warm: statements prepared, memories filled
        for number in range(asked.rounds):
            sys.stderr.write(f"Round {number + 1} of {asked.rounds} ...\n")
            rounds.append(_client({**plan, "seconds": asked.seconds}))
    return {"size": size, "loaded": loaded, "rounds": rounds, "durable": durable, "role": role, "postgres": version}


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


def _report(asked: argparse.Namespace, told: list[dict[str, Any]]) -> str:
    cpu = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")), "?"
    )
    lines = [
        "# How fast", "",
        f"Measured {now():%Y-%m-%d %H:%M} UTC by `./run bench{' --million' if asked.million else ''}`: {os.cpu_count()} cores of {cpu}, "
        f"Python {platform.python_version()}, PostgreSQL {told[0]['postgres'][0]}, {asked.workers} web processes ({asked.server}), "
        f"client on the same machine, `synchronous_commit={told[0]['durable'][0]}`, database role `{told[0]['role']}` (no superuser, "
        f"row-level security on), medians of {asked.rounds} interleaved rounds of {asked.seconds:g} s. "
        f"Load of the machine at the end, one minute: {os.getloadavg()[0]:.1f}.", "",
        "| cases | what | clients | requests/s (least to most) | p50 ms | p95 ms | processor ms a request | wrong | aim |",
        "|---|---|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    for size in told:
        for clients in asked.clients:
            for name in EVERY:
                found = [one for every in size["rounds"] for one in every if (one["name"], one["clients"]) == (name, clients)]
                lines.append(_line(size["size"], name, clients, found))
    lines += [
        "", "*Processor ms a request* is what web processes and database used for one request, whatever else ran on the machine: a quiet "
        f"machine of {os.cpu_count()} cores gives about {os.cpu_count()}000 divided by it, less what the client needs.",
    ]  # fmt: skip
    for size in told:
        loaded = size["loaded"]
        if loaded["opened"]:
            lines += ["", f"Loaded {loaded['opened']:,} cases with {loaded['events']:,} events in {loaded['took']:.0f} s: "
                      f"{loaded['opened'] / loaded['took']:,.0f} cases/s, {loaded['events'] / loaded['took']:,.0f} events/s."]  # fmt: skip
    return "\n".join(lines) + "\n"


def _line(size: int, name: str, clients: int, rounds: list[dict[str, Any]]) -> str:
    rates = [one["rate"] for one in rounds]
    rate, p50, p95, cost = (statistics.median(one[figure] for one in rounds) for figure in ("rate", "p50", "p95", "cost"))
    aim = TARGETS.get(name)
    met = aim is not None and rate >= aim and (name != "list" or p95 < 100)
    wanted = "" if aim is None else f"{aim}/s{', p95 < 100 ms' if name == 'list' else ''}: {'met' if met else 'not met'}"
    wrong = sum(one["wrong"] for one in rounds)
    note = f" ({next(one['first_wrong'] for one in rounds if one['first_wrong'])[:80]})" if wrong else ""
    return (
        f"| {size:,} | {name} | {clients} | {rate:,.0f} ({min(rates):,.0f} to {max(rates):,.0f}) | {p50:.1f} | {p95:.1f} | {cost:.2f} "
        f"| {wrong}{note} | {wanted} |"
    )


if __name__ == "__main__":
    raise SystemExit(main())
