"""The drill: database, files and key file are brought back, and what was sealed can be read again; without the key it cannot.

A case under seal (C3) with a picture is made in one place, backed up, and restored in another, as an operator does it by commands.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from fengqiao.site import launcher

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

MAKE = """
import json, os
from hashlib import sha256
from io import BytesIO
from PIL import Image
from django.core.files.uploadedfile import SimpleUploadedFile
from fengqiao.site import database
database.prepare(os.environ["DATABASE_OWNER_URL"], os.environ["DATABASE_URL"], demo=True)
from fengqiao.access.acting import acting
from fengqiao.access.doors import anonymous
from fengqiao.base.act import Act
from fengqiao.base.clock import now
from fengqiao.base.ids import new_id
from fengqiao.cases.schemas import Report
from fengqiao.cases.services import open_case
from fengqiao.kits.files import services
from fengqiao.kits.files.storage import store
act, noise = Act(new_id(), anonymous("drill"), now(), "qr"), BytesIO()
Image.effect_noise((64, 48), 90).convert("RGB").save(noise, "JPEG")
with acting(act):
    file = services.keep(act, SimpleUploadedFile("p.jpg", noise.getvalue()))
    with store().open(file.key) as source:
        plain = source.read()
    case = open_case(act, "incident", Report(text="楼上楼下为漏水打起来了", category="1101", area="990101001001001", name="王秀英",
                                             phone="13800000000", photos=[file.id]))
print(json.dumps({"case": str(case.id), "file": str(file.id), "sha": sha256(plain).hexdigest(), "piece": plain[-200:-100].hex()}))
"""
READ = """
import json, sys
from hashlib import sha256
from fengqiao.access.acting import acting
from fengqiao.access.doors import machine_act
from fengqiao.base.clock import now
from fengqiao.base.errors import FengqiaoError
from fengqiao.cases import queries, views
from fengqiao.cases.models import Case, Reporter
from fengqiao.kits.files import queries as files
act = machine_act("drill", now(), purpose="drill")
def tried(read):
    try:
        with acting(act):
            return read()
    except FengqiaoError as error:
        return error.code
picture = tried(lambda: sha256(files.read(act, "{file}")[1].read()).hexdigest())
words = tried(lambda: views.detail(act, queries.read(act, "{case}"))["text"])
number = tried(lambda: queries.current("{case}").number)
openly = tried(lambda: Reporter.objects.get(case_id="{case}").name + Case.objects.get(id="{case}").text)
print(json.dumps({{"picture": picture, "words": words, "number": number, "openly": openly}}))
"""


@pytest.fixture
def data() -> Iterator[Path]:
    """A folder that the database's own account can walk to."""
    folder = Path(tempfile.mkdtemp(prefix="fengqiao-drill-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def fengqiao(place: Path, *words: str, **told: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "FENGQIAO_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, "-m", "fengqiao", *words],
        env={**kept, "FENGQIAO_DATA": str(place), **told},
        capture_output=True,
        text=True,
        timeout=120,
    )


def run(place: Path, script: str) -> dict[str, str]:
    """Run a script in a place, as the application there; returns what it printed last."""
    server = launcher.start(place)
    try:
        told = {"DATABASE_URL": server.app_url("fengqiao"), "DATABASE_OWNER_URL": server.owner_url("postgres")}
        done = fengqiao(place, "django", "shell", "-v", "0", "-c", script, **told)
    finally:
        launcher.stop(server)
    assert done.returncode == 0, done.stderr
    found: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return found


def on_disk(folder: Path, piece: bytes) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and piece in path.read_bytes()]


def test_with_its_key_a_sealed_case_comes_back_readable_and_without_it_nothing_of_it(data):
    old, new, kept = data / "old", data / "new", data / "kept"
    made = run(old, MAKE)
    read = READ.format(**made)
    assert run(old, read)["picture"] == made["sha"]

    done = fengqiao(old, "backup", str(kept))
    assert done.returncode == 0, done.stderr
    assert not list(kept.rglob("*.key"))
    sealed = [path for path in (kept / "files").rglob("*") if path.is_file()]
    assert len(sealed) == 2, "the picture and its thumb"
    assert on_disk(kept, bytes.fromhex(made["piece"])) == []

    done = fengqiao(new, "restore", str(kept))
    assert done.returncode == 0, done.stderr
    without = run(new, read)
    assert (without["picture"], without["words"]) == ("key_missing", "key_missing")
    assert len(without["number"]) == 23, "that there is a case is known all the same"
    assert without["openly"] == "", "neither name nor words stand beside the sealed ones"
    assert on_disk(new / "files", bytes.fromhex(made["piece"])) == []
    wrong = new / "keys" / "c3.key"
    wrong.parent.mkdir(mode=0o700, exist_ok=True)
    wrong.write_bytes(bytes(32))
    assert run(new, read)["picture"] == "key_missing", "another key opens nothing either"

    shutil.copytree(old / "keys", new / "keys", dirs_exist_ok=True)
    again = run(new, read)
    assert again == {"picture": made["sha"], "words": "楼上楼下为漏水打起来了", "number": without["number"], "openly": ""}
    done = fengqiao(new, "verify-ledger")
    assert done.returncode == 0, done.stdout + done.stderr
