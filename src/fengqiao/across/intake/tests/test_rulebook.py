"""A set of rules is a table: read back as it was written, wrong cells named, and counted from its day and not before."""

from datetime import date, timedelta

import pytest

from fengqiao.access.acting import acting
from fengqiao.across.intake import policies, routing, rulebook
from fengqiao.across.intake.models import RoutingRule
from fengqiao.across.intake.tables import BadCell
from fengqiao.across.intake.terms import TRADE_TITLES
from fengqiao.cases.tests.cast import MORNING, VILLAGE
from fengqiao.people.models import Person

DAY = MORNING.date()
HEAD = "position,category,level,field,desk\n"


def test_a_set_is_read_back_as_it_was_written(db):
    table = rulebook.as_table(routing.rules(DAY))
    assert rulebook.as_table(rulebook.from_table(table, DAY)) == table


@pytest.mark.parametrize(
    ("line", "column"),
    [("x,05,town,,", "position"), ("1,99,town,,", "category"), ("1,05,moon,,", "level"), ("1,05,town,,kitchen", "desk")],
)
def test_a_wrong_cell_is_named_by_row_and_column(db, line, column):
    with pytest.raises(BadCell) as wrong:
        rulebook.from_table(HEAD + "1,05,town,,\n" + line, DAY)
    assert (wrong.value.facts["row"], wrong.value.facts["column"]) == (3, column)


def test_a_new_set_counts_from_its_day_and_the_old_one_until_then(cast, by):
    act = by(cast.actor("sys_admin", area="990101"))
    later = DAY + timedelta(days=7)
    before = routing.route("0505", VILLAGE, MORNING)
    with acting(act):
        rulebook.set_rules(act, rulebook.from_table(HEAD + "1,05,town,enforcement,enforcement", later), since=later)
    assert routing.route("0505", VILLAGE, MORNING) == before
    assert routing.route("0505", VILLAGE, MORNING + timedelta(days=7)).desk == "enforcement"
    assert routing.route("0101", VILLAGE, MORNING + timedelta(days=7)).organisation == ""


def test_rules_are_set_by_the_centre_and_never_for_the_past(cast, by):
    rules = rulebook.from_table(HEAD + "1,05,town,,", DAY)
    dispatcher, admin = by(cast.actor("town_dispatcher")), by(cast.actor("sys_admin", area="990101"))
    with acting(dispatcher), pytest.raises(policies.NotYourRules):
        rulebook.set_rules(dispatcher, rules, since=DAY)
    with acting(admin), pytest.raises(rulebook.TooEarly):
        rulebook.set_rules(admin, rules, since=date(2026, 1, 1))


def test_the_page_tries_before_it_counts(client, db):
    client.force_login(Person.objects.get(username="admin"), backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get("/routing/")
    assert page.status_code == 200
    table = HEAD + "1,05,town,enforcement,enforcement"
    tried = client.post("/routing/", {"table": table, "since": "2026-12-24", "go": "try"})
    assert tried.status_code == 200, tried.content.decode()[-1500:]
    assert 'value="count"' in tried.content.decode()
    assert client.post("/routing/", {"table": table, "since": "2099-12-24", "go": "count"}).status_code == 302
    wrong = client.post("/routing/", {"table": HEAD + "1,05,moon,,", "since": "2099-12-24", "go": "try"})
    assert wrong.status_code == 422
    assert "第 2 行“level”列：请从" in wrong.content.decode()


def test_every_trade_that_a_seeded_rule_names_is_said_in_words(db):
    named = set(RoutingRule.objects.exclude(field="").values_list("field", flat=True))
    assert named
    assert named <= set(TRADE_TITLES)
