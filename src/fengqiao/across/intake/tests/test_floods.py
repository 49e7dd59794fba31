"""What somebody does without a name is counted by address."""

from fengqiao.across.intake.tests.test_pages import walk


def test_following_and_asking_about_ones_data_are_slowed_like_reports_and_say_when_to_come_back(client, code, settings, seen):
    number = walk(client, f"/q/{code.token}/defect/0504/", "井盖翘起来了")["Location"].split("/")[2]
    settings.FENGQIAO_ANONYMOUS_REPORTS = 1
    (case,) = seen(number=number)
    for url, said in ((f"/follow/{case.id}/", {}), (f"/my-data/{number}/", {"wish": "copy"})):
        refused = client.post(url, said, headers={"accept": "text/html"})
        assert (refused.status_code, refused["Retry-After"]) == (429, "900")
