"""Setting up a real district from files (decision 34): areas, outlines, organisations, staff, calendar, zone.

Everything is checked before anything is written, each finding names file, row and column in one sentence, and a check
without writing is the first thing to do. A district of another shape (no grids, another zone) is set up the same way.
"""

from fengqiao.people.district.command import main as main
from fengqiao.people.district.findings import Finding as Finding
from fengqiao.people.district.plan import Plan as Plan
from fengqiao.people.district.plan import read as read
from fengqiao.people.district.writing import write as write
