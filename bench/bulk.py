"""How fast cases come in by the bulk path (`cases/bulk.py`): plain opening, with numbers, clocks, chain, outbox, grants and search.

    python bench/bulk.py [--cases 40000] [--hands 2] [--data DIR]

A district of its own in an embedded database; durable commits; the application's own weak role. Each hand is a process.
"""

import argparse
import os
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

from fengqiao.site import launcher

TARGET = 5_000
TEXTS = (
    "路灯不亮，夜里看不见路，请尽快修理。",
    "楼道口堆了一堆垃圾，气味很大。",
    "井盖松动，车一过就响，怕有人摔倒。",
    "商铺把货摆到人行道上了。",
)


def hand(number: int, count: int) -> int:
    """Bring cases in, in this process; prints how many a second and how much of the processor each took."""
    import django

    django.setup()
    from fengqiao.access.acting import acting
    from fengqiao.access.doors import machine_act
    from fengqiao.base.act import Act
    from fengqiao.base.clock import now
    from fengqiao.base.ids import new_id
    from fengqiao.cases.bulk import Journey, carry_all
    from fengqiao.cases.schemas import Report
    from fengqiao.people import queries as people

    at = now()
    act = machine_act("import", at)
    with acting(act):
        grids = [code for code, row in people.areas().items() if row.level == "grid"]
    journeys = (
        Journey(
            Act(new_id(), act.actor, at, "batch", key=f"bench:{number}:{at.timestamp()}:{n}"),
            "incident",
            Report(text=TEXTS[n % len(TEXTS)], category="0505", area=grids[(n * 7 + number) % len(grids)]),
        )
        for n in range(count)
    )
    began, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
    opened = sum(carried.opened for carried in carry_all(act, journeys))
    took, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF)
    spent = (after.ru_utime + after.ru_stime - used.ru_utime - used.ru_stime) / max(1, opened)
    sys.stdout.write(f"hand {number}: {opened / took:.0f} cases/s, {opened} in {took:.1f} s, {spent * 1e6:.0f} µs of Python each\n")
    return 0 if opened == count else 1


def main() -> int:
    """Make the district, let the hands work, say how fast it went."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=40_000)
    parser.add_argument("--hands", type=int, default=2)
    parser.add_argument("--data", default=".fengqiao/bench-bulk")
    parser.add_argument("--hand", type=int, default=-1, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fengqiao.site.settings")
    if asked.hand >= 0:
        return hand(asked.hand, asked.cases)
    data = Path(asked.data).resolve()
    server = launcher.start(data)
    try:
        told = {**os.environ, "FENGQIAO_DATA": str(data), "DATABASE_URL": server.app_url("bulk")}
        told["DATABASE_OWNER_URL"] = server.owner_url("postgres")
        seeds = "import django; django.setup(); import os; from fengqiao.site import database as d; "
        ready = "d.prepare(os.environ['DATABASE_OWNER_URL'], os.environ['DATABASE_URL'], demo=True)"
        subprocess.run([sys.executable, "-c", seeds + ready], env=told, check=True)
        for count in (800, asked.cases // asked.hands):  # the first is for warmth
            command = [sys.executable, __file__, "--cases", str(count), "--hand"]
            hands = [subprocess.Popen([*command, str(n)], env=told, stdout=subprocess.PIPE, text=True) for n in range(asked.hands)]
            said = [one.communicate()[0].strip() for one in hands]
        rates = [float(line.split()[2]) for line in said]
        sys.stdout.write("\n".join(said) + f"\n{asked.hands} hands together: {sum(rates):.0f} cases/s (aim {TARGET})\n")
        return int(any(one.returncode for one in hands))
    finally:
        launcher.stop(server)
        shutil.rmtree(data, ignore_errors=True)


if __name__ == "__main__":
    raise SystemExit(main())
