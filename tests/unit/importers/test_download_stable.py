"""Sirene and ESS France on data.gouv.fr: one resource, found by its identifier, kept while new."""

import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importers.downloads import Asked, Download, Fetched
from importers.http import ForbiddenAddress, OnlineError, WrongContent
from importers.sources.ess_france import download as ess
from importers.sources.sirene import download as sirene
from tests.factories.publisher import Publisher, Reply, Silent, file_reply, json_reply, publishing

HOST = "https://object.files.data.gouv.fr"
ZIP = b"PK\x03\x04" + b"x" * 1_000
CSV = b"SIREN,Famille\n5720610,Associations\n"


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with publishing("www.data.gouv.fr", "object.files.data.gouv.fr") as publisher:
        yield publisher


def resource(identifier: str, url: str, **changes: Any) -> dict[str, Any]:
    """A resource that stands elsewhere, as the API gives it: its size is that of last month."""
    return {
        "id": identifier,
        "title": "Sirene : Fichier StockEtablissement du 01 Novembre 2026",
        "filetype": "remote",
        "filesize": 12,
        "checksum": None,
        "last_modified": "2026-11-01T07:46:43",
        "url": url,
    } | changes


def lists(publisher: Publisher, dataset: str, *resources: Any) -> None:
    publisher.on(
        f"https://www.data.gouv.fr/api/1/datasets/{dataset}/",
        json_reply({"id": dataset, "resources": list(resources)}),
    )


def fetch(publisher: Publisher, how: Download, folder: Path) -> Fetched:
    with publisher.client(how.access) as client:
        return how.fetch(client, Asked(folder, date(2026, 11, 28)), Silent())


CASES = [
    (sirene.DOWNLOAD, sirene.DATASET, sirene.STOCK, ZIP, "StockEtablissement_utf8.zip"),
    (ess.DOWNLOAD, ess.DATASET, ess.LIST, CSV, "entreprises-ess.csv"),
]


@pytest.mark.parametrize(("how", "dataset", "identifier", "body", "name"), CASES)
def test_the_resource_is_found_by_its_identifier_and_kept_while_it_is_new(
    publisher: Publisher,
    tmp_path: Path,
    how: Download,
    dataset: str,
    identifier: str,
    body: bytes,
    name: str,
) -> None:
    url = f"{HOST}/{name}"
    other = resource("88fbb6b4-0320-443e-b739-b4376a012c32", f"{HOST}/other.zip")
    lists(publisher, dataset, other, None, {"id": identifier}, resource(identifier, url))
    publisher.on(url, file_reply(body))
    got = fetch(publisher, how, tmp_path)
    assert (got.path.name, got.path.read_bytes()) == (name, body)
    assert "2026-11-01" in got.said
    assert "déjà" in fetch(publisher, how, tmp_path).said
    publisher.on(url, file_reply(body + b"more"))
    assert fetch(publisher, how, tmp_path).path.read_bytes() == body + b"more"


@pytest.mark.parametrize(("how", "dataset", "identifier", "body", "name"), CASES)
def test_a_dataset_without_the_resource_is_said(
    publisher: Publisher,
    tmp_path: Path,
    how: Download,
    dataset: str,
    identifier: str,
    body: bytes,
    name: str,
) -> None:
    lists(publisher, dataset, resource("another", f"{HOST}/{name}"))
    with pytest.raises(WrongContent, match=identifier):
        fetch(publisher, how, tmp_path)


@pytest.mark.parametrize(
    ("url", "reply", "error"),
    [
        (f"{HOST}/stock.zip", Reply(200, b"<html>maintenance</html>"), WrongContent),
        ("https://elsewhere.example/stock.zip", Reply(200, ZIP), ForbiddenAddress),
        ("http://www.data.gouv.fr/stock.zip", Reply(200, ZIP), ForbiddenAddress),
    ],
)
def test_what_is_no_stock_is_not_taken(
    publisher: Publisher, tmp_path: Path, url: str, reply: Reply, error: type[Exception]
) -> None:
    lists(publisher, sirene.DATASET, resource(sirene.STOCK, url))
    publisher.on(url, reply)
    with pytest.raises(error):
        fetch(publisher, sirene.DOWNLOAD, tmp_path)
    assert not (tmp_path / "StockEtablissement_utf8.zip").exists()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 10) | st.sampled_from(["sha1", "", "é"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)
RESOURCES = st.lists(
    st.fixed_dictionaries(
        {"id": JSON | st.just(ess.LIST)},
        optional={
            "title": JSON,
            "url": JSON | st.text(max_size=20) | st.just(f"{HOST}/x"),
            "filetype": JSON | st.just("remote"),
            "filesize": JSON,
            "checksum": JSON | st.fixed_dictionaries({"type": JSON, "value": JSON}),
            "last_modified": JSON | st.just("2026-11-01"),
        },
    ),
    max_size=3,
)


@pytest.fixture(scope="module")
def server() -> Iterator[Publisher]:
    with publishing("www.data.gouv.fr", "object.files.data.gouv.fr") as publisher:
        yield publisher


@given(answer=JSON | st.fixed_dictionaries({"resources": JSON | RESOURCES}))
def test_whatever_the_dataset_says_the_answer_is_a_file_or_an_error_of_ours(
    server: Publisher, answer: Any
) -> None:
    server.on(f"https://www.data.gouv.fr/api/1/datasets/{ess.DATASET}/", json_reply(answer))
    server.on(f"{HOST}/x", file_reply(CSV))
    with tempfile.TemporaryDirectory() as folder, suppress(OnlineError):
        assert fetch(server, ess.DOWNLOAD, Path(folder)).path.read_bytes() == CSV
