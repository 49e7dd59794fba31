"""Setting up a district from files: what is written, and what is left alone."""

import json
from datetime import date, time

import pytest

from fengqiao.people import district, models, queries
from fengqiao.people.district import outlines, writing
from fengqiao.people.tests.conftest import NOON
from fengqiao.people.tests.districts import GRIDS, any_post, empty, files, sentences, squares, tables

__all__ = ["any_post", "empty", "tables"]


@pytest.fixture
def written(empty, tmp_path, tables) -> district.Plan:
    plan = district.read(files(tmp_path, tables, squares(*GRIDS)))
    district.write(plan, NOON)
    return plan


def test_a_written_district_is_there(written):
    assert queries.district().zone == "Asia/Shanghai"
    assert [row.name for row in queries.towns()] == ["甲街道"]
    assert queries.locate(119.005, 30.005).grid == GRIDS[0]
    assert queries.organisation_by_code("sub").serves == ("980101001",)
    assert not queries.calendar().is_working(date(2026, 12, 24))
    assert queries.calendar().windows == ((time(9), time(17)),)
    person = models.Person.objects.get(username="one")
    assert (person.masked_phone, person.contact.phone, person.demo) == ("100****5678", "10012345678", False)
    assert not person.has_usable_password()
    assert [row.post for row in person.appointments.all()] == ["town_dispatcher", "intake_clerk"]


def test_what_has_no_place_has_a_desk_even_when_the_files_forgot_it(written):
    assert queries.unlocated().area == "980101"


def test_writing_twice_changes_nothing_and_keeps_passwords(written, tmp_path, tables):
    models.Person.objects.filter(username="one").update(password="kept")
    before = [model.objects.count() for model in (models.Area, models.Organisation, models.Person, models.Appointment)]
    district.write(district.read(tmp_path), NOON)
    assert before == [model.objects.count() for model in (models.Area, models.Organisation, models.Person, models.Appointment)]
    assert models.Person.objects.get(username="one").password == "kept"


def test_a_second_write_brings_names_and_ends_up_to_date(written, tmp_path, tables):
    tables["areas"][1][2] = "丙街道"
    tables["staff"][2][7] = "2026-12-01"
    district.write(district.read(files(tmp_path, tables)), NOON)
    assert queries.area("980101001").name == "丙街道"
    assert models.Appointment.objects.get(person__username="one", post="intake_clerk").until == date(2026, 12, 1)


def test_files_with_mistakes_write_nothing(empty, tmp_path, tables):
    tables["areas"][2][2] = ""
    with pytest.raises(writing.NotSound):
        district.write(district.read(files(tmp_path, tables)), NOON)
    assert not models.Area.objects.filter(code="980101001").exists()


def test_a_database_that_holds_another_district_is_left_alone(db, tmp_path, tables):
    with pytest.raises(writing.AnotherDistrict, match="云溪区"):
        district.write(district.read(files(tmp_path, tables)), NOON)


def test_a_district_of_another_shape_and_zone_is_set_up_from_its_outlines_alone(empty, tmp_path):
    ground = squares("7", "12")
    for feature, name in zip(ground["features"], ("ECHO PARK", "VENICE"), strict=True):
        feature["properties"] = {"nc": int(feature["properties"]["code"]), "title": name}
        [ring] = feature["geometry"]["coordinates"]
        feature["geometry"]["coordinates"] = [[[lon - 237, lat + 4] for lon, lat in ring]]
    file = tmp_path / "la.geojson"
    file.write_text(json.dumps(ground))
    told = {"code": "970101", "name": "Elsewhere", "zone": "America/Los_Angeles", "code_property": "nc", "name_property": "title"}
    plan = district.read(file, told)
    assert sentences(plan) == []
    district.write(plan, NOON)
    assert [(row.code, row.name) for row in queries.towns()] == [("970101007", "ECHO PARK"), ("970101012", "VENICE")]
    place = queries.locate(-117.995, 34.005)
    assert (place.grid, place.village, place.town) == ("", "", "970101007")
    assert str(queries.calendar().zone) == "America/Los_Angeles"
    assert queries.calendar().is_working(date(2026, 10, 1)), "no holidays of another country"


@pytest.mark.shared_data
def test_los_angeles_is_set_up_from_the_outlines_of_its_councils(empty):
    from fengqiao.testing import shared_folder

    file = shared_folder() / "data" / "la_neighborhood_councils_2019.geojson"
    told = {"code": "970101", "name": "Los Angeles", "zone": "America/Los_Angeles", "code_property": "nc_id", "name_property": "name"}
    assert all("overlap" in sentence for sentence in sentences(district.read(file, told)))
    plan = district.read(file, told | {"overlaps": "yes"})
    assert sentences(plan) == []
    district.write(plan, NOON)
    assert len(queries.towns()) == 99


def test_the_command_checks_without_writing_and_then_writes(empty, tmp_path, tables, capsys):
    folder = files(tmp_path, tables, squares(*GRIDS))
    assert district.main([str(folder), "--check"]) == 0
    assert not models.District.objects.exists()
    assert district.main([str(folder), "--passwords", str(tmp_path / "first.txt")]) == 0
    assert "5 areas" in capsys.readouterr().out
    [_heading, line] = (tmp_path / "first.txt").read_text(encoding="utf-8-sig").splitlines()
    username, _name, password = line.split(",")
    assert models.Person.objects.get(username=username).check_password(password)
    assert (tmp_path / "first.txt").stat().st_mode & 0o077 == 0


def test_the_calendar_of_the_next_year_is_brought_in_without_a_release(db, tmp_path, capsys):
    file = tmp_path / "calendar.csv"
    file.write_text("日期,是否上班,说明\n2027-01-01,否,元旦\n2027-01-02,是,调休\n", encoding="utf-8")
    before = models.CalendarDay.objects.count()
    assert queries.calendar().is_working(date(2027, 1, 1))
    assert district.main([str(file), "--calendar"]) == 0
    assert not queries.calendar().is_working(date(2027, 1, 1))
    assert queries.calendar().is_working(date(2027, 1, 2))
    assert models.CalendarDay.objects.count() == before + 2
    file.write_text("日期,是否上班\n2027-02-30,否\n", encoding="utf-8")
    assert district.main([str(file), "--calendar"]) == 1


def test_the_command_names_mistakes_and_fails(empty, tmp_path, tables, capsys):
    tables["areas"][2][2] = ""
    assert district.main([str(files(tmp_path, tables))]) == 1
    assert "areas.csv" in capsys.readouterr().out


def test_a_square_of_a_hundredth_of_a_degree_is_about_a_square_kilometre():
    import shapely

    assert outlines.square_metres(shapely.box(119, 30, 119.01, 30.01)) == pytest.approx(1_070_000, rel=0.01)
