"""The notices of the BOAMP by day: complete days are kept, a broken export is noticed."""

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from importers.downloads import Asked, Fetched
from importers.http import Unreachable, WrongContent
from importers.sources.boamp.download import BASE, DOWNLOAD
from tests.factories.publisher import (
    Asked as Request,
)
from tests.factories.publisher import (
    Publisher,
    Reply,
    Silent,
    json_reply,
    publishing,
)

TODAY = date(2026, 11, 28)


class Boamp:
    """The API: notices by day, and exports that break."""

    def __init__(self) -> None:
        self.days = {"2026-11-20": 3, "2026-11-23": 2, "2026-11-27": 4}
        self.broken: dict[str, list[Reply]] = {}

    def lines(self, day: str) -> bytes:
        records = ({"idweb": f"26-{day[-2:]}{n}", "objet": "Tonte"} for n in range(self.of(day)))
        return b"".join(json.dumps(record).encode() + b"\n" for record in records)

    def of(self, day: str) -> int:
        return self.days.get(day, 0)

    def records(self, asked: Request) -> Reply:
        day = _day(asked)
        return json_reply({"total_count": self.of(day), "results": [{"idweb": "26-1"}]})

    def export(self, asked: Request) -> Reply:
        day = _day(asked)
        if self.broken.get(day):
            return self.broken[day].pop(0)
        return Reply(200, self.lines(day), {"Content-Type": "application/jsonl; charset=utf-8"})


def _day(asked: Request) -> str:
    first, last = re.findall(r"date'([\d-]+)'", asked.query["where"])
    assert first == last
    return str(first)


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with publishing("boamp-datadila.opendatasoft.com") as publisher:
        yield publisher


@pytest.fixture
def boamp(publisher: Publisher) -> Boamp:
    boamp = Boamp()
    publisher.answering(f"{BASE}/records", boamp.records)
    publisher.answering(f"{BASE}/exports/jsonl", boamp.export)
    return boamp


def fetch(
    publisher: Publisher, folder: Path, since: date | None = date(2026, 11, 20), today: date = TODAY
) -> Fetched:
    with publisher.client(DOWNLOAD.access) as client:
        return DOWNLOAD.fetch(client, Asked(folder, today, since), Silent())


def ids(path: Path) -> list[str]:
    return [json.loads(line)["idweb"] for line in path.read_text().splitlines()]


def exported(publisher: Publisher) -> list[str]:
    return [_day(asked)[-2:] for asked in publisher.asked if "exports" in asked.path]


EVERY = ["26-200", "26-201", "26-202", "26-230", "26-231", "26-270", "26-271", "26-272", "26-273"]


def test_the_days_since_a_date_make_one_file_oldest_first(
    publisher: Publisher, boamp: Boamp, tmp_path: Path
) -> None:
    got = fetch(publisher, tmp_path)
    assert (ids(got.path), got.missing) == (EVERY, ())
    assert got.path.name == "boamp-2026-11-20-2026-11-28.jsonl"
    assert got.said == "Avis du BOAMP du 20/11/2026 au 28/11/2026 (3 jours de parution)."


def test_complete_days_are_not_asked_again_and_recent_ones_are(
    publisher: Publisher, boamp: Boamp, tmp_path: Path
) -> None:
    fetch(publisher, tmp_path)
    publisher.asked.clear()
    boamp.days["2026-11-27"] = 5
    assert len(ids(fetch(publisher, tmp_path).path)) == len(EVERY) + 1
    assert exported(publisher) == ["27"]


def test_a_recent_day_is_asked_again_once_it_is_settled(
    publisher: Publisher, boamp: Boamp, tmp_path: Path
) -> None:
    fetch(publisher, tmp_path)
    boamp.days["2026-11-27"] = 6
    assert "26-275" in ids(fetch(publisher, tmp_path, today=date(2026, 12, 5)).path)


@pytest.mark.parametrize(
    "broken",
    [
        Reply(200, b'{"idweb": "26-230"}\n'),
        Reply(200, b'{"idweb": "26-230"}\nStreaming interrupted due to the following error: x'),
        Reply(200, b'{"idweb": "26-230"}\n{"idweb"'),
        Reply(400, b'{"error_code": "ODSQLError"}'),
    ],
)
def test_a_day_that_is_not_whole_ends_the_download_there(
    publisher: Publisher, boamp: Boamp, tmp_path: Path, broken: Reply
) -> None:
    boamp.broken = {"2026-11-23": [broken]}
    got = fetch(publisher, tmp_path)
    assert ids(got.path) == EVERY[:3]
    (missing,) = got.missing
    assert missing.startswith("du 23/11/2026 au 28/11/2026")
    publisher.asked.clear()
    assert ids(fetch(publisher, tmp_path).path) == EVERY
    assert exported(publisher) == ["23", "27"]


def test_an_export_that_is_cut_is_asked_again(
    publisher: Publisher, boamp: Boamp, tmp_path: Path
) -> None:
    boamp.broken = {"2026-11-20": [Reply(200, boamp.lines("2026-11-20"), cut_after=30)]}
    assert ids(fetch(publisher, tmp_path).path) == EVERY
    assert exported(publisher) == ["20", "20", "23", "27"]


def test_without_a_date_the_last_month_is_taken(
    publisher: Publisher, boamp: Boamp, tmp_path: Path
) -> None:
    boamp.days["2026-10-28"] = 1
    assert "du 29/10/2026" in fetch(publisher, tmp_path, since=None).said


def test_nothing_at_all_is_an_error(publisher: Publisher, tmp_path: Path) -> None:
    publisher.on(f"{BASE}/records", Reply(503))
    with pytest.raises(Unreachable):
        fetch(publisher, tmp_path)
    publisher.on(f"{BASE}/records", json_reply({"results": []}))
    with pytest.raises(WrongContent):
        fetch(publisher, tmp_path)


def test_a_long_way_back_goes_on_where_it_failed(
    publisher: Publisher, boamp: Boamp, tmp_path: Path
) -> None:
    boamp.days = {"2026-07-01": 1, "2026-08-01": 1}
    boamp.broken = {"2026-08-01": [Reply(404)]}
    assert fetch(publisher, tmp_path, since=date(2026, 6, 29)).missing
    publisher.asked.clear()
    assert len(ids(fetch(publisher, tmp_path, since=date(2026, 6, 29)).path)) == 2
    assert exported(publisher) == ["01"]


def test_files_of_before_are_cleaned(publisher: Publisher, boamp: Boamp, tmp_path: Path) -> None:
    for name in ("boamp-2026-01-01-2026-01-31.jsonl", "2026-01-02.jsonl", "2026-11-10.jsonl"):
        (tmp_path / name).write_bytes(b"")
    fetch(publisher, tmp_path)
    names = {path.name for path in tmp_path.iterdir()}
    assert "2026-11-10.jsonl" in names
    assert not {"boamp-2026-01-01-2026-01-31.jsonl", "2026-01-02.jsonl"} & names
    assert not [name for name in names if name.endswith((".new", ".part", ".json"))]
