"""The consolidated file of the essential data: all years, checked, resumed, fetched once."""

import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from importers.downloads import Asked, Fetched
from importers.http import OnlineError, WrongContent
from importers.sources.decp.download import DATASET, DOWNLOAD
from tests.factories.publisher import (
    Publisher,
    Silent,
    file_reply,
    html_reply,
    json_reply,
    publishing,
)

API = f"https://www.data.gouv.fr/api/1/datasets/{DATASET}/"
BODY = b'{"marches": {"marche": [], "contrat-concession": []}}' + b" " * 200_000


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with publishing("www.data.gouv.fr", "static.data.gouv.fr") as publisher:
        yield publisher


def resource(title: str = "decp-global.json", **changes: Any) -> dict[str, Any]:
    """A resource as the API gives it."""
    return {
        "id": "bd33e98f-0000-4000-8000-000000000001",
        "title": title,
        "filetype": "file",
        "url": f"https://static.data.gouv.fr/resources/{DATASET}/20261127-151156/{title}",
        "filesize": len(BODY),
        "checksum": {"type": "sha1", "value": hashlib.sha1(BODY).hexdigest()},  # noqa: S324 - theirs
    } | changes


def published(publisher: Publisher, *resources: Any) -> None:
    publisher.on(API, json_reply({"id": DATASET, "resources": list(resources)}))


def fetch(publisher: Publisher, folder: Path) -> Fetched:
    with publisher.client(DOWNLOAD.access) as client:
        return DOWNLOAD.fetch(client, Asked(folder, date(2026, 11, 28)), Silent())


def test_the_file_of_all_years_is_taken_among_those_of_years_and_months(
    publisher: Publisher, tmp_path: Path
) -> None:
    others = ("decp-2026.json", "decp-2026-11.json", "decp.xml", "decp-global.json.gz")
    published(publisher, *(resource(title) for title in others), resource(), None)
    publisher.on(resource()["url"], file_reply(BODY))
    got = fetch(publisher, tmp_path)
    assert (got.path.name, got.path.read_bytes()) == ("decp-global.json", BODY)
    publisher.asked.clear()
    assert "déjà téléchargé" in fetch(publisher, tmp_path).said
    assert publisher.paths() == [API.removeprefix("https://www.data.gouv.fr")]


def test_a_cut_download_goes_on_where_it_stopped(publisher: Publisher, tmp_path: Path) -> None:
    published(publisher, resource())
    publisher.on(resource()["url"], file_reply(BODY, cut_after=70_000))
    assert fetch(publisher, tmp_path).path.read_bytes() == BODY
    assert [asked.headers.get("Range") for asked in publisher.asked[1:]] == [
        None,
        "bytes=70000-",
        "bytes=140000-",
    ]


def test_of_a_remote_file_the_stated_size_may_be_old(publisher: Publisher, tmp_path: Path) -> None:
    published(publisher, resource(filetype="remote", filesize=12, checksum=None))
    publisher.on(resource()["url"], file_reply(BODY))
    assert fetch(publisher, tmp_path).path.read_bytes() == BODY


@pytest.mark.parametrize(
    "changes", [{"filesize": 12}, {"checksum": {"type": "sha1", "value": "0"}}]
)
def test_a_file_that_is_not_what_is_stated_is_refused(
    changes: dict[str, Any], publisher: Publisher, tmp_path: Path
) -> None:
    published(publisher, resource(**changes))
    publisher.on(resource()["url"], file_reply(BODY))
    with pytest.raises(OnlineError):
        fetch(publisher, tmp_path)


def test_a_dataset_without_it_or_a_page_in_its_place_is_said(
    publisher: Publisher, tmp_path: Path
) -> None:
    published(publisher, resource("decp-2026.json"))
    with pytest.raises(WrongContent, match="ne liste aucun fichier du nom attendu"):
        fetch(publisher, tmp_path)
    published(publisher, resource())
    publisher.on(resource()["url"], html_reply("<html>Maintenance"))
    with pytest.raises(OnlineError):
        fetch(publisher, tmp_path)
