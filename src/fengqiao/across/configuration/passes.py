"""What the worker writes down of its jobs, for the health page: when each was done last, and why one failed."""

from datetime import datetime

from fengqiao.across.configuration.models import JobState


def note_pass(job: str, every: float, at: datetime, *, failures: int = 0, trouble: str = "") -> None:
    """Note that a job was done, or failed so many times in a row."""
    told = {"every": every, "at": at, "failures": failures, "trouble": trouble[:300]}
    JobState.objects.update_or_create(job=job, defaults=told if failures else {**told, "went_well_at": at})
