"""Setting up a district from files: what is found before anything is written, and what is written."""

from datetime import date, time

import pytest
from openpyxl import Workbook

from fengqiao.people import coordinates, district, posts, queries
from fengqiao.people.district import templates, writing
from fengqiao.people.terms import Kind
from fengqiao.people.tests.conftest import NOON
from fengqiao.people.tests.districts import GRIDS, any_post, empty, files, sentences, squares, tables

__all__ = ["any_post", "empty", "tables"]


def test_good_files_are_found_good(tmp_path, tables):
    plan = district.read(files(tmp_path, tables, squares(*GRIDS)))
    assert sentences(plan) == []
    assert plan.areas["980101001001001"]["parent"] == "980101001001"
    assert plan.appointments[1]["until"] == date(2027, 1, 1)
    assert plan.days == {date(2026, 12, 24): (False, "Trial day")}
    assert plan.hours == [(time(9), time(17))]


@pytest.mark.parametrize(
    ("table", "row", "column", "cell", "sentence"),
    [
        ("areas", 3, 0, "98010100100X", "areas.csv, row 4, column “code”: “98010100100X” may hold digits only."),
        ("areas", 4, 0, "980101001001001", "areas.csv, row 5, column “code”: 980101001001001 stands already in row 4."),
        ("areas", 1, 0, "98010100", "areas.csv, row 2, column “code”: the code of a Town or street has 9 digits; “98010100” has 8."),
        ("areas", 1, 0, "980102001", "areas.csv, row 2, column “code”: “980102001” must begin with the code of its parent, 980101."),
        ("areas", 2, 1, "hamlet", "areas.csv, row 3, column “level”: “hamlet” is not known here; choose one of province, city, "
         "district, town, village, grid, microgrid, building."),
        ("areas", 2, 2, "", "areas.csv, row 3, column “name”: this cell may not be empty."),
        ("organisations", 1, 2, "club", "organisations.csv, row 2, column “kind”: “club” is not known here; choose one of "
         + ", ".join(Kind) + "."),
        ("organisations", 1, 3, "980101009", "organisations.csv, row 2, column “area”: there is no area 980101009."),
        ("organisations", 2, 4, "980101001, 77", "organisations.csv, row 3, column “serves”: there is no area 77."),
        ("organisations", 2, 4, "980101001, 980101001001, 980101001001001, 980101, 980101001001003",
         "organisations.csv, row 3, column “serves”: at most 4 areas that lie apart; split the organisation or name one larger area."),
        ("staff", 1, 4, "nowhere", "staff.csv, row 2, column “organisation”: there is no organisation nowhere."),
        ("staff", 1, 6, "yesterday", "staff.csv, row 2, column “since”: “yesterday” is no date; write it like 2026-11-25."),
        ("staff", 2, 7, "2026-01-05", "staff.csv, row 3, column “until”: must be later than the first day."),
        ("staff", 2, 1, "乙", "staff.csv, row 3, column “name”: the account one belongs to 甲 in row 2."),
        ("staff", 2, 3, "town_dispatcher",
         "staff.csv, row 3, column “since”: the same appointment stands in row 2 for some of these days."),
        ("staff", 2, 3, "no post", "staff.csv, row 3, column “post”: there is no post “no post”."),
        ("calendar", 1, 1, "maybe", "calendar.csv, row 2, column “working”: “maybe” is neither yes nor no."),
        ("hours", 1, 1, "8:00", "hours.csv, row 2, column “closes”: must be later than the opening."),
        ("district", 1, 3, "Mars/Olympus",
         "district.csv, row 2, column “zone”: “Mars/Olympus” is no time zone; write it like Asia/Shanghai."),
    ],
)  # fmt: skip
def test_every_mistake_is_one_sentence_with_file_row_and_column(tmp_path, tables, table, row, column, cell, sentence):
    tables[table][row][column] = cell
    assert sentence in sentences(district.read(files(tmp_path, tables)))


