"""The people of the play, for every room that works on cases: made on the spot, each in a post of the seed table."""

from datetime import datetime
from uuid import uuid4

from fengqiao.access import catalogue
from fengqiao.access.doors import anonymous
from fengqiao.base.act import Actor, ActorKind
from fengqiao.people import queries as people

MORNING = datetime.fromisoformat("2026-11-23T09:00:00+08:00")  # a Monday
TOWN = "990101001"
VILLAGE = "990101001001"


class Cast:
    """People in posts of one town of the invented district."""

    def org(self, field: str) -> str:
        """Return the town's organisation of a trade."""
        return next(row.id for row in people.organisations(area=TOWN, field=field) if row.area == TOWN)

    def village(self) -> str:
        """Return the village committee."""
        return next(row.id for row in people.organisations(area=VILLAGE, kind="village_committee"))

    def actor(self, post: str, org: str = "", area: str = TOWN, person: str = "", level: str = "town") -> Actor:
        """Return somebody in a post, with ground of their own."""
        me = person or str(uuid4())
        seen = (f"person:{me}", *((f"org:{org}",) if org else ()))
        permissions = catalogue.post(post).permissions
        return Actor(ActorKind.PERSON, me, me, post, org, level, ((area, area + "~"),), seen, (), permissions, post)

    def resident(self, *grantees: str) -> Actor:
        """Return somebody without an account."""
        return anonymous(uuid4().hex, tuple(grantees))
