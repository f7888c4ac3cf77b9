"""The notices of TED by day: the token is followed, complete days are kept, a cut day goes on."""

import json
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from importers.downloads import Asked, Fetched
from importers.http import OnlineError, Unreachable, WrongContent
from importers.sources.ted.download import DOWNLOAD, SEARCH
from tests.factories.publisher import Asked as Request
from tests.factories.publisher import Publisher, Reply, Silent, file_reply, json_reply, publishing

TODAY = date(2026, 11, 28)
DAYS = {"20261120": ["1-2026", "2-2026", "3-2026"], "20261127": ["8-2026"]}


class Ted:
    """The search, two notices a page, whose token still comes with the last page; and the site."""

    def __init__(self, publisher: Publisher) -> None:
        self.days = {day: list(numbers) for day, numbers in DAYS.items()}
        self.questions: list[dict[str, Any]] = []
        self.failing: set[str] = set()
        self.lost = 0
        publisher.answering(SEARCH, self.search)
        for numbers in (*DAYS.values(), ["9-2026"]):
            for number in numbers:
                address = f"https://ted.europa.eu/en/notice/{number}/xml"
                publisher.answering(address, self.notice)

    def search(self, asked: Request) -> Reply:
        question = json.loads(asked.body)
        self.questions.append(question)
        day = question["query"].split("publication-date=")[1][:8]
        numbers = self.days.get(day, [])
        start = int(question.get("iterationNextToken") or 0)
        notices = [
            {
                "publication-number": number,
                "links": {"xml": {"MUL": f"https://ted.europa.eu/en/notice/{number}/xml"}},
            }
            for number in numbers[start : start + 2]
        ]
        return json_reply(
            {
                "notices": notices,
                "totalNoticeCount": len(numbers) + self.lost,
                "iterationNextToken": str(start + 2) if numbers else None,
                "timedOut": False,
            }
        )

    def notice(self, asked: Request) -> Reply:
        number = asked.path.split("/")[3]
        if number in self.failing:
            return Reply(503, b"")
        return file_reply(f"<notice>{number}</notice>".encode())


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with publishing("api.ted.europa.eu", "ted.europa.eu") as publisher:
        yield publisher


@pytest.fixture
def ted(publisher: Publisher) -> Ted:
    return Ted(publisher)


def fetch(publisher: Publisher, folder: Path, since: date = date(2026, 11, 20)) -> Fetched:
    with publisher.client(DOWNLOAD.access) as client:
        return DOWNLOAD.fetch(client, Asked(folder, TODAY, since), Silent())


def names(fetched: Fetched) -> list[str]:
    with zipfile.ZipFile(fetched.path) as archive:
        return archive.namelist()


def brought(publisher: Publisher) -> list[str]:
    return [path.split("/")[3] for path in publisher.paths() if path.startswith("/en/notice/")]


def test_the_days_since_a_date_make_one_zip(publisher: Publisher, ted: Ted, tmp_path: Path) -> None:
    got = fetch(publisher, tmp_path)
    assert names(got) == ["1-2026.xml", "2-2026.xml", "3-2026.xml", "8-2026.xml"]
    assert got.missing == ()
    assert got.said == "Avis de TED d'acheteurs français du 20/11/2026 au 28/11/2026 : 4."
    first = ted.questions[0]
    assert first["query"].startswith("buyer-country=FRA AND publication-date=20261120")
    assert (first["paginationMode"], first["limit"]) == ("ITERATION", 250)


def test_complete_days_are_not_asked_again_and_the_zip_is_the_same(
    publisher: Publisher, ted: Ted, tmp_path: Path
) -> None:
    before = fetch(publisher, tmp_path).path.read_bytes()
    publisher.asked.clear()
    ted.questions.clear()
    assert fetch(publisher, tmp_path).path.read_bytes() == before
    asked = {question["query"].split("=")[2][:8] for question in ted.questions}
    assert asked == {"20261126", "20261127", "20261128"}
    assert brought(publisher) == []


def test_a_day_that_was_cut_goes_on_where_it_stopped(
    publisher: Publisher, ted: Ted, tmp_path: Path
) -> None:
    ted.failing = {"3-2026"}
    with pytest.raises(Unreachable):
        fetch(publisher, tmp_path)
    ted.failing.clear()
    publisher.asked.clear()
    assert len(names(fetch(publisher, tmp_path))) == 4
    assert brought(publisher) == ["3-2026", "8-2026"]


def test_days_before_one_that_fails_are_given(
    publisher: Publisher, ted: Ted, tmp_path: Path
) -> None:
    ted.failing = {"8-2026"}
    got = fetch(publisher, tmp_path)
    assert names(got) == ["1-2026.xml", "2-2026.xml", "3-2026.xml"]
    assert got.missing[0].startswith("du 27/11/2026 au 28/11/2026")


def test_a_day_that_lacks_notices_is_refused(
    publisher: Publisher, ted: Ted, tmp_path: Path
) -> None:
    ted.lost = 1
    with pytest.raises(WrongContent, match="TED annonce 4 avis"):
        fetch(publisher, tmp_path)


@pytest.mark.parametrize(
    "answer",
    [
        Reply(200, b"{"),
        json_reply([]),
        json_reply({"notices": "x", "totalNoticeCount": 1}),
        json_reply({"notices": [1], "totalNoticeCount": 1}),
        json_reply({"notices": [], "totalNoticeCount": None}),
        json_reply({"notices": [], "totalNoticeCount": 0, "timedOut": True}),
        json_reply({"notices": [{"publication-number": "../../x"}], "totalNoticeCount": 1}),
        json_reply({"message": "query"}, status=400),
        Reply(307, b"", {"Location": "https://ted.europa.eu/"}),
    ],
)
def test_another_answer_is_refused(publisher: Publisher, answer: Reply, tmp_path: Path) -> None:
    publisher.on(SEARCH, answer)
    with pytest.raises(OnlineError):
        fetch(publisher, tmp_path)
    assert not list(tmp_path.glob("ted-*.zip"))


def test_an_address_elsewhere_is_not_followed(publisher: Publisher, tmp_path: Path) -> None:
    notice = {"publication-number": "1-2026", "links": {"xml": {"MUL": "https://192.0.2.1/x"}}}
    publisher.on(SEARCH, json_reply({"notices": [notice], "totalNoticeCount": 1}))
    with pytest.raises(OnlineError, match="rien n'y a été demandé"):
        fetch(publisher, tmp_path)
