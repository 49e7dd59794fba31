"""The addresses of the cockpit: server-rendered pages, no script needed, every number a link to its rows."""

from django.urls import path

from fengqiao.across.cockpit.pages.baselines import day_baselines
from fengqiao.across.cockpit.pages.day import day
from fengqiao.across.cockpit.pages.levels import day_levels
from fengqiao.across.cockpit.pages.paper import day_figures, day_paper
from fengqiao.across.cockpit.pages.registry import day_registry
from fengqiao.across.cockpit.pages.replay import day_replay
from fengqiao.across.cockpit.pages.rows import day_rows

urlpatterns = [
    path("day/", day, name="day"),
    path("day/rows/", day_rows, name="day_rows"),
    path("day/replay/", day_replay, name="day_replay"),
    path("day/baselines/", day_baselines, name="day_baselines"),
    path("day/registry/", day_registry, name="day_registry"),
    path("day/levels/", day_levels, name="day_levels"),
    path("day/paper/", day_paper, name="day_paper"),
    path("day/figures.csv", day_figures, name="day_figures"),
]
