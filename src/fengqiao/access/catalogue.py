"""The posts and what they carry, held in the process until the edition `access` changes."""

import json
from dataclasses import dataclass

from fengqiao.access.models import Post, PostPermission, Scope
from fengqiao.people.posts import know_posts
from fengqiao.people.reference import cached


@dataclass(frozen=True, slots=True)
class PostEntry:
    """A post as the doors need it."""

    key: str
    title: str
    title_zh: str
    scope: str
    privileged: bool
    permissions: frozenset[str]

    def title_in(self, language: str) -> str:
        """Return the title in a language; Chinese is the language of the house."""
        return self.title if language.lower().startswith("en") else self.title_zh


NOBODY = PostEntry("", "No post", "无岗位", Scope.OWN, False, frozenset())


def post(key: str) -> PostEntry:
    """Return a post; one that is not in the catalogue carries nothing."""
    return posts().get(key, NOBODY)


@cached("access")
def posts() -> dict[str, PostEntry]:
    """Return every post with its permissions."""
    carried: dict[str, set[str]] = {}
    for key, permission in PostPermission.objects.filter(granted=True).values_list("post_id", "permission"):
        carried.setdefault(key, set()).add(permission)
    return {
        row.key: PostEntry(row.key, row.title, row.title_zh, row.scope, row.privileged, frozenset(carried.get(row.key, ())))
        for row in Post.objects.all()
    }


def editions_from(text: str | dict[str, int]) -> dict[str, int]:
    """Read the editions that a statement brought along."""
    return json.loads(text) if isinstance(text, str) else text


def named() -> dict[str, str]:
    """Return every way to name a post in a file: its key, and its title in either language."""
    return {name: entry.key for entry in posts().values() for name in (entry.title, entry.title_zh, entry.key)}


know_posts(named)
