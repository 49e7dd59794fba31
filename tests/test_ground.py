"""The ground the tests stand on."""

import pytest
from django.db import connection, transaction


def one(statement: str) -> tuple:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()


@pytest.mark.django_db
def test_tests_run_as_the_applications_role_which_the_second_wall_holds_back():
    assert one("SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user") == ("fengqiao_app", False, False)


@pytest.mark.django_db
def test_the_reference_data_is_there():
    assert one("SELECT count(*) > 0 FROM people_edition")[0]


def test_a_real_database_keeps_what_was_committed(real_db):
    with transaction.atomic():
        one("INSERT INTO people_edition (name, number) VALUES ('ground', 1) RETURNING 1")
    connection.close()
    assert one("SELECT count(*) FROM people_edition WHERE name = 'ground'") == (1,)


def test_a_real_database_is_made_anew_for_the_next_test(real_db):
    assert one("SELECT count(*) FROM people_edition WHERE name = 'ground'") == (0,)


@pytest.mark.browser
def test_a_browser_opens_the_sign_in_page(browser):
    page = browser.new_page()
    answer = page.goto("/sign-in/")
    assert answer.status == 200
    assert page.locator("html").get_attribute("lang").lower() == "zh-hans"
