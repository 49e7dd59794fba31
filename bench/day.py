"""How much server time a day's page takes: the processor's and the database's, of one page after another in this process.

    python bench/day.py --data .fengqiao/bench-1000000 [--pages 20] [--user director]

Measures a district that is loaded already (``./run bench`` keeps its own), through the same views as a browser, with the
reader's rights applied. Says how many cases there are, the middle and the slowest page, and the slowest statements.
"""

import argparse
import os
import resource
import statistics
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from fengqiao.site import launcher

AIM = 200
PAGES = ("/day/", "/day/?wall=1", "/day/replay/?at=600", "/day/levels/", "/day/registry/", "/day/figures.csv", "/day/rows/?what=new")


def measure(user: str, pages: int) -> int:
    """Ask for every page so often, and say what it took."""
    import django

    django.setup()
    from django.db import connection
    from django.test import Client

    from fengqiao.people.models import Person

    client = Client(headers={"accept": "text/html"})
    client.force_login(Person.objects.get(username=user), backend="allauth.account.auth_backends.AuthenticationBackend")
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples::bigint FROM pg_class WHERE relname = 'cases'")
        sys.stdout.write(f"about {cursor.fetchone()[0]} cases\n")
    slow = 0
    for address in PAGES:
        statements: dict[str, list[float]] = defaultdict(list)

        def timed(execute: Any, sql: Any, params: Any, many: Any, context: Any, statements: dict[str, list[float]] = statements) -> Any:
            began = time.perf_counter()
            try:
                return execute(sql, params, many, context)
            finally:
                statements[" ".join(str(sql).split())[:90]].append(1000 * (time.perf_counter() - began))

        walls, processor = [], []
        with connection.execute_wrapper(timed):
            for _page in range(pages + 1):
                used, began = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
                answer = client.get(address)
                walls.append(1000 * (time.perf_counter() - began))
                after = resource.getrusage(resource.RUSAGE_SELF)
                processor.append(1000 * (after.ru_utime + after.ru_stime - used.ru_utime - used.ru_stime))
                if answer.status_code != 200:
                    raise SystemExit(f"{address}: {answer.status_code}")
        middle, most = statistics.median(walls[1:]), max(walls[1:])
        slow += middle > AIM and address == "/day/"
        database = sum(sum(each) for each in statements.values()) / len(walls)
        sys.stdout.write(
            f"{address}: {middle:.0f} ms in the middle, {most:.0f} at most; Python's processor {statistics.median(processor[1:]):.0f}, "
            f"database {database:.0f}\n"
        )
        for sql, each in sorted(statements.items(), key=lambda pair: -statistics.median(pair[1]))[:3]:
            sys.stdout.write(f"    {statistics.median(each):6.1f} ms  {sql}\n")
    return 1 if slow else 0


def main() -> int:
    """Start the district's database, measure, and stop it."""
    parser = argparse.ArgumentParser(prog="bench/day.py", description="Measure a day's page.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--pages", type=int, default=20)
    parser.add_argument("--user", default="director")
    parser.add_argument("--database", default="fengqiao", help="the name of the district's database")
    asked = parser.parse_args()
    server = launcher.start(asked.data.resolve())
    os.environ.update(
        DATABASE_URL=server.app_url(asked.database), FENGQIAO_DATA=str(asked.data.resolve()), FENGQIAO_MODE="demo", FENGQIAO_POOL="0"
    )
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fengqiao.site.settings")
    try:
        return measure(asked.user, asked.pages)
    finally:
        launcher.stop(server)


if __name__ == "__main__":
    raise SystemExit(main())