def test_a_roster_is_checked_and_written(empty, tmp_path, tables):
    tables["staff"].append(["two", "乙", "", "town_dispatcher", "room", "", "2026-01-01", ""])
    tables["roster"] = [
        ["organisation", "post", "username", "starts", "ends", "substitute"],
        ["room", "town_dispatcher", "one", "2026-11-25 08:00", "2026-11-25 20:00", "two"],
        ["room", "town_dispatcher", "one", "2026-11-25 19:00", "2026-11-26 08:00", ""],
        ["room", "town_dispatcher", "three", "2026-11-25", "soon", ""],
    ]
    assert sentences(district.read(files(tmp_path, tables))) == [
        "roster.csv, row 3, column “starts”: this person already has duty then, in row 2.",
        "roster.csv, row 4, column “username”: there is no account three in the staff table.",
        "roster.csv, row 4, column “ends”: “soon” is no date and time; write it like 2026-11-25 08:00.",
    ]
    tables["roster"] = tables["roster"][:2]
    for _again in range(2):
        district.write(district.read(files(tmp_path, tables)), NOON)
    [row] = queries.on_duty(queries.organisation_by_code("room").id, "town_dispatcher", NOON)
    assert (row.name, row.substitute_for) == ("乙", "甲")
    tables["roster"][1][3:] = ["2026-11-25 09:00", "2026-11-25 20:00", ""]
    with pytest.raises(writing.MeetsRoster):
        district.write(district.read(files(tmp_path, tables)), NOON)


def test_a_missing_column_is_named(tmp_path, tables):
    tables["areas"] = [row[:2] for row in tables["areas"]]
    assert "areas.csv, row 1, column “name”: this column is missing." in sentences(district.read(files(tmp_path, tables)))


def test_parents_that_go_round_in_a_circle_are_found(tmp_path, tables):
    tables["organisations"] = [
        ["code", "name", "kind", "area", "parent"],
        ["a", "A", "department", "980101", "b"],
        ["b", "B", "department", "980101", "a"],
        ["c", "C", "department", "980101", "c"],
    ]
    tables["staff"] = tables["staff"][:1]
    found = sentences(district.read(files(tmp_path, tables)))
    assert len([sentence for sentence in found if "circle" in sentence]) == 2
    assert "organisations.csv, row 4, column “parent”: an organisation cannot be its own parent." in found


def test_a_workbook_with_chinese_headings_and_codes_kept_as_numbers_is_read(tmp_path, tables):
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, headings, rows in (
        ("区县", ["代码", "名称", "时区"], [[980101, "试验区", "Asia/Shanghai"]]),
        ("区域", ["代码", "层级", "名称"], [[980101001, "街道", "甲街道"], [980101001001, "村社", "乙社区"]]),
        ("机构", ["代码", "名称", "类型", "所属区域"], [["room", "指挥室", "指挥室", 980101001]]),
        ("人员", ["账号", "姓名", "岗位", "所属机构", "任职起"], [["one", "甲", "town_dispatcher", "room", date(2026, 1, 1)]]),
    ):
        sheet = book.create_sheet(title)
        sheet.append(headings)
        for row in rows:
            sheet.append(row)
    book.save(tmp_path / "d.xlsx")
    plan = district.read(tmp_path / "d.xlsx")
    assert sentences(plan) == []
    assert list(plan.areas) == ["980101001", "980101001001", "980101"]
    assert plan.appointments[0]["since"] == date(2026, 1, 1)


def test_a_table_in_the_old_chinese_encoding_is_read(tmp_path, tables):
    files(tmp_path, tables)
    text = (tmp_path / "areas.csv").read_text(encoding="utf-8")
    (tmp_path / "areas.csv").write_bytes(text.encode("gb18030"))
    assert district.read(tmp_path).areas["980101001"]["name"] == "甲街道"


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("areas.xlsx", b"no workbook", "workbook"),
        ("ground.geojson", b"{", "not JSON"),
        ("ground.geojson", b"[]", "FeatureCollection"),
        ("areas.csv", b"\xff\xfe\x00\xd8", "UTF-8"),
    ],
)
def test_a_broken_file_is_one_sentence_and_no_crash(tmp_path, name, content, word):
    (tmp_path / name).write_bytes(content)
    assert [sentence for sentence in sentences(district.read(tmp_path)) if name in sentence and word in sentence]


def test_nothing_at_all_is_said_clearly(tmp_path):
    assert [sentence for sentence in sentences(district.read(tmp_path / "nowhere")) if "no such file" in sentence]
    assert [sentence for sentence in sentences(district.read(tmp_path)) if "no table" in sentence]


def test_outlines_that_overlap_are_found_with_their_names_and_square_metres(tmp_path, tables):
    plan = district.read(files(tmp_path, tables, squares(*GRIDS, shift=0.005)))
    [sentence] = sentences(plan)
    assert sentence.startswith("ground.geojson, feature 2: 第1网格 and 第2网格 overlap by ")


def test_a_small_overlap_is_only_a_note(tmp_path, tables):
    plan = district.read(files(tmp_path, tables, squares(*GRIDS, shift=0.00999)))
    assert plan.sound
    assert [sentence for sentence in sentences(plan, grave=False) if "overlap" in sentence]


