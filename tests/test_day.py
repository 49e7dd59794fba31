"""A day adds up, however it was lived, and every number has exactly its rows."""

import csv
import random
from dataclasses import replace
from datetime import datetime, timedelta
from io import StringIO
from itertools import pairwise

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from fengqiao.access.acting import acting
from fengqiao.access.doors import machine_act
from fengqiao.across.cockpit import counting, jobs, queries, replaying, sources
from fengqiao.across.cockpit.counting import Counts, Scope
from fengqiao.across.cockpit.measures import rounded
from fengqiao.across.cockpit.models import Baseline, DayCount, DayFold
from fengqiao.across.cockpit.pages.levels import NAMES
from fengqiao.cases import registry
from fengqiao.cases.jobs import relay as cases_relay
from fengqiao.cases.models import Case
from fengqiao.people.models import Person
from fengqiao.simulation import life
from fengqiao.simulation.cast import Cast
from fengqiao.simulation.stories import FALLEN_WIRE, play_step

NOW = datetime.fromisoformat("2026-11-25T10:00:00+08:00")
TODAY = NOW.date()
EVERYWHERE = Scope((("", "~"),), ("*",))


def counts_since(first, scope=EVERYWHERE) -> Counts:
    return queries.counts_of(scope, first, TODAY)


def flows(day=TODAY, back=queries.BACK, scope=EVERYWHERE):
    return queries.flows(counts_since(day - timedelta(days=back), scope), day, TODAY, back)


