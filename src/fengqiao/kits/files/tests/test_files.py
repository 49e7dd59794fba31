"""Files: cleaned, hashed, bound once, read past a policy, dropped when nobody wanted them."""

import hashlib
import io
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from PIL import Image

from fengqiao.access.doors import form_token
from fengqiao.base.act import Act, Actor, ActorKind
from fengqiao.base.ids import new_id
from fengqiao.kits.files import policies, queries, services, sniffing, storage
from fengqiao.kits.files.jobs import reap
from fengqiao.kits.files.models import File
from fengqiao.people.yunxi.staff import DEMO_PASSWORD

AT = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
ORIENTATION, MAKE, GPS = 0x0112, 0x010F, 0x8825


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, settings):
    settings.FENGQIAO_FILES = tmp_path / "files"
    storage.store.cache_clear()
    yield
    storage.store.cache_clear()


@pytest.fixture(autouse=True)
def _no_policies(monkeypatch):
    monkeypatch.setattr(policies, "_readings", [])


def act(who: str = "zhang", at: datetime = AT) -> Act:
    return Act(id=new_id(), actor=Actor(ActorKind.PERSON, who, person=who), at=at)


def photo(format: str = "JPEG", size: tuple[int, int] = (400, 200), **options) -> bytes:
    picture = Image.new("RGB", size, "white")
    picture.paste("red", (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    picture.save(out, format, **options)
    return out.getvalue()


def tattling_photo() -> bytes:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[MAKE] = "Telltale Phones"
    exif[GPS] = {1: "N", 2: (30.0, 24.0, 0.0), 3: "E", 4: (119.0, 54.0, 0.0)}
    return photo(exif=exif.tobytes(), comment=b"taken at home")


def upload(body: bytes, name: str = "photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, body)


def stored(file: File) -> bytes:
    with storage.store().open(file.key) as stream:
        return stream.read()


def test_a_photo_is_kept_upright_and_tells_nothing_of_its_taker(db):
    body = tattling_photo()
    assert b"Telltale" in body
    file = services.keep(act(), upload(body))
    clean = stored(file)
    with Image.open(io.BytesIO(clean)) as picture:
        assert picture.size == (200, 400), "it was turned as the camera meant it"
        assert not picture.getexif()
        assert "comment" not in picture.info
    assert b"Telltale" not in clean
    assert b"taken at home" not in clean
    assert file.sha256 == hashlib.sha256(clean).hexdigest()
    assert file.size == len(clean)


@pytest.mark.parametrize("format", ["PNG", "WEBP"])
def test_other_pictures_lose_their_notes_too(db, format):
    exif = Image.Exif()
    exif[MAKE] = "Telltale Phones"
    file = services.keep(act(), upload(photo(format, exif=exif.tobytes()), "x"))
    assert b"Telltale" not in stored(file)
    assert file.type == f"image/{format.lower()}"


def test_a_thumb_is_small_and_a_huge_photo_is_made_smaller(db):
    file = services.keep(act(), upload(photo(size=(6000, 3000))))
    _file, stream = queries.read(act(), file.id, thumb=True)
    with stream, Image.open(stream) as thumb:
        assert max(thumb.size) == sniffing.THUMB
    with Image.open(io.BytesIO(stored(file))) as picture:
        assert max(picture.size) == sniffing.EDGE


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b"<html><script>alert(1)</script>", "photo.jpg"),
        (b"MZ\x90\x00 a program", "letter.pdf"),
        (b"<?xml version='1.0'?><svg onload='x'/>", "picture.png"),
        (b"\x00\x00\x00\x18ftypheic", "IMG_1.jpg"),
        (b"PK\x03\x04 nonsense", "list.xlsx"),
        (b"#!/bin/sh", "x"),
    ],
)
def test_what_a_file_is_called_does_not_matter_only_what_it_is(db, body, name):
    with pytest.raises(sniffing.UnknownType):
        services.keep(act(), upload(body, name))
    assert not File.objects.exists()


def test_a_picture_that_cannot_be_read_is_one_clear_error(db):
    with pytest.raises(sniffing.BrokenPicture):
        services.keep(act(), upload(photo()[:200]))
    with pytest.raises(sniffing.BrokenPicture):
        services.keep(act(), upload(b"\xff\xd8\xff nothing more"))


def test_a_picture_of_absurd_size_is_refused_before_it_is_unpacked(db, monkeypatch):
    monkeypatch.setattr(sniffing, "PIXELS", 1000)
    with pytest.raises(sniffing.BrokenPicture):
        services.keep(act(), upload(photo()))


def test_an_empty_file_and_one_too_large_are_refused(db, monkeypatch):
    with pytest.raises(sniffing.UnknownType):
        services.keep(act(), upload(b""))
    monkeypatch.setitem(sniffing.LIMITS, "application/pdf", 10)
    with pytest.raises(sniffing.TooLarge):
        services.keep(act(), upload(b"%PDF-1.7 and so on", "a.pdf"))


