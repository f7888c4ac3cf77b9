"""The SIAE of les emplois, by département and page: complete, or said to be partial."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from importers.downloads import Asked, Fetched
from importers.http import Unreachable
from importers.sources.siae.download import ADDRESS, DEPARTEMENTS, DOWNLOAD
from tests.factories.publisher import (
    Asked as Request,
)
from tests.factories.publisher import (
    Patience,
    Publisher,
    Reply,
    Silent,
    html_reply,
    json_reply,
    publishing,
)

TODAY = date(2026, 11, 28)
PAGE = 3


class Emplois:
    """The API: structures by département, pages of 3, and what goes wrong where."""

    def __init__(self) -> None:
        self.structures = {"59": 7, "2A": 1, "974": 3}
        self.broken: dict[str, list[Reply]] = {}
        self.counted: dict[str, int] = {}

    def __call__(self, asked: Request) -> Reply:
        code, page = asked.query["departement"], int(asked.query["page"])
        if self.broken.get(code):
            return self.broken[code].pop(0)
        items = [{"id": f"{code}-{n}", "type": "EI"} for n in range(self.structures.get(code, 0))]
        shown = items[(page - 1) * PAGE : page * PAGE]
        more = len(items) > page * PAGE
        return json_reply(
            {
                "count": self.counted.get(code, len(items)),
                "next": f"{ADDRESS}?departement={code}&page={page + 1}" if more else None,
                "previous": None,
                "results": shown,
            }
        )


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with publishing("emplois.inclusion.beta.gouv.fr") as publisher:
        yield publisher


@pytest.fixture
def emplois(publisher: Publisher) -> Emplois:
    emplois = Emplois()
    publisher.answering(ADDRESS, emplois)
    return emplois


def fetch(
    publisher: Publisher, folder: Path, today: date = TODAY, patience: Patience | None = None
) -> Fetched:
    with publisher.client(DOWNLOAD.access, patience) as client:
        return DOWNLOAD.fetch(client, Asked(folder, today), Silent())


def ids(path: Path) -> list[str]:
    return [json.loads(line)["id"] for line in path.read_text().splitlines()]


def asked(publisher: Publisher) -> list[str]:
    return [f"{a.query['departement']}/{a.query['page']}" for a in publisher.asked]


EVERY = ["2A-0", *(f"59-{n}" for n in range(7)), *(f"974-{n}" for n in range(3))]


def test_every_departement_is_asked_overseas_included() -> None:
    assert len(DEPARTEMENTS) == len(set(DEPARTEMENTS)) == 107
    assert {"01", "19", "2A", "2B", "21", "95", "971", "974", "976", "978"} <= set(DEPARTEMENTS)
    assert "20" not in DEPARTEMENTS


def test_all_pages_of_all_departements_make_one_file(
    publisher: Publisher, emplois: Emplois, tmp_path: Path
) -> None:
    patience = Patience()
    got = fetch(publisher, tmp_path, patience=patience)
    assert (sorted(ids(got.path)), got.missing) == (sorted(EVERY), ())
    assert [a for a in asked(publisher) if a.startswith("59/")] == ["59/1", "59/2", "59/3"]
    assert set(patience.slept) == {5.0}  # 12 requests a minute
    assert [path.name for path in tmp_path.iterdir()] == ["siae.jsonl"]


def test_a_download_that_was_cut_goes_on_where_it_stopped(
    publisher: Publisher, emplois: Emplois, tmp_path: Path
) -> None:
    emplois.broken = {code: [Reply(503)] * 5 for code in ("60", "61", "62")}
    first = fetch(publisher, tmp_path)
    assert first.missing[:2] == ("département 60", "département 61")
    assert "59-6" in ids(first.path)
    assert "974-0" not in ids(first.path)  # after 3 failures in a row, the service is down
    publisher.asked.clear()
    got = fetch(publisher, tmp_path, TODAY + timedelta(days=1))
    assert (sorted(ids(got.path)), got.missing) == (sorted(EVERY), ())
    assert asked(publisher)[0] == "60/1"
    assert [path.name for path in tmp_path.iterdir()] == ["siae.jsonl"]


def test_parts_that_are_too_old_are_asked_again(
    publisher: Publisher, emplois: Emplois, tmp_path: Path
) -> None:
    emplois.broken = {"95": [Reply(404)]}
    fetch(publisher, tmp_path)
    publisher.asked.clear()
    fetch(publisher, tmp_path, TODAY + timedelta(days=3))
    assert asked(publisher)[0] == "01/1"


@pytest.mark.parametrize(
    "reply",
    [Reply(400), html_reply("<h1>Erreur</h1>"), json_reply([1]), json_reply({"results": None})],
)
def test_one_departement_that_fails_makes_the_download_partial(
    publisher: Publisher, emplois: Emplois, tmp_path: Path, reply: Reply
) -> None:
    emplois.broken = {"59": [reply]}
    got = fetch(publisher, tmp_path)
    assert got.missing == ("département 59",)
    assert got.path.name == "siae-partiel.jsonl"
    assert {"2A-0", "974-2"} <= set(ids(got.path))


def test_a_service_that_repeats_its_page_is_noticed(
    publisher: Publisher, emplois: Emplois, tmp_path: Path
) -> None:
    same = {"count": 7, "next": ADDRESS, "results": [{"id": "59-0"}]}
    emplois.broken = {"59": [json_reply(same)] * 9}
    assert fetch(publisher, tmp_path).missing == ("département 59",)
    assert [a for a in asked(publisher) if a.startswith("59/")] == ["59/1", "59/2"]


def test_a_page_that_goes_missing_is_noticed_by_the_count(
    publisher: Publisher, emplois: Emplois, tmp_path: Path
) -> None:
    emplois.counted = {"59": 8}
    assert fetch(publisher, tmp_path).missing == ("département 59",)


def test_a_limit_is_waited_for(publisher: Publisher, emplois: Emplois, tmp_path: Path) -> None:
    emplois.broken = {"59": [Reply(429, headers={"Retry-After": "42"})] * 2}
    patience = Patience()
    assert fetch(publisher, tmp_path, patience=patience).missing == ()
    assert patience.slept.count(42.0) == 2


def test_a_service_that_asks_for_a_long_pause_is_left_alone(
    publisher: Publisher, emplois: Emplois, tmp_path: Path
) -> None:
    emplois.broken = {"59": [Reply(429, headers={"Retry-After": "3600"})]}
    got = fetch(publisher, tmp_path)
    assert (asked(publisher)[-1], "attendre 60 minutes" in got.said) == ("59/1", True)
    assert got.missing[0] == "département 59"


def test_a_service_that_is_down_from_the_start_is_said(
    publisher: Publisher, tmp_path: Path
) -> None:
    publisher.on(ADDRESS, Reply(503))
    with pytest.raises(Unreachable, match="503"):
        fetch(publisher, tmp_path)
    assert len(publisher.asked) == 15


def test_a_damaged_start_is_a_new_start(
    publisher: Publisher, emplois: Emplois, tmp_path: Path
) -> None:
    parts: Any = tmp_path / "en-cours"
    parts.mkdir()
    (parts / "debut").write_text("hier")
    (parts / "59.jsonl").write_text('{"id": "old"}\n')
    assert "old" not in ids(fetch(publisher, tmp_path).path)
