"""The posts of the handbook (C10) as rows: the seed table is the oracle of the permission matrix (decision 5)."""

import csv
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from fengqiao.access.models import Post, PostPermission
from fengqiao.people.services import bump

TABLE = Path(__file__).with_name("posts.csv")


@dataclass(frozen=True, slots=True)
class SeedPost:
    """A line of the table."""

    key: str
    title: str
    title_zh: str
    scope: str
    privileged: bool
    permissions: tuple[str, ...]


def table() -> list[SeedPost]:
    """Read the seed table."""
    with TABLE.open(encoding="utf-8", newline="") as lines:
        return [
            SeedPost(
                row["post"], row["title"], row["title_zh"], row["scope"], row["privileged"] == "yes", tuple(row["permissions"].split())
            )
            for row in csv.DictReader(lines)
        ]


@transaction.atomic
def seed_reference() -> None:
    """Bring the rows up to the table; what the centre has given or taken itself stays."""
    lines = table()
    Post.objects.bulk_create(
        [Post(key=line.key, title=line.title, title_zh=line.title_zh, scope=line.scope, privileged=line.privileged) for line in lines],
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["title", "title_zh", "scope", "privileged"],
    )
    wanted = {(line.key, permission) for line in lines for permission in line.permissions}
    seeded = PostPermission.objects.filter(origin=PostPermission.Origin.SEED)
    gone = [row.pk for row in seeded if (row.post_id, row.permission) not in wanted]
    PostPermission.objects.filter(pk__in=gone).delete()
    PostPermission.objects.bulk_create(
        [PostPermission(post_id=post, permission=permission) for post, permission in sorted(wanted)], ignore_conflicts=True
    )
    bump("access")