def test_an_office_file_is_known_by_its_parts_and_macros_are_refused(db):
    def office(*names: str) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as parts:
            for name in names:
                parts.writestr(name, "x")
        return out.getvalue()

    file = services.keep(act(), upload(office("[Content_Types].xml", "xl/workbook.xml"), "名单.xls"))
    assert file.name == "名单.xlsx"
    with pytest.raises(sniffing.UnknownType):
        services.keep(act(), upload(office("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"), "a.xlsx"))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\photos\\门口.JPG", "门口.jpg"),
        ("a\nb\0.png", "ab.jpg"),
        ("", "file.jpg"),
        ("....", "file.jpg"),
        ("x" * 300, "x" * 100 + ".jpg"),
    ],
)
def test_a_name_is_safe_anywhere(given, kept):
    assert services.file_name(given, "image/jpeg") == kept


class TestBinding:
    """From a file of somebody's to a file of a case."""

    def test_files_are_bound_in_the_order_given_with_what_the_event_records(self, db):
        one, two = (services.keep(act(), upload(photo(size=(10, height)))) for height in (10, 20))
        case = new_id()
        bound = services.bind(act(), [str(two.id), str(one.id)], case)
        assert [row["id"] for row in bound] == [str(two.id), str(one.id)]
        assert bound[0]["sha256"] == two.sha256
        assert {file.id for file in queries.of_case(case)} == {one.id, two.id}

    def test_binding_again_to_the_same_case_is_no_error_and_to_another_is(self, db):
        file, case = services.keep(act(), upload(photo())), new_id()
        services.bind(act(), [file.id], case)
        services.bind(act(), [file.id], case)
        with pytest.raises(services.FileMissing):
            services.bind(act(), [file.id], new_id())

    def test_nobody_binds_anothers_file(self, db):
        file = services.keep(act("zhang"), upload(photo()))
        with pytest.raises(services.FileMissing):
            services.bind(act("li"), [file.id], new_id())

    @pytest.mark.parametrize("ids", [["not-an-id"], [str(new_id())]])
    def test_a_file_that_is_not_there_cannot_be_bound(self, db, ids):
        with pytest.raises(services.FileMissing):
            services.bind(act(), ids, new_id())

    def test_an_act_that_fails_binds_nothing(self, db):
        file = services.keep(act(), upload(photo()))

        def bind_and_fail() -> None:
            with transaction.atomic():
                services.bind(act(), [file.id], new_id())
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            bind_and_fail()
        file.refresh_from_db()
        assert file.case_id is None

    def test_an_act_carries_a_handful_of_files(self, db):
        with pytest.raises(services.TooManyFiles):
            services.bind(act(), [new_id() for _each in range(21)], new_id())
        assert services.bind(act(), [], new_id()) == []


class TestReading:
    """Every byte that leaves passes a policy."""

    def test_an_unbound_file_is_only_its_senders(self, db):
        file = services.keep(act("zhang"), upload(photo()))
        queries.read(act("zhang"), file.id)[1].close()
        with pytest.raises(queries.NoSuchFile):
            queries.read(act("li"), file.id)

    def test_a_bound_file_is_read_as_the_policies_say_and_without_any_by_nobody(self, db):
        file, case = services.keep(act("zhang"), upload(photo())), new_id()
        services.bind(act("zhang"), [file.id], case)
        with pytest.raises(queries.NoSuchFile):
            queries.read(act("zhang"), file.id)
        policies.register(lambda asked, of: of == case and asked.actor.id == "li")
        queries.read(act("li"), file.id)[1].close()
        with pytest.raises(queries.NoSuchFile):
            queries.read(act("zhang"), file.id)

    def test_a_missing_file_sounds_like_a_forbidden_one(self, db):
        with pytest.raises(queries.NoSuchFile):
            queries.read(act(), new_id())


def test_what_nobody_bound_within_a_day_is_dropped_and_the_rest_stays(db):
    old = services.keep(act(at=AT - timedelta(hours=25)), upload(photo()))
    bound = services.keep(act(at=AT - timedelta(hours=25)), upload(photo()))
    fresh = services.keep(act(at=AT - timedelta(hours=1)), upload(photo()))
    services.bind(act(), [bound.id], new_id())
    assert reap(AT) == 1
    assert set(File.objects.values_list("id", flat=True)) == {bound.id, fresh.id}
    assert not storage.store().has(old.key)
    assert not storage.store().has(f"{old.key}.thumb")
    assert storage.store().has(bound.key)
    assert reap(AT) == 0


def test_a_store_refuses_to_overwrite_and_to_leave_its_folder(tmp_path):
    folder = storage.FolderStore(tmp_path)
    folder.put("abcd", [b"one"])
    with pytest.raises(FileExistsError):
        folder.put("abcd", [b"two"])
    with pytest.raises(ValueError, match="letters and digits"):
        folder.open("../abcd")
    folder.drop("abcd")
    folder.drop("abcd")
    assert not folder.has("abcd")


