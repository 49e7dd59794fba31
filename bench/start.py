"""How it starts: a fresh clone to its first page, a second start, and how much memory all of it holds.

    python bench/start.py [--keep]      (or ./run bench --start)

Clones this checkout into a folder of its own, runs `./run demo` there as a stranger would, and asks for the first page until
it answers. Packages come from wherever this machine gets them; what is downloaded counts. Memory is PSS: what several
processes share is counted once.
"""

import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.request import urlopen

HERE = Path(__file__).resolve().parents[1]
AIM, AGAIN_AIM, MEMORY_AIM = 90.0, 5.0, 700.0  # seconds, seconds, MB
PATIENCE = 900.0


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def started(place: Path) -> tuple[float, subprocess.Popen[bytes], int]:
    """Run the demo; returns after how many seconds its first page came, and the process."""
    port, began = free_port(), time.monotonic()
    # No virtual environment of ours: the clone makes its own.
    told = {name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "PYTHONPATH", "FENGQIAO_DATA")}
    demo = subprocess.Popen(["./run", "demo", "--port", str(port)], cwd=place, env=told, start_new_session=True, stdout=sys.stderr)
    while time.monotonic() - began < PATIENCE:
        try:
            with urlopen(f"http://127.0.0.1:{port}/", timeout=5) as page:
                if page.status == 200 and page.read():
                    return time.monotonic() - began, demo, port
        except OSError:
            time.sleep(0.2)
        if demo.poll() is not None:
            raise SystemExit(f"The demo ended with {demo.returncode} before its first page.")
    stopped(demo)
    raise SystemExit(f"No page after {PATIENCE:.0f} s.")


def stopped(demo: subprocess.Popen[bytes]) -> float:
    """End the demo as Ctrl+C does; returns how many seconds that took."""
    began = time.monotonic()
    os.killpg(demo.pid, signal.SIGINT)
    demo.wait(60)
    return time.monotonic() - began


def memory(place: Path) -> tuple[float, int]:
    """Return the PSS in MB of all processes of the clone, and how many there are."""
    total, many = 0, 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if str(place) not in os.readlink(process / "exe") + (process / "cmdline").read_text() + os.readlink(process / "cwd"):
                continue
            pss = next(line for line in (process / "smaps_rollup").read_text().splitlines() if line.startswith("Pss:"))
        except (OSError, StopIteration):
            continue
        total, many = total + int(pss.split()[1]), many + 1
    return total / 1024, many


def main() -> int:
    """Clone, start twice, look at the memory, and say it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", action="store_true", help="leave the clone where it is")
    asked = parser.parse_args()
    place = Path(tempfile.mkdtemp(prefix="fengqiao-start-")) / "clone"
    try:
        began = time.monotonic()
        subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", str(HERE), str(place)], check=True)
        cloned = time.monotonic() - began
        first, demo, _port = started(place)
        time.sleep(30)  # the district lives a little, and what is loaded late is loaded
        held, many = memory(place)
        stopped(demo)
        second, demo, _port = started(place)
        ending = stopped(demo)
        sys.stdout.write(
            f"| what | measured | aim |\n|---|---|---|\n"
            f"| fresh clone to the first page | {cloned + first:.1f} s | {AIM:.0f} s: {'met' if cloned + first <= AIM else 'not met'} |\n"
            f"| second start to the first page | {second:.1f} s | {AGAIN_AIM:.0f} s: {'met' if second <= AGAIN_AIM else 'not met'} |\n"
            f"| memory of the whole demo (PSS, {many} processes) | {held:.0f} MB "
            f"| {MEMORY_AIM:.0f} MB: {'met' if held < MEMORY_AIM else 'not met'} |\n"
            f"| the end, after Ctrl+C | {ending:.1f} s | |\n"
        )
    finally:
        if not asked.keep:
            shutil.rmtree(place.parent, ignore_errors=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
