"""Foreign records, brought in whole: citizens' messages with their replies, and service requests of another city.

Each goes into a throwaway district of its own (decision 34), at the times at which everything really happened; what has no
place goes to the desk for what has no place. The same file brought in twice comes in once.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from fengqiao.across.exchange.imports import messages, requests311
from fengqiao.across.exchange.imports.tally import Tally
from fengqiao.base.clock import now

SHOWN = 20
KINDS: dict[str, Callable[[argparse.Namespace], Tally]] = {
    "messages": lambda given: messages.bring_in(given.file, now(), given.limit),
    "la311": lambda given: requests311.bring_in(given.file, given.outlines, now(), given.limit),
}


def main(what: str, arguments: list[str]) -> int:
    """Bring a file in and say what became of it."""
    parser = argparse.ArgumentParser(prog=f"fengqiao import {what}")
    parser.add_argument("file", type=Path, help="CSV, plain or gzip")
    parser.add_argument("--limit", type=int, default=0, help="only the first so many rows")
    if what == "la311":
        parser.add_argument("--outlines", type=Path, required=True, help="GeoJSON with the councils' outlines")
    began = time.monotonic()
    tally = KINDS[what](parser.parse_args(arguments))
    report(tally, time.monotonic() - began)
    return 0


def report(tally: Tally, seconds: float) -> None:
    """Print the count."""
    say = sys.stdout.write
    say(f"{tally.rows:>8} rows in\n{tally.opened:>8} cases out, with {tally.events} events\n{tally.known:>8} known before\n")
    say(f"{len(tally.refused):>8} refused\n")
    for reason, count in Counter(reason for _row, reason in tally.refused).most_common(SHOWN):
        rows = ", ".join(str(row) for row, why in tally.refused if why == reason)
        say(f"{count:>12}  {reason} (rows {rows[:60]}{'…' if len(rows) > 60 else ''})\n")
    for title, count in sorted(tally.counts.items()):
        say(f"{count:>8} {title}\n")
    if tally.replied:
        say(f"{tally.replied:>8} answered or ended; working days until then: ")
        say(f"median {tally.median:.1f}, nine in ten within {tally.ninth:.1f}\n")
        for days, met in sorted(tally.met.items()):
            say(f"{met:>8} ({100 * met / tally.replied:.1f}%) would have met a limit of {days} working days\n")
    say(f"Took {seconds:.1f} s: {tally.opened / max(seconds, 0.001):.0f} cases/s, {tally.events / max(seconds, 0.001):.0f} events/s\n")