@pytest.fixture(scope="module")
def lived(django_db_setup, django_db_blocker):
    """A district that has lived, shared by all tests of this file and taken back at their end."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        life.populate(NOW, matters=40)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def looking(lived, django_db_blocker):
    with django_db_blocker.unblock(), acting(machine_act("clock", NOW)):
        yield


@pytest.fixture(params=["counted anew", "folded"])
def either_way(request, looking):
    """Every figure must be the same, whether the events behind it were folded into the counts or not yet."""
    if request.param == "folded":
        while jobs.fold(NOW):
            pass
    return request.param


def test_opening_and_new_less_ended_is_open_on_every_day(either_way):
    found = flows(back=life.DAYS)
    assert found[-1].closing == Case.objects.filter(state__in="RATDSHPFV", confidentiality__lt=4).count() > 0
    assert all(before.closing == after.opening for before, after in pairwise(found))
    assert sum(flow.new for flow in found) == Case.objects.filter(confidentiality__lt=4).count()
    assert found[0].opening == 0


def test_the_evening_of_a_past_day_has_exactly_its_rows(either_way):
    for back in (1, 7, 30):
        day = TODAY - timedelta(days=back)
        since, until = queries.edges(day)
        found = queries.rows(EVERYWHERE, "open_then", since, until, extra={})
        assert len(found) == min(flows(day)[-1].closing, queries.PAGE + 1)


def test_no_figure_tells_the_kind_of_a_confidential_case(either_way):
    counts, seen = counting.counted(EVERYWHERE, TODAY - timedelta(days=30), TODAY), 0
    for back in range(30):
        day = TODAY - timedelta(days=back)
        since, until = queries.edges(day)
        for kind, count in counts.under("new.class.", day).items():
            found = queries.rows(EVERYWHERE, "new", since, until, extra={"category": kind})
            assert len(found) == count
            assert all((row.case.confidentiality >= 2) == (kind == "sealed") for row in found)
            seen += count
    assert seen


def test_a_town_is_a_part_of_the_whole(either_way):
    from fengqiao.people import queries as people

    parts = [flows(scope=Scope(((town.code, f"{town.code}~"),), ("*",)))[-1].closing for town in people.towns()]
    by_area = counting.by_area(EVERYWHERE, counting.NOW, counting.NOW, ["open"])
    assert flows()[-1].closing == sum(parts) == sum(counts["open"] for counts in by_area.values())


def test_hours_channels_and_classes_hold_the_same_reports(either_way):
    counts = counting.counted(EVERYWHERE, TODAY - timedelta(days=20), TODAY)
    for back in range(20):
        day = TODAY - timedelta(days=back)
        spread = [sum(counts.under(f"new.{of}.", day).values()) for of in ("hour", "channel", "class")]
        assert spread == [counts.of("new", day)] * 3


def test_every_number_has_as_many_rows_as_it_says(either_way):
    first = TODAY - timedelta(days=29)
    since, until = queries.edges(first, TODAY)
    counts = counts_since(first)
    for name in queries.SETS - {"open_then"}:
        count = counts.stands(name) if name in queries.STANDS else counts.of(name, first, TODAY)
        found = queries.rows(EVERYWHERE, name, since, until, extra={})
        assert len(found) == min(count, queries.PAGE + 1), name


def test_ground_finer_than_what_is_kept_is_counted_all_the_same(either_way):
    first = TODAY - timedelta(days=29)
    grid = Case.objects.filter(confidentiality__lt=4).order_by("-created_at").first().area
    assert len(grid) == 15
    scope = Scope(((grid, f"{grid}~"),), ("*",))
    since, until = queries.edges(first, TODAY)
    assert counts_since(first, scope).of("new", first, TODAY) == len(queries.rows(scope, "new", since, until, extra={})) > 0


def test_indicators_are_shares_of_what_they_say(either_way):
    counts = counts_since(TODAY - timedelta(days=29))
    for figure in registry.figures():
        share, _beside = queries.share(counts, figure, TODAY - timedelta(days=29), TODAY)
        assert 0 <= share.part <= share.whole, figure.key


def whole(scope=EVERYWHERE):
    """Everything that is counted, without what came to nothing."""
    return {key: n for key, n in counting.counted(scope, TODAY - timedelta(days=90), TODAY + timedelta(days=1)).by.items() if n}


def test_a_case_is_counted_the_moment_it_moves_and_once(looking):
    while jobs.fold(NOW):
        pass
    before = whole()
    play_step(FALLEN_WIRE, FALLEN_WIRE.steps[0], None, NOW, Cast(random.Random(1)))
    assert Counts(whole()).of("new", TODAY) == Counts(before).of("new", TODAY) + 1
    cases_relay(NOW)
    unfolded = whole()
    assert jobs.fold(NOW) >= 1
    assert jobs.fold(NOW) == 0
    assert whole() == unfolded


def test_what_was_written_past_the_outbox_is_found_and_put_right(looking):
    cases_relay_all()
    while jobs.fold(NOW):
        pass
    right, mended = whole(), DayFold.objects.get().mended
    compare_all()
    assert DayFold.objects.get().mended == mended
    lost = Case.objects.filter(confidentiality__lt=4).values_list("id", flat=True)[:3]
    as_engine("DELETE FROM day_case WHERE case_id = ANY(%s)", [list(lost)])
    as_engine("UPDATE day_count SET n = n + 5 WHERE what = 'new' AND level = 9")
    assert whole(Scope((("990101001", "990101001~"),), ("*",))) != {}
    compare_all()
    assert DayFold.objects.get().mended > mended
    assert whole() == right
    towns = counting.by_area(EVERYWHERE, TODAY - timedelta(days=90), TODAY, ["new"])
    assert sum(counts["new"] for counts in towns.values()) == Counts(right).of("new", TODAY - timedelta(days=90), TODAY)


def test_counting_reads_its_reference_data_before_it_becomes_the_engine(looking, monkeypatch):
    from django.db import connection

    asked, zone = [], jobs.people.zone

    def watched():
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            asked.append(cursor.fetchone()[0])
        return zone()

    play_step(FALLEN_WIRE, FALLEN_WIRE.steps[0], None, NOW, Cast(random.Random(2)))
    cases_relay(NOW)
    monkeypatch.setattr(jobs.people, "zone", watched)
    assert jobs.fold(NOW) > 0
    assert jobs.verify(NOW) > 0
    assert asked
    assert "fengqiao_engine" not in asked


def cases_relay_all():
    while cases_relay(NOW):
        pass


def compare_all():
    while jobs.verify(NOW, limit=50):
        pass


def as_engine(sql, values=()):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE fengqiao_engine")
        cursor.execute(sql, values)
        cursor.execute("RESET ROLE")


def test_a_reader_sees_no_count_of_other_ground_or_of_a_compartment_they_do_not_sit_in(lived, django_db_blocker):
    with django_db_blocker.unblock():
        with acting(machine_act("clock", NOW)):
            cases_relay_all()
            while jobs.fold(NOW):
                pass
            as_engine("UPDATE day_count SET compartment = 'protection' WHERE ctid IN (SELECT ctid FROM day_count WHERE level = 9 LIMIT 1)")
        town = replace(machine_act("clock", NOW).actor, ranges=(("990101001", "990101001~"),), compartments=())
        with acting(replace(machine_act("clock", NOW), actor=town)):
            assert set(DayCount.objects.values_list("level", flat=True)) == {9, 12}
            assert all(code.startswith("990101001") for code in DayCount.objects.values_list("area", flat=True))
            assert not DayCount.objects.exclude(compartment="").exists()


@pytest.fixture
def signed_in(client, db):
    def make(username):
        client.force_login(Person.objects.get(username=username), backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return make


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_director_sees_the_day_and_its_rows(signed_in, language):
    client = signed_in("director")
    client.cookies["language"] = language
    answer = client.get("/day/", headers={"accept": "text/html"})
    assert answer.status_code == 200
    assert client.get("/day/rows/?what=open", headers={"accept": "text/html"}).status_code == 200
    assert client.get("/day/?date=2026-10-01&area=990101001", headers={"accept": "text/html"}).status_code == 200


def test_rows_are_shown_with_their_state(signed_in):
    case = play_step(FALLEN_WIRE, FALLEN_WIRE.steps[0], None, NOW, Cast(random.Random(1)))
    answer = signed_in("director").get(f"/day/rows/?what=new&date={TODAY}", headers={"accept": "text/html"})
    assert case.number in answer.content.decode()


def test_a_day_that_is_none_is_told_in_one_sentence(signed_in):
    answer = signed_in("director").get("/day/?date=gestern", headers={"accept": "text/html"})
    assert answer.status_code == 422
    assert answer.content.count(b"2026-11-25") >= 1


def test_a_handler_has_no_cockpit_and_a_stranger_signs_in_first(signed_in, client):
    assert client.get("/day/", headers={"accept": "text/html"}).status_code == 302
    assert signed_in("handler").get("/day/", headers={"accept": "text/html"}).status_code == 403


def test_a_list_that_does_not_exist_is_not_found(signed_in):
    assert signed_in("director").get("/day/rows/?what=secrets", headers={"accept": "text/html"}).status_code == 404


def test_the_replayed_day_begins_as_the_evening_before_ended_and_ends_as_the_day_did(either_way):
    for back in (0, 1, 9):
        day = TODAY - timedelta(days=back)
        flow = flows(day)[-1]
        morning, evening = (replaying.moment(EVERYWHERE, day, TODAY, minute) for minute in (0, 1440))
        assert (morning.open, morning.new, morning.ended) == (flow.opening, 0, 0)
        assert (evening.new, evening.ended, evening.reopened, evening.open) == (flow.new, flow.ended, flow.reopened, flow.closing)
        for at in (morning, evening, replaying.moment(EVERYWHERE, day, TODAY, 725)):
            assert at.open == sum(at.states.values()) == sum(at.towns.values())
            assert min(at.states.values()) >= 0


def test_the_replay_of_now_is_what_stands_now(either_way):
    now = replaying.moment(EVERYWHERE, TODAY, TODAY, 1440)
    for letter, n in now.states.items():
        assert n == Case.objects.filter(state=letter, confidentiality__lt=4).count()


@pytest.mark.parametrize("asked", ["", "at=09:30", "at=725", "at=99999", "at=half past", "at=12:00&part=1", "date=2026-11-20&at=24:00"])
def test_any_minute_can_be_asked_for(signed_in, asked):
    assert signed_in("director").get(f"/day/replay/?{asked}", headers={"accept": "text/html"}).status_code == 200


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_day_is_printed_and_its_figures_are_a_table_with_definitions_intervals_and_times(signed_in, language):
    client = signed_in("director")
    client.cookies["language"] = language
    assert client.get("/day/paper/", headers={"accept": "text/html"}).status_code == 200
    answer = client.get("/day/figures.csv?date=2026-11-20")
    rows = list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="day-2026-11-20.csv"'
    figures = {row["figure"]: row for row in rows}
    sums = [int(figures[name]["value"]) for name in ("opening", "new", "reopened", "ended", "closing")]
    assert sums[0] + sums[1] + sums[2] - sums[3] == sums[4]
    assert {figure.key for figure in registry.figures()} <= set(figures)
    assert {"hours_closed_median", "hours_closed_p90", "per_handler_day"} <= set(figures)
    assert all(row["counted_at"] and row["method"] and row["first_day"] <= row["last_day"] == "2026-11-20" for row in rows)
    assert all(row["low"] <= row["value"] <= row["high"] for row in rows if row["low"] and row["unit"] == "share")


def test_a_table_holds_no_formula():
    from fengqiao.kits.web.tables import harmless as _safe

    assert [_safe(cell) for cell in ("=1+1", "-2", "@x", "lamp", 3, "")] == ["'=1+1", "'-2", "'@x", "lamp", 3, ""]


HEAD = "name,figure,area,first_day,last_day,count,whole,source\n"
GOOD = "Spring,new,,2026-03-01,2026-05-31,920,,yearbook p. 12\nSpring,handled_rate,,2026-03-01,2026-05-31,900,1000,yearbook p. 13\n"


def send(client, text):
    return client.post("/day/baselines/", {"file": SimpleUploadedFile("base.csv", text.encode())}, headers={"accept": "text/html"})


def test_an_imported_baseline_stands_beside_the_day_with_its_source(signed_in):
    client = signed_in("district")
    assert send(client, "\ufeff" + HEAD + GOOD).status_code == 302
    page = client.get("/day/?base=Spring", headers={"accept": "text/html"}).content.decode()
    assert "yearbook p. 12" in page
    assert "10.0" in page  # 920 in 92 days
    assert "90.0%" in page
    assert client.post("/day/baselines/", {"drop": "Spring"}).status_code == 302
    assert Baseline.objects.count() == 0


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("Spring,new,,2026-03-01,2026-05-31,many,,x", b"count"),
        ("Spring,new,,March,2026-05-31,1,,x", b"first_day"),
        ("Spring,new,,2026-06-01,2026-05-31,1,,x", b"last_day"),
        ("Spring,crimes,,2026-03-01,2026-05-31,1,,x", b"figure"),
        ("Spring,new,123,2026-03-01,2026-05-31,1,,x", b"area"),
        ("Spring,new,,2026-03-01,2026-05-31,1,2,x", b"whole"),
        ("Spring,handled_rate,,2026-03-01,2026-05-31,5,4,x", b"whole"),
        ("Spring,handled_rate,,2026-03-01,2026-05-31,5,,x", b"whole"),
        ("Spring,new,,2026-03-01,2026-05-31,1,,", b"source"),
        (f"{'x' * 81},new,,2026-03-01,2026-05-31,1,,x", b"name"),
    ],
)
def test_one_wrong_cell_is_named_by_its_row_and_nothing_is_taken_in(signed_in, row, said):
    answer = send(signed_in("district"), HEAD + GOOD + row + "\n")
    assert answer.status_code == 422
    assert said in answer.content
    assert b"4" in answer.content
    assert Baseline.objects.count() == 0


def test_a_figure_that_stands_twice_is_refused_and_a_file_sent_twice_is_taken_once(signed_in):
    client = signed_in("district")
    assert send(client, HEAD + GOOD + GOOD.splitlines()[0] + "\n").status_code == 422
    for _time in range(2):
        assert send(client, HEAD + GOOD).status_code == 302
    assert Baseline.objects.count() == 2


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", HEAD, "\x00\x01\x02"])
def test_what_is_no_table_is_refused_in_one_sentence(signed_in, text):
    assert send(signed_in("district"), text).status_code == 422


def test_who_may_not_import_sees_the_baselines_and_is_refused(signed_in):
    assert signed_in("leader").get("/day/baselines/", headers={"accept": "text/html"}).status_code == 200
    assert send(signed_in("leader"), HEAD + GOOD).status_code == 403


def test_a_period_of_ones_own_stands_beside_with_rows(signed_in):
    page = signed_in("director").get("/day/?from=2026-11-01&to=2026-11-10", headers={"accept": "text/html"}).content.decode()
    assert "date=2026-11-10&amp;what=new&amp;days=10" in page


@pytest.mark.parametrize(
    ("days_ago", "quiet"),
    [(range(2, 16), True), (range(15), False), (range(1, 16), False), (range(2, 9), False), ((), False), ((40, 41), False)],
)
def test_a_source_that_brought_something_daily_and_nothing_since_yesterday_is_silent(days_ago, quiet):
    assert sources._fell_silent({TODAY - timedelta(days=back) for back in days_ago}, TODAY) is quiet


def test_every_kind_and_every_way_in_is_a_row_and_says_when_it_last_came(either_way):
    lines = {line.source.key: line for line in sources.registered(EVERYWHERE, TODAY)}
    told = {kind for line in lines.values() for kind in line.source.kinds}
    assert told == set(registry.kinds())
    newest = Case.objects.filter(confidentiality__lt=4, channel="hotline").order_by("-created_at").first()
    assert lines["channel.hotline"].seen == newest.created_at
    assert lines["channel.doctor"].seen is None
    assert sources.silent(EVERYWHERE, counts_since(TODAY - timedelta(days=60)), TODAY) == [line for line in lines.values() if line.silent]


@pytest.mark.parametrize("page", ["registry", "baselines", "replay", "paper"])
def test_the_pages_of_the_day_are_for_whoever_has_the_cockpit(signed_in, page):
    assert signed_in("leader").get(f"/day/{page}/", headers={"accept": "text/html"}).status_code == 200
    assert signed_in("handler").get(f"/day/{page}/", headers={"accept": "text/html"}).status_code == 403


def test_the_wall_is_dark_counts_anew_by_itself_and_leads_back(signed_in):
    page = signed_in("director").get("/day/?wall=1", headers={"accept": "text/html"}).content.decode()
    assert 'data-theme="dark"' in page
    assert '<meta http-equiv="refresh" content="60">' in page
    assert 'href="/day/?date=' in page


def test_the_three_levels_share_a_hundred_and_hold_everything_that_was_closed(either_way):
    first = TODAY - timedelta(days=89)
    counts = counting.counted(EVERYWHERE, first, TODAY, [*NAMES, "closed"])
    found = [counts.of(name, first, TODAY) for name in NAMES]
    assert sum(found) == counts.of("closed", first, TODAY) > 0
    assert sum(rounded(found)) == 100
    towns = counting.by_area(EVERYWHERE, first, TODAY, NAMES)
    assert sum(sum(one.values()) for one in towns.values()) == sum(found)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_what_cannot_be_judged_is_said_and_not_coloured(signed_in, language):
    client = signed_in("director")
    client.cookies["language"] = language
    page = client.get("/day/levels/", headers={"accept": "text/html"}).content.decode()
    assert ("无法评定" if language.startswith("zh") else "Not assessable") in page


def test_an_update_that_counts_something_else_recounts_everything_at_once_and_says_so_until_then(looking):
    cases_relay_all()
    while jobs.fold(NOW):
        pass
    compare_all()
    right, mended = whole(), DayFold.objects.get().mended
    as_engine("UPDATE day_fold SET measures = 'another', behind = true")
    as_engine("UPDATE day_case SET parts = (SELECT jsonb_agg(p) FROM jsonb_array_elements(parts) p WHERE p->>1 <> 'closed')")
    as_engine("DELETE FROM day_count WHERE what = 'closed'")
    assert queries.is_behind()
    assert whole() != right
    assert jobs.verify(NOW, limit=50) >= Case.objects.count()
    assert not queries.is_behind()
    assert whole() == right
    assert DayFold.objects.get().mended == mended