class TestDoor:
    """Sending and getting a file over HTTP."""

    def test_an_officer_sends_a_photo_and_sees_it_and_a_colleague_does_not(self, db):
        client, other = Client(), Client()
        client.post("/sign-in/", {"login": "grid", "password": DEMO_PASSWORD})
        other.post("/sign-in/", {"login": "grid2", "password": DEMO_PASSWORD})
        answer = client.post("/api/files", {"file": upload(tattling_photo(), "门口.jpg")})
        assert answer.status_code == 201
        file = answer.json()
        assert file["name"] == "门口.jpg"
        assert file["type"] == "image/jpeg"
        page = client.get(file["url"])
        assert page.status_code == 200
        assert page["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in page["Content-Security-Policy"]
        assert b"".join(page.streaming_content)[:3] == b"\xff\xd8\xff"
        assert client.get(file["thumb"]).status_code == 200
        assert other.get(file["url"]).status_code == 404

    def test_a_resident_sends_a_photo_with_the_token_of_the_form(self, db):
        token = form_token()
        answer = Client().post("/api/files", {"file": upload(photo())}, HTTP_X_FORM_TOKEN=token)
        assert answer.status_code == 201
        url = answer.json()["url"]
        assert Client().get(url, HTTP_X_FORM_TOKEN=token).status_code == 200
        assert Client().get(url).status_code == 404

    def test_a_pdf_is_saved_and_never_opened_in_our_name(self, db):
        client = Client()
        client.post("/sign-in/", {"login": "grid", "password": DEMO_PASSWORD})
        url = client.post("/api/files", {"file": upload(b"%PDF-1.7 hello", "order.pdf")}).json()["url"]
        assert client.get(url)["Content-Disposition"].startswith("attachment")

    def test_what_is_refused_is_a_problem_with_a_sentence(self, db):
        answer = Client(HTTP_ACCEPT_LANGUAGE="en").post("/api/files", {"file": upload(b"MZ program")}, HTTP_X_FORM_TOKEN=form_token())
        assert answer.status_code == 422
        assert answer.json()["code"] == "unknown_type"
        assert Client().post("/api/files", {}).status_code == 422


def test_nobody_heaps_up_files_that_belong_to_nothing(db, settings):
    settings.FENGQIAO_UNBOUND_FILES = 2
    for _each in range(2):
        services.keep(act(), upload(photo()))
    with pytest.raises(services.TooMuchUnbound):
        services.keep(act(), upload(photo()))
    assert services.keep(act("li"), upload(photo())).owner == "li"
    settings.FENGQIAO_UNBOUND_FILES, settings.FENGQIAO_UNBOUND_BYTES = 100, 10
    with pytest.raises(services.TooMuchUnbound):
        services.keep(act("wang"), upload(photo()))


def test_whoever_has_no_name_and_no_form_sends_no_file(db):
    assert Client().post("/api/files", {"file": upload(photo())}).status_code == 403
    assert Client().post("/api/files", {"file": upload(photo())}, headers={"X-Form-Token": form_token()}).status_code == 201


class TestFlood:
    """From one address only so much comes in without a name."""

    def send(self, address: str = "203.0.113.9", language: str = "en", client: Client | None = None):
        headers = {"X-Form-Token": form_token(), "Accept-Language": language}
        return (client or Client()).post("/api/files", {"file": upload(photo())}, headers=headers, REMOTE_ADDR=address)

    def test_one_address_is_slowed_with_one_sentence_and_told_when_to_come_back(self, db, settings):
        settings.FENGQIAO_ANONYMOUS_PHOTOS = 2
        assert [self.send().status_code for _each in range(3)] == [201, 201, 429]
        refused, chinese = self.send(), self.send(language="zh-hans")
        assert refused["Retry-After"] == "900"
        assert refused.json()["detail"].startswith("Too much was sent from this connection. Wait 15 minutes")
        assert "15" in chinese.json()["detail"]
        assert chinese.json()["detail"].startswith("此网络发送过多")
        assert File.objects.count() == 2

    def test_another_address_is_not_held_back_and_a_household_counts_as_one(self, db, settings):
        settings.FENGQIAO_ANONYMOUS_PHOTOS = 1
        assert self.send().status_code == 201
        assert self.send("203.0.113.10").status_code == 201
        assert self.send("2001:db8:1:2::1").status_code == 201
        assert self.send("2001:db8:1:2:ffff::9").status_code == 429
        assert self.send("2001:db8:1:3::1").status_code == 201

    def test_an_officer_is_not_counted_by_address(self, db, settings):
        settings.FENGQIAO_ANONYMOUS_PHOTOS = 0
        client = Client()
        client.post("/sign-in/", {"login": "grid", "password": DEMO_PASSWORD})
        assert self.send(client=client).status_code == 201

    def test_a_refused_file_counts_as_well(self, db, settings):
        settings.FENGQIAO_ANONYMOUS_PHOTOS = 1
        for status in (422, 429):
            answer = Client().post("/api/files", {"file": upload(b"MZ program")}, headers={"X-Form-Token": form_token()})
            assert answer.status_code == status
