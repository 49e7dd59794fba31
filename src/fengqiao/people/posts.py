"""Which posts exist is known one floor up; that floor tells us here, so that a check can name a wrong post."""

from collections.abc import Callable, Mapping

Known = Callable[[], Mapping[str, str]]

_known: list[Known] = []


def know_posts(known: Known) -> None:
    """Be told where to ask for the posts: a mapping from key and titles in both languages to the key."""
    _known[:] = [known]


def post_named(text: str) -> str | None:
    """Return the key of a post by its key or title; nothing for one that nobody knows."""
    if not _known:
        return text if text.isidentifier() else None
    return _known[0]().get(text)
