"""Keeps the demo's processes: the database, the web server and the worker, all ended by one signal.

It loads no Django, so that a second start is quick and the family small.
"""

import argparse
import ctypes
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from fengqiao.site import launcher
from fengqiao.site.accounts import ACCOUNTS, PASSWORD
from fengqiao.site.freshness import is_fresh

PATIENCE = 15.0
SHORT_LIFE = 5.0
MOST_DEATHS = 5


@dataclass(slots=True)
class Child:
    """A process that is started again when it dies."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    began: float = 0.0
    deaths: int = field(default=0)

    def start(self, environment: dict[str, str]) -> None:
        """Start it; it ends with us, however we end."""
        self.process = subprocess.Popen(self.command, env=environment, preexec_fn=_end_with_parent, start_new_session=True)
        self.began = time.monotonic()

    def died(self) -> bool:
        """Tell whether it ended, and count early deaths."""
        if self.process is None or self.process.poll() is None:
            return False
        self.deaths = self.deaths + 1 if time.monotonic() - self.began < SHORT_LIFE else 0
        return True


def demo(arguments: list[str]) -> int:
    """Serve the invented district until told to stop."""
    return _serve("demo", arguments)


def serve(arguments: list[str]) -> int:
    """Serve a district in earnest until told to stop: one machine, web processes and a worker."""
    return _serve("serve", arguments)


def _serve(mode: str, arguments: list[str]) -> int:
    asked = _asked(mode, arguments)
    data = Path(asked.data or f".fengqiao/{asked.port}").resolve()
    if not _free(asked.host, asked.port):
        print(f"Port {asked.port} is taken. Choose another: ./run demo --port {asked.port + 1}", file=sys.stderr)
        return 3
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, _stop)
    began = time.monotonic()
    data.mkdir(parents=True, exist_ok=True)
    server = None if os.environ.get("DATABASE_URL") else launcher.start(data)
    try:
        environment = _environment(mode, data, server)
        _prepare(environment)
        family = [
            Child("web", [*_python("uvicorn"), "fengqiao.site.asgi:app", "--host", asked.host, "--port", str(asked.port), *UVICORN]),
            Child("worker", _python("fengqiao", "worker")),
        ]
        if asked.workers > 1:
            family[0].command += ["--workers", str(asked.workers)]
        return _keep(family, environment, lambda: _greet(mode, asked, time.monotonic() - began))
    except _Stopped:
        return 0
    finally:
        if server is not None:
            launcher.stop(server)


# Who calls is for us to say (`site.proxies`): uvicorn would believe whatever runs on this machine.
UVICORN = ["--no-access-log", "--log-level", "warning", "--timeout-graceful-shutdown", "3", "--no-server-header", "--no-proxy-headers"]


class _Stopped(Exception):
    """We were told to stop."""


def _stop(number: int, frame: FrameType | None) -> None:
    signal.signal(number, signal.SIG_IGN)
    raise _Stopped


def _asked(mode: str, arguments: list[str]) -> argparse.Namespace:
    what = {"demo": "Serve the invented district of Yunxi.", "serve": "Serve a real district."}[mode]
    parser = argparse.ArgumentParser(prog=f"fengqiao {mode}", description=what)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--data", help="where files, keys and the database live (default: .fengqiao/PORT)")
    parser.add_argument("--workers", type=int, default=2, help="web processes")
    return parser.parse_args(arguments)


def _free(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _environment(mode: str, data: Path, server: launcher.Server | None) -> dict[str, str]:
    """Return what the children are told; the owner's address goes to the one that migrates and to no other."""
    key = data / "secret-key"
    if not key.exists():
        with os.fdopen(os.open(key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    told = {"FENGQIAO_MODE": mode, "FENGQIAO_DATA": str(data), "DJANGO_SETTINGS_MODULE": "fengqiao.site.settings", "PYTHONUTF8": "1"}
    if server is not None:
        told |= {"DATABASE_URL": server.app_url("fengqiao"), "DATABASE_OWNER_URL": server.owner_url("postgres")}
    return {**os.environ, "FENGQIAO_POOL": "12", **told}


def _prepare(environment: dict[str, str]) -> None:
    """Migrate, seed and populate, unless all of it was done by this very version."""
    demonstrates = environment["FENGQIAO_MODE"] == "demo"
    try:
        if is_fresh(environment["DATABASE_URL"], demo=demonstrates):
            return
    except Exception:
        pass
    print("Preparing the district ...", file=sys.stderr, flush=True)
    words = ["--demo"] if demonstrates else []
    subprocess.run([*_python("fengqiao", "prepare"), *words], env={**environment, "FENGQIAO_POOL": "0"}, check=True)


def _keep(family: list[Child], environment: dict[str, str], greet: object) -> int:
    told = {name: value for name, value in environment.items() if name != "DATABASE_OWNER_URL"}
    try:
        for child in family:
            child.start(told)
        greet()  # type: ignore[operator]
        while True:
            time.sleep(0.5)
            for child in family:
                if child.died():
                    if child.deaths >= MOST_DEATHS:
                        print(f"{child.name} does not stay alive; giving up.", file=sys.stderr)
                        return 1
                    time.sleep(min(child.deaths, 3))
                    child.start(told)
    finally:
        _end(family)


def _end(family: list[Child]) -> None:
    living = [child.process for child in family if child.process and child.process.poll() is None]
    for process in living:
        process.terminate()
    deadline = time.monotonic() + PATIENCE
    for process in living:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _greet(mode: str, asked: argparse.Namespace, took: float) -> None:
    """Wait for the first answer, then say where to go and who one can be."""
    address = f"http://{asked.host}:{asked.port}/"
    began = time.monotonic()
    while time.monotonic() - began < 60:
        try:
            with socket.create_connection((asked.host, asked.port), 1):
                break
        except OSError:
            time.sleep(0.05)
    took += time.monotonic() - began
    print(f"Fengqiao is at {address} ({took:.1f} s)", flush=True)
    if mode != "demo":
        return
    width = max(len(name) for name, _ in ACCOUNTS)
    lines = [f"  {name:<{width}}  {what}" for name, what in ACCOUNTS]
    print(f"Sign in as one of these, password {PASSWORD}:", *lines, "Ctrl-C ends it.", sep="\n", flush=True)


def _python(*module: str) -> list[str]:
    return [sys.executable, "-m", *module]


def _end_with_parent() -> None:
    """Ask Linux to end this process when its parent dies, even by kill -9."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)
