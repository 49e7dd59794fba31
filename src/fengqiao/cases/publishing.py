"""The fingerprints of the published loops: a file beside the code, so that a change of the process is seen in review."""

import json
from pathlib import Path

from fengqiao.cases import registry

FINGERPRINTS = Path(__file__).with_name("published.json")


def publish() -> int:
    """Write down the fingerprints of all loops; returns how many there are."""
    kept = {f"{loop.key} {loop.version}": loop.digest() for loop in registry.published()}
    FINGERPRINTS.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return len(kept)


def main(arguments: list[str]) -> int:
    """Write the fingerprints down; a command."""
    publish()
    return 0