def test_a_grid_that_leaks_out_of_its_village_and_a_gap_inside_it_are_found(tmp_path, tables):
    ground = squares(*GRIDS)
    village = squares("980101001001")["features"][0]
    village["geometry"]["coordinates"] = [[[118.99, 30.0], [119.01, 30.0], [119.01, 30.01], [118.99, 30.01], [118.99, 30.0]]]
    ground["features"].append(village)
    plan = district.read(files(tmp_path, tables, ground))
    assert [sentence for sentence in sentences(plan) if "第2网格 leaks out of 乙社区" in sentence]
    assert [sentence for sentence in sentences(plan, grave=False) if "of 乙社区 belong to none of its parts" in sentence]


def test_parents_without_outline_are_the_sum_of_their_parts(tmp_path, tables):
    plan = district.read(files(tmp_path, tables, squares(*GRIDS)))
    assert set(plan.shapes) == {*GRIDS, "980101001001", "980101001", "980101"}
    whole = plan.shapes["980101"].shape
    assert whole.area == pytest.approx(0.0002)


@pytest.mark.parametrize("system", ["GCJ02", "BD09", "urn:ogc:def:crs:EPSG::4490"])
def test_outlines_of_any_chinese_map_are_straightened(tmp_path, tables, system):
    straight = district.read(files(tmp_path, tables, squares(*GRIDS)))
    bent = squares(*GRIDS, system=system)
    kind = coordinates.System.CGCS2000 if "4490" in system else coordinates.System(system)
    for feature in bent["features"]:
        [ring] = feature["geometry"]["coordinates"]
        feature["geometry"]["coordinates"] = [[coordinates.from_wgs84(tuple(corner), kind) for corner in ring]]
    plan = district.read(files(tmp_path, tables, bent))
    for code in GRIDS:
        assert plan.shapes[code].shape.hausdorff_distance(straight.shapes[code].shape) < 1e-8


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (
            lambda f: f["geometry"].update(coordinates=[[[500000, 3300000], [500001, 3300000], [500001, 3300001], [500000, 3300000]]]),
            "metres",
        ),
        (lambda f: f["geometry"].update(type="Point", coordinates=[119, 30]), "neither a polygon"),
        (lambda f: f["geometry"].update(coordinates="x"), "cannot be read"),
        (lambda f: f["properties"].update(code="1"), "no area 1"),
        (lambda f: f["properties"].clear(), "no code"),
        (lambda f: f["properties"].update(code=GRIDS[1]), "already drawn"),
    ],
)
def test_an_outline_that_cannot_be_used_is_one_sentence_with_its_number(tmp_path, tables, change, word):
    ground = squares(*GRIDS)
    change(ground["features"][0])
    found = [sentence for sentence in sentences(district.read(files(tmp_path, tables, ground))) if word in sentence]
    assert len(found) == 1
    assert found[0].startswith("ground.geojson, feature ")


def test_a_border_that_crosses_itself_is_mended_and_said(tmp_path, tables):
    ground = squares(*GRIDS)
    ground["features"][0]["geometry"]["coordinates"] = [[[119, 30], [119.01, 30.01], [119.01, 30], [119, 30.01], [119, 30]]]
    plan = district.read(files(tmp_path, tables, ground))
    assert plan.shapes[GRIDS[0]].shape.is_valid
    assert [sentence for sentence in sentences(plan, grave=False) if "crosses itself" in sentence]


def test_the_template_that_is_written_out_is_a_good_district(tmp_path):
    written = templates.write_templates(tmp_path / "t")
    assert [file.name for file in written] == ["district.xlsx", "outlines.geojson"]
    assert sentences(district.read(tmp_path / "t")) == []
    with pytest.raises(FileExistsError):
        templates.write_templates(tmp_path / "t")


def test_a_post_that_the_house_does_not_know_is_found(tmp_path, tables):
    posts.know_posts(lambda: {"town_dispatcher": "town_dispatcher", "综合窗口受理员": "intake_clerk"})
    tables["staff"][2][3] = "综合窗口受理员"
    assert sentences(district.read(files(tmp_path, tables))) == []
    tables["staff"][2][3] = "king"
    assert sentences(district.read(files(tmp_path, tables))) == ["staff.csv, row 3, column “post”: there is no post “king”."]


def test_a_telephone_number_is_masked():
    assert writing.masked("13912345678") == "139****5678"
    assert writing.masked("12345") == "****"
    assert writing.masked("") == ""
