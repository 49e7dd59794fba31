"""What can be set, one file each; all answer the same few questions, so that pages, history and files need only know those."""

from collections.abc import Mapping
from types import MappingProxyType

from fengqiao.across.configuration.subjects.base import Facts, Row, Subject
from fengqiao.across.configuration.subjects.calendar import Hours, Year
from fengqiao.across.configuration.subjects.categories import Categories
from fengqiao.across.configuration.subjects.limits import Limits
from fengqiao.across.configuration.subjects.messages import Messages
from fengqiao.across.configuration.subjects.organisations import Organisations
from fengqiao.across.configuration.subjects.permissions import Permissions
from fengqiao.across.configuration.subjects.phrases import Phrases
from fengqiao.base.errors import NotFound
from fengqiao.base.words import _

__all__ = ["SUBJECTS", "Facts", "NoSuchSubject", "Row", "Subject", "of"]

# In the order in which a file of settings is taken over: kinds of matter before their limits.
SUBJECTS: Mapping[str, Subject] = MappingProxyType(
    {subject.key: subject for subject in (Categories(), Limits(), Year(), Hours(), Organisations(), Permissions(), Messages(), Phrases())}
)


class NoSuchSubject(NotFound):
    """Nothing of this name can be set."""

    message = _("There is no setting of this name.")


def of(key: str) -> Subject:
    """Return a subject by its key."""
    if key not in SUBJECTS:
        raise NoSuchSubject
    return SUBJECTS[key]
