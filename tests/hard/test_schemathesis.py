"""The whole API against machine-made requests: no server error, and no answer of another shape than declared.

A short run always, a long one with --full. A real server answers, as in earnest; each run is repeatable by its seed.
"""

import subprocess
import sys
from pathlib import Path

import pytest

CHECKS = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
    "response_schema_conformance", "negative_data_rejection", "use_after_free", "ensure_resource_availability", "unsupported_method",
)  # fmt: skip
WHO = {"dispatcher": ("town_dispatcher", "district_dispatcher"), "administrator": ("sys_admin",), "nobody": ()}


def run(site: object, secret: str, seconds: int, seed: int, folder: Path) -> None:
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"{site}/api/openapi.json"]
    told = ["--checks", ",".join(CHECKS), "--max-time", str(seconds), "--seed", str(seed), "--continue-on-failure", "--no-color"]
    told += ["--output-sanitize", "false", "--suppress-health-check", "all"]
    if secret:
        told += ["-H", f"Authorization:Bearer {secret}"]
    done = subprocess.run([*command, *told], cwd=folder, capture_output=True, text=True, timeout=seconds * 3 + 120, check=False)
    assert done.returncode == 0, done.stdout[-12_000:] + done.stderr[-2_000:]


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("who", "seconds"), [("dispatcher", 20), ("administrator", 8), ("nobody", 6)])
def test_nothing_a_machine_sends_breaks_the_api(site, key_for, who, seconds, tmp_path):
    run(site, key_for(WHO[who]) if WHO[who] else "", seconds, 20261125, tmp_path)


@pytest.mark.slow
@pytest.mark.timeout(1500)
@pytest.mark.parametrize("who", WHO)
def test_nothing_a_machine_sends_for_long_breaks_the_api(site, key_for, who, tmp_path):
    run(site, key_for(WHO[who]) if WHO[who] else "", 120 if who == "dispatcher" else 40, 7, tmp_path)
