"""The embedded database: passwords, re-attachment, crashes, and a backup that comes back."""

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
import pytest

from fengqiao.site import launcher

ROOT = Path(__file__).parents[1]


@pytest.fixture
def data():
    """A folder that the database's own account can walk to; pytest's own closes itself again and again."""
    folder = Path(tempfile.mkdtemp(prefix="fengqiao-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def kill_everything(data: Path) -> None:
    os.kill(int((data / "postgres" / "base" / "postmaster.pid").read_text().splitlines()[0]), signal.SIGKILL)


def test_passwords_are_generated_and_nobody_else_reads_them(data):
    server = launcher.start(data)
    try:
        assert stat.S_IMODE((data / "passwords.json").stat().st_mode) == 0o600
        wrong = server.owner_url("postgres").replace(server.owner_password, "guessed")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(wrong)
    finally:
        assert launcher.stop(server)


def test_the_last_one_out_stops_the_server(data):
    first, second = launcher.start(data), launcher.start(data)
    assert not launcher.stop(first)
    with psycopg.connect(second.owner_url("postgres")) as owner:
        assert owner.execute("SELECT 1").fetchone() == (1,)
    assert launcher.stop(second)


def test_what_was_committed_is_there_after_the_server_was_killed(data):
    server = launcher.start(data)
    with psycopg.connect(server.owner_url("postgres"), autocommit=True) as owner:
        owner.execute("CREATE TABLE promise (word text)")
        owner.execute("INSERT INTO promise VALUES ('kept')")
    kill_everything(data)
    again = launcher.start(data)
    try:
        with psycopg.connect(again.owner_url("postgres")) as owner:
            assert owner.execute("SELECT word FROM promise").fetchone() == ("kept",)
            assert owner.execute("SHOW synchronous_commit").fetchone() == ("on",)
    finally:
        server.held.close()
        assert launcher.stop(again)


def test_a_long_path_still_gets_a_socket(data):
    deep = data / ("a long way down " * 5) / "b"
    server = launcher.start(deep)
    try:
        assert len(str(server.socket)) < launcher.SOCKET_LIMIT
        with psycopg.connect(server.owner_url("postgres")) as owner:
            assert owner.execute("SELECT 1").fetchone() == (1,)
    finally:
        launcher.stop(server)


def test_the_server_never_runs_as_root_and_no_folder_is_opened_for_it(data):
    closed = data / "closed"
    closed.mkdir(mode=0o700)
    server = launcher.start(closed / "inside")
    try:
        with psycopg.connect(server.owner_url("postgres")) as owner:
            row = owner.execute("SHOW data_directory").fetchone()
        assert Path(row[0]).stat().st_uid == (os.geteuid() or pwd.getpwnam(launcher._account().pw_name).pw_uid)
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    finally:
        launcher.stop(server)
        if server.home.is_relative_to("/var/lib/fengqiao"):
            shutil.rmtree(server.home)


def fengqiao(*words: str, **told: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "FENGQIAO_", "DJANGO_"))}
    return subprocess.run([sys.executable, "-m", "fengqiao", *words], env={**kept, **told}, capture_output=True, text=True, timeout=120)


@pytest.mark.slow
def test_a_backup_brings_back_database_and_files_to_one_point(data):
    old, new, kept = data / "old", data / "new", data / "kept"
    assert fengqiao("prepare", "--data", str(old)).returncode == 0
    (old / "files" / "ab").mkdir(parents=True)
    (old / "files" / "ab" / "abc").write_bytes(b"a photo")
    (old / "keys").mkdir()
    (old / "keys" / "sealed").write_text("never in a backup")
    done = fengqiao("backup", str(kept), "--data", str(old))
    assert done.returncode == 0, done.stderr
    assert not (kept / "keys").exists()
    done = fengqiao("restore", str(kept), "--data", str(new))
    assert done.returncode == 0, done.stderr
    assert (new / "files" / "ab" / "abc").read_bytes() == b"a photo"
    assert fengqiao("check-role", "--data", str(new)).returncode == 0
    counts = []
    for place in (old, new):
        server = launcher.start(place)
        with psycopg.connect(server.app_url("fengqiao")) as app:
            counts.append(
                app.execute("SELECT (SELECT count(*) FROM people_calendarday), (SELECT count(*) FROM django_migrations)").fetchone()
            )
        launcher.stop(server)
    assert counts[0] == counts[1]
    assert counts[0][0] > 0


@pytest.mark.slow
def test_a_damaged_backup_is_refused_before_anything_is_touched(data):
    (data / "kept").mkdir()
    (data / "kept" / "database.dump").write_bytes(b"half")
    (data / "kept" / "backup.json").write_text('{"parts": {"database.dump": "another fingerprint"}}')
    done = fengqiao("restore", str(data / "kept"), "--data", str(data / "new"))
    assert done.returncode != 0
    assert "missing or damaged" in done.stderr


def start_demo(data: Path, port: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "fengqiao", "demo", "--port", str(port), "--data", str(data), "--workers", "1"]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "FENGQIAO_", "DJANGO_"))}
    demo = subprocess.Popen(command, env=kept, stdout=subprocess.PIPE, text=True)
    assert any("password" in line for line in demo.stdout), "the accounts were not printed"
    return demo


def ended(demo: subprocess.Popen[str], number: signal.Signals = signal.SIGTERM) -> int:
    """Send a signal, wait, and return how it ended."""
    demo.send_signal(number)
    code = demo.wait(20)
    demo.stdout.close()
    return code


def counted(data: Path) -> int:
    """Join the demo's database and count its events."""
    server = launcher.start(data)
    try:
        with psycopg.connect(server.owner_url("fengqiao")) as owner:
            return owner.execute("SELECT count(*) FROM case_event").fetchone()[0]
    finally:
        launcher.stop(server)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_demo_stops_on_a_signal_starts_again_quickly_and_survives_a_kill(data):
    place, port = data / "demo", 8797
    demo = start_demo(place, port)
    assert ended(demo) == 0
    assert not list(data.rglob("postmaster.pid"))
    began = time.monotonic()
    demo = start_demo(place, port)
    assert time.monotonic() - began < 20
    before = counted(place)
    ended(demo, signal.SIGKILL)
    kill_everything(place)
    time.sleep(5)  # Its children are told by the kernel and leave within their patience of three seconds.
    demo = start_demo(place, port)
    try:
        assert counted(place) >= before > 0
    finally:
        assert ended(demo) == 0
